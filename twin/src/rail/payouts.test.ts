import { until } from '@corridor/testkit/until';
import fc from 'fast-check';
import { expect, it } from 'vitest';
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
  expect(await alarms()).toMatchObject([{ scopeId: 'SO1_income', level: 2, state: 'UNACKNOWLEDGED', args, acts: ['ACKNOWLEDGE'] }]);
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
  const draft = async (account: string, as = 'PF') => {
    const headers = { authorization: `Bearer ${await twin.token(as)}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ principalId: 'SO1', account, name: 'somebody' });
    return (await fetch(`${twin.twin.url}/api/v1/payments/receivers`, { method: 'PUT', headers, body })).status;
  };
  const approve = (account: string, as = 'PF') => twin.post('/api/v1/payments/receivers/approve', { principalId: 'SO1', account }, as);
  const inForce = async () => (await twin.db.query('select account from payment_receiver')).rows;
  expect([await draft('mine', 'SO1'), await draft('mine')]).toEqual([403, 204]);
  expect(await approve('mine')).toMatchObject({ status: 403, body: { code: 'SECOND_PERSON_NEEDED' } });
  expect(await approve('mine', 'SO1')).toMatchObject({ status: 403 });
  expect(await inForce()).toEqual([]);
  // Another person's draft, and not the one that was looked at.
  await twin.db.query("update payment_receiver_draft set drafted_by = 'somebody-else'");
  expect(await approve('another')).toMatchObject({ status: 404 });
  expect(await approve('mine')).toMatchObject({ status: 204 });
  expect(await inForce()).toEqual([{ account: 'mine' }]);
  expect(await approve('mine')).toMatchObject({ status: 404 });
  expect((await twin.get('/api/v1/audit?entityKind=principal&entityId=SO1')).body).toMatchObject({
    items: [{ action: 'payment.receiver', before: null, after: { account: 'mine' } }, { action: 'payment.receiverDraft' }],
  });
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
