import { until } from '@corridor/testkit/until';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { existingPayment } from './payments.queries.ts';
import { partsOf } from './payout-parts.ts';
import { type SandboxedTwin, startSandboxedTwin } from './sandboxed-twin.fixture.ts';

const sideOf = ({ twin }: SandboxedTwin) => {
  const { payments } = twin.twin;
  if (payments === null) throw new Error('the twin has no payment rail');
  return payments;
};

/** Income without orders: money of the opening balances goes to a principal, in both books. */
async function earn(world: SandboxedTwin, principalId: string, amountFen: bigint): Promise<void> {
  const { twin } = world;
  const before = await twin.db.query("select 1 from account where account_id = $1 and kind = 'INCOME'", [`${principalId}_income`]);
  expect(before.rows).toHaveLength(1);
  await twin.db.query(
    `insert into transfer (platform_id, key, kind, debit_account_id, credit_account_id, amount_fen, at, batch_no)
     values ('PF', $1, 'CORRECTION', 'C1_prepaid', $2, $3, now(), 1)`,
    [`test:${principalId}`, `${principalId}_income`, amountFen],
  );
}

async function openingsTold({ twin }: SandboxedTwin): Promise<void> {
  await until('the rail knows the opening balances', 30_000, async () => {
    const { rows } = await twin.db.query("select 1 from payment where state = 'CONFIRMED' and provider_ref is null");
    return rows.length === 0 ? true : null;
  });
}

const fenOn = async ({ twin }: SandboxedTwin, accountId: string) => {
  const { rows } = await twin.db.query<{ balance_fen: string }>('select balance_fen from account where account_id = $1', [accountId]);
  return BigInt(rows[0]?.balance_fen ?? 0);
};

it('is paid by the rail out of what came in, and booked once, with the callback or without', async () => {
  await using world = await startSandboxedTwin({ seed: 3, lostRatio: 0.5, doubledRatio: 0.5 });
  await openingsTold(world);
  await earn(world, 'SO1', 50_000n);
  const { payouts } = sideOf(world);
  const railFen = await fenOn(world, 'RAIL_sandbox');
  const ask = { statementId: 'ST-1', receiver: 'SO1', amountFen: 42_000n, requestedBy: 'settlement' };
  expect(await payouts.payOut(ask)).toMatchObject({ payment_id: 'payout:ST-1', state: 'REQUESTED', statement_id: 'ST-1' });
  expect(await payouts.payOut(ask)).toMatchObject({ payment_id: 'payout:ST-1' });
  await expect(payouts.payOut({ ...ask, amountFen: 1n })).rejects.toMatchObject({ code: 'KEY_USED_WITH_OTHER_AMOUNT' });
  await expect(payouts.payOut({ ...ask, receiver: 'SO2' })).rejects.toMatchObject({ code: 'KEY_USED_WITH_OTHER_AMOUNT' });
  await world.stateOf('payout:ST-1', 'CONFIRMED');
  expect(await payouts.payOut(ask)).toMatchObject({ state: 'CONFIRMED', direction: 'PAYOUT', requested_by: 'settlement' });
  expect([await fenOn(world, 'SO1_income'), (await fenOn(world, 'RAIL_sandbox')) - railFen]).toEqual([8_000n, 42_000n]);
  expect(await world.transfers('payout:ST-1')).toBe(1);
});

it('ends as failed when the rail refuses it for good, and is begun anew when that is mended', async () => {
  await using world = await startSandboxedTwin({ seed: 5, doubledRatio: 0.5 });
  await openingsTold(world);
  await earn(world, 'SO1', 50_000n);
  world.rail.closeAccounts(['sandbox-SO1']);
  const { payouts } = sideOf(world);
  await payouts.payOut({ statementId: 'ST-4', receiver: 'SO1', amountFen: 42_000n, requestedBy: 'settlement' });
  await world.stateOf('payout:ST-4', 'FAILED');
  expect(await world.payment('payout:ST-4')).toMatchObject({ detail: 'ACCOUNT_ABNORMAL', statementId: 'ST-4', direction: 'PAYOUT' });
  expect([await fenOn(world, 'SO1_income'), await world.transfers('payout:ST-4')]).toEqual([50_000n, 0]);
  const alarms = async () =>
    ((await world.twin.get('/api/v1/alarms?open=true')).body as { items: { code: string }[] }).items.filter(
      ({ code }) => code === 'PAYOUT_FAILED',
    );
  const args = { statementId: 'ST-4', reason: 'ACCOUNT_ABNORMAL' };
  expect(await alarms()).toMatchObject([
    { scopeId: 'SO1_income', level: 2, state: 'UNACKNOWLEDGED', args, acts: ['ACKNOWLEDGE', 'SHELVE'] },
  ]);
  const retry = (as = 'PF') => world.twin.post('/api/v1/payments/payout:ST-4/retry', {}, as);
  expect(await retry('SO1')).toMatchObject({ status: 403 });
  world.rail.closeAccounts([]);
  expect(await retry()).toMatchObject({ status: 200, body: { state: 'REQUESTED', detail: null } });
  await world.stateOf('payout:ST-4', 'CONFIRMED');
  expect(await alarms()).toEqual([]);
  expect(await retry()).toMatchObject({ status: 409, body: { code: 'PAYMENT_NOT_FAILED' } });
  expect([await fenOn(world, 'SO1_income'), await world.transfers('payout:ST-4')]).toEqual([8_000n, 1]);
  expect((await world.twin.get('/api/v1/payments?direction=PAYOUT', 'SO1')).body).toMatchObject({ items: [{ id: 'payout:ST-4' }] });
  expect((await world.twin.get('/api/v1/payments?direction=PAYOUT', 'SO2')).body).toMatchObject({ items: [] });
  expect((await world.twin.get('/api/v1/audit?entityKind=principal&entityId=SO1')).body).toMatchObject({
    items: [{ action: 'payment.paidOut' }, { action: 'payment.retry', before: { state: 'FAILED', detail: 'ACCOUNT_ABNORMAL' } }],
  });
});

it('takes another amount than was asked for as neither paid nor refused: it stays used, and somebody has to look', async () => {
  await using world = await startSandboxedTwin({ seed: 7 });
  await openingsTold(world);
  await earn(world, 'SO1', 50_000n);
  world.rail.payShort(['sandbox-SO1']);
  const { payouts } = sideOf(world);
  await payouts.payOut({ statementId: 'ST-5', receiver: 'SO1', amountFen: 42_000n, requestedBy: 'settlement' });
  await until('the doubt is noted', 30_000, async () =>
    (await existingPayment(world.twin.db, 'PF', 'payout:ST-5')).detail === 'AMOUNT_MISMATCH' ? true : null,
  );
  expect(await world.payment('payout:ST-5')).toMatchObject({ state: 'REQUESTED' });
  const parts = async () => (await world.twin.db.query("select state, detail from payment_share where payment_id = 'payout:ST-5'")).rows;
  expect(await parts()).toEqual([{ state: 'PENDING', detail: 'AMOUNT_MISMATCH' }]);
  const { items } = (await world.twin.get('/api/v1/alarms?open=true')).body as { items: { code: string; args: object }[] };
  expect(items.filter(({ code }) => code === 'PAYOUT_FAILED')).toMatchObject([
    { args: { statementId: 'ST-5', reason: 'AMOUNT_MISMATCH' } },
  ]);
  // Nothing takes its place, however often it is looked at, and its income is nobody else's.
  await payouts.check(await existingPayment(world.twin.db, 'PF', 'payout:ST-5'));
  const retried = await world.twin.post('/api/v1/payments/payout:ST-5/retry', {});
  expect(retried).toMatchObject({ status: 409, body: { code: 'PAYMENT_NOT_FAILED' } });
  expect([await parts(), await fenOn(world, 'SO1_income'), await world.transfers('payout:ST-5')]).toEqual([
    [{ state: 'PENDING', detail: 'AMOUNT_MISMATCH' }],
    50_000n,
    0,
  ]);
  await expect(
    payouts.payOut({ statementId: 'ST-6', receiver: 'SO1', amountFen: 8_001n, requestedBy: 'settlement' }),
  ).rejects.toMatchObject({ code: 'INCOME_TOO_LOW' });
});

it('is refused above the income, of a carrier, and to whom it is nothing', async () => {
  await using world = await startSandboxedTwin();
  await openingsTold(world);
  await earn(world, 'BO1', 1_000n);
  const { payouts } = sideOf(world);
  const ask = { statementId: 'ST-2', receiver: 'BO1', amountFen: 600n, requestedBy: 'settlement' };
  await expect(payouts.payOut({ ...ask, amountFen: 1_001n })).rejects.toMatchObject({ code: 'INCOME_TOO_LOW' });
  await expect(payouts.payOut({ ...ask, amountFen: 0n })).rejects.toMatchObject({ code: 'INCOME_TOO_LOW' });
  await expect(payouts.payOut({ ...ask, receiver: 'C1' })).rejects.toMatchObject({ code: 'NO_INCOME_ACCOUNT' });
  // Both at once: what is on its way counts as gone.
  const both = await Promise.allSettled([payouts.payOut(ask), payouts.payOut({ ...ask, statementId: 'ST-3' })]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const { rows } = await world.twin.db.query("select 1 from payment where direction = 'PAYOUT'");
  expect(rows).toHaveLength(1);
});

it('goes where one person says and another approves', async () => {
  await using world = await startSandboxedTwin();
  const { twin } = world;
  const draft = async (account: string, as = 'PF', principalId = 'SO1') => {
    const headers = { authorization: `Bearer ${await twin.token(as)}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ principalId, account, name: 'somebody' });
    return (await fetch(`${twin.twin.url}/api/v1/payments/receivers`, { method: 'PUT', headers, body })).status;
  };
  const approve = (account: string, as = 'PF', waiver?: string, principalId = 'SO1') =>
    twin.post('/api/v1/payments/receivers/approve', { principalId, account, ...(waiver === undefined ? {} : { waiver }) }, as);
  const inForce = async () => (await twin.db.query<{ account: string }>('select account from payment_receiver')).rows;
  const seen = async (as: string) => (await twin.get('/api/v1/payments/receivers', as)).body as { items: unknown[] };
  expect([await draft('mine', 'SO1'), await draft('mine')]).toEqual([403, 204]);
  const drafted = { principalId: 'SO1', inForce: null, draft: { account: 'mine', inForceFrom: null, isWaivable: true } };
  expect([await seen('PF-2'), await seen('SO1'), await seen('SO2')]).toMatchObject([
    { items: [drafted] },
    { items: [drafted] },
    { items: [] },
  ]);
  expect(await approve('mine')).toMatchObject({ status: 403, body: { code: 'SECOND_PERSON_NEEDED' } });
  expect(await approve('mine', 'SO1')).toMatchObject({ status: 403 });
  expect(await inForce()).toEqual([]);
  // Not the one that was looked at.
  expect(await approve('another', 'PF-2')).toMatchObject({ status: 404 });
  expect(await approve('mine', 'PF-2', ' ')).toMatchObject({ status: 400 });
  expect(await approve('mine', 'PF-2', 'seen with its papers')).toMatchObject({ status: 204 });
  expect(await inForce()).toEqual([{ account: 'mine' }]);
  expect(await approve('mine')).toMatchObject({ status: 404 });

  // Another one later: it cools whatever anybody says, its principal is told, and until then the first one holds.
  const told = async (as: string) => {
    const { items } = (await twin.get('/api/v1/alarms?open=true', as)).body as { items: { code: string; args: object }[] };
    return items.filter(({ code }) => code === 'RECEIVER_CHANGES').map(({ args }) => args);
  };
  const changed = async (account: string) => {
    await draft(account);
    const waived = await approve(account, 'PF-2', 'in a hurry');
    expect(waived).toMatchObject({ status: 409, body: { code: 'COOLING_NOT_WAIVABLE' } });
    expect(await approve(account, 'PF-2')).toMatchObject({ status: 204 });
    expect(await inForce()).toEqual([{ account: 'mine' }]);
    expect([await told('SO1'), await told('SO2')]).toMatchObject([[{ account: `…${account.slice(-4)}` }], []]);
  };
  const refuse = (as: string, principalId = 'SO1') => twin.post('/api/v1/payments/receivers/refuse', { principalId }, as);
  // Of one that is in force at once it is told too, whatever is drafted and refused next.
  await draft('a-decoy');
  expect([(await refuse('PF')).status, await told('SO1')]).toMatchObject([204, [{ account: '…mine' }]]);
  await changed('somebody-elses');
  const cooling = { account: 'somebody-elses', inForceFrom: expect.any(String) as unknown, isWaivable: false };
  expect((await seen('SO1')).items).toMatchObject([{ inForce: { account: 'mine' }, draft: cooling }]);
  expect([(await refuse('SO2')).status, (await refuse('C1')).status]).toEqual([403, 403]);
  expect(await refuse('SO1')).toMatchObject({ status: 204 });
  // Nor does a decoy that was approved: of the one that is in force it is told on, as long as it would have cooled, whoever refuses or redrafts that.
  expect([await refuse('PF'), await told('SO1')]).toMatchObject([{ status: 404 }, [{ account: '…mine' }]]);
  await changed('the-next-0000');
  await draft('the-next-0001');
  expect(await told('SO1')).toMatchObject([{ account: '…mine' }]);
  await changed('the-next-0001');
  await twin.db.query("update payment_receiver_draft set effective_at = now() - interval '1 second'");
  await until('the change is in force', 30_000, async () => ((await inForce())[0]?.account === 'the-next-0001' ? true : null));
  expect(await told('SO1')).toEqual([]);
  const { items } = (await twin.get('/api/v1/audit?entityKind=principal&entityId=SO1')).body as {
    items: { action: string; after: object }[];
  };
  const acts = items.map(({ action }) => action.replace('payment.receiver', '')).toReversed();
  expect(acts.join(' ')).toBe('Draft Approve  Draft Refuse Draft Approve Refuse Draft Approve Draft Draft Approve ');
  expect(items.find(({ action }) => action === 'payment.receiver')).toMatchObject({
    before: { account: 'mine' },
    after: { account: 'the-next-0001' },
  });
  const waivers = items.filter(({ action }) => action === 'payment.receiverApprove').map(({ after }) => after);
  expect(waivers.toReversed()).toMatchObject([{ waiver: 'seen with its papers' }, { waiver: null }, { waiver: null }, { waiver: null }]);

  // A first one is waived neither after its principal refused one, nor over one that cools; and of a waived one it is told as long as it would have cooled.
  const tryFirst = async (principalId: string) => {
    await draft('first', 'PF', principalId);
    expect((await seen(principalId)).items).toMatchObject([{ draft: { isWaivable: principalId === 'BO1' } }]);
    return (await approve('first', 'PF-2', 'in a hurry', principalId)).body;
  };
  await draft('first', 'PF', 'SO2');
  expect(await refuse('SO2', 'SO2')).toMatchObject({ status: 204 });
  expect(await tryFirst('SO2')).toMatchObject({ code: 'COOLING_NOT_WAIVABLE' });
  await draft('first', 'PF', 'SO3');
  expect(await approve('first', 'PF-2', undefined, 'SO3')).toMatchObject({ status: 204 });
  expect(await tryFirst('SO3')).toMatchObject({ code: 'COOLING_NOT_WAIVABLE' });
  await tryFirst('BO1');
  expect(await told('BO1')).toMatchObject([{ account: '…irst' }]);
  const { payments } = twin.twin;
  await payments?.receivers.look();
  expect(await told('BO1')).toHaveLength(1);
  const longAgo = `'{"inForceFrom": "2020-01-01T00:00:00Z"}'`;
  await twin.db.query('alter table audit_log disable trigger user');
  await twin.db.query(`update audit_log set after = after || ${longAgo} where action = 'payment.receiverApprove'`);
  await twin.db.query('alter table audit_log enable trigger user');
  await twin.db.query(`update alarm set args = args || ${longAgo} where code = 'RECEIVER_CHANGES'`);
  await payments?.receivers.look();
  expect(await told('BO1')).toEqual([]);
});

it('takes the oldest trades first, each to its last fen and never beyond', () => {
  const source = fc.record({ paymentId: fc.uuid(), transactionId: fc.uuid(), leftFen: fc.bigInt(0n, 1_000n) });
  fc.assert(
    fc.property(fc.array(source, { maxLength: 12 }), fc.bigInt(1n, 4_000n), (sources, amountFen) => {
      const parts = partsOf(amountFen, sources);
      const left = sources.reduce((sum, { leftFen }) => sum + leftFen, 0n);
      expect(parts === null).toBe(left < amountFen);
      if (parts === null) return;
      expect(parts.reduce((sum, part) => sum + part.amountFen, 0n)).toBe(amountFen);
      for (const part of parts) expect(part.amountFen > 0n && part.amountFen <= part.source.leftFen).toBe(true);
      const used = sources.filter(({ leftFen }) => leftFen > 0n).slice(0, parts.length);
      expect(parts.map((part) => part.source)).toEqual(used);
    }),
  );
});
