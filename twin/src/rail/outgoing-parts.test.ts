import { clearOfMidnight } from '@corridor/testkit/clear-of-midnight';
import { until } from '@corridor/testkit/until';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { existingPayment } from './payments.queries.ts';
import { railDateOf } from './reconciliation.ts';
import { type SandboxedTwin, startSandboxedTwin } from './sandboxed-twin.fixture.ts';
import { tradeNumberOf } from './trade-number.ts';

/** One twin for all of them, at a rail that registers nobody by itself: each test has payments of its own. */
let world: SandboxedTwin;
beforeAll(async () => {
  world = await startSandboxedTwin({}, { env: { PAYMENT_RAIL: 'wechatpay' } });
});
afterAll(async () => world[Symbol.asyncDispose]());

const sideOf = () => {
  const { payments } = world.twin.twin;
  if (payments === null) throw new Error('the twin has no payment rail');
  return payments;
};
/** The day of the rail on which all of a test happens, also where it begins right before midnight. */
const railDateAhead = async () => {
  await clearOfMidnight();
  return railDateOf(Date.now());
};
const paidIn = async (key: string, amountFen: string) => {
  const payment = await world.topUp(key, amountFen);
  await world.pay(payment);
  await world.stateOf(payment.id, 'CONFIRMED');
  return tradeNumberOf(payment.id);
};
const withdraw = (key: string, amountFen: string) =>
  world.twin.post('/api/v1/payments/withdrawals', { carrierId: 'C1', amountFen, key }, 'C1') as Promise<{ status: number }>;
const retry = (paymentId: string) => world.twin.post(`/api/v1/payments/${paymentId}/retry`, {});
const partsOf = async (paymentId: string) => {
  const { rows } = await world.twin.db.query<{ kind: string; state: string; detail: string | null }>(
    'select kind, state, detail from payment_share where payment_id = $1 order by part_no',
    [paymentId],
  );
  return rows.map(({ kind, state, detail }) => [kind, state, ...(detail === null ? [] : [detail])].join(' '));
};
const alarmOf = async (code: string, paymentId: string) => {
  const { items } = (await world.twin.get('/api/v1/alarms?open=true')).body as {
    items: { code: string; args: { paymentId?: string; statementId?: string; reason?: string } }[];
  };
  const of = items.filter(({ args }) => args.paymentId === paymentId || `payout:${args.statementId}` === paymentId);
  return of.filter((alarm) => alarm.code === code).map(({ args }) => args.reason);
};
/** Until somebody is told of it. */
const stuck = async (paymentId: string, reason: string) => {
  const code = paymentId.startsWith('payout:') ? 'PAYOUT_FAILED' : 'WITHDRAWAL_STUCK';
  await until(`${paymentId} is stuck`, 30_000, async () => {
    const { detail } = await existingPayment(world.twin.db, 'PF', paymentId);
    return detail === reason ? true : null;
  });
  expect(await alarmOf(code, paymentId)).toEqual([reason]);
};
const fenOn = async (accountId: string) => {
  const { rows } = await world.twin.db.query<{ balance_fen: bigint }>('select balance_fen from account where account_id = $1', [accountId]);
  return BigInt(rows[0]?.balance_fen ?? 0);
};
/** Income without orders. */
const earn = (principalId: string, amountFen: bigint) =>
  world.twin.db.query(
    `insert into transfer (platform_id, key, kind, debit_account_id, credit_account_id, amount_fen, at, batch_no)
     values ('PF', $1, 'CORRECTION', 'C1_prepaid', $2, $3, now(), 1)`,
    [`test:${principalId}`, `${principalId}_income`, amountFen],
  );

it('does each instruction once whose answer is lost, and learns of its end from the callback alone', async () => {
  const today = await railDateAhead();
  await paidIn('lost', '9000');
  const side = sideOf();
  // Nobody asks by the clock: what is known is what the rail tells by itself.
  await side.stop();
  try {
    await withdraw('lost', '5000');
    const payment = await existingPayment(world.twin.db, 'PF', 'withdrawal:C1:lost');
    world.rail.loseAnswers(true);
    await expect(side.withdrawals.check(payment)).rejects.toMatchObject({ code: 'RAIL_UNREACHABLE' });
    await world.stateOf('withdrawal:C1:lost', 'CONFIRMED');
    expect([await partsOf('withdrawal:C1:lost'), await world.transfers('withdrawal:C1:lost')]).toEqual([['REFUND SUCCESS'], 1]);

    // A payout the same, out of what is left of that trade.
    await earn('SO1', 4_000n);
    await world.twin.db.query(
      "insert into payment_receiver values ('PF', 'SO1', 'wechatpay', 'so1-account', 'SO1') on conflict do nothing",
    );
    await side.receivers.draft('SO1', { account: 'so1-account', name: 'SO1' }, 'a');
    expect(await side.receivers.approve('SO1', 'so1-account', { by: 'b', waiver: null })).toBe(true);
    const paid = await side.payouts.payOut({ statementId: 'LOST', receiver: 'SO1', amountFen: 4_000n, requestedBy: 'settlement' });
    await expect(side.payouts.check(paid)).rejects.toMatchObject({ code: 'RAIL_UNREACHABLE' });
    await world.stateOf('payout:LOST', 'CONFIRMED');
    expect([await partsOf('payout:LOST'), await world.transfers('payout:LOST'), await fenOn('SO1_income')]).toEqual([
      ['SHARE SUCCESS'],
      1,
      0n,
    ]);
  } finally {
    world.rail.loseAnswers(false);
    await side.start();
  }
  const compared = await world.twin.post(`/api/v1/payments/reconciliations/${today}`, {});
  expect(compared).toMatchObject({ status: 201, body: { differences: [] } });
});

it('books nothing of a refund of another amount: it stays used, somebody is told, and the bill of the day names it', async () => {
  const today = await railDateAhead();
  const trade = await paidIn('short', '5000');
  const railFen = await fenOn('RAIL_wechatpay');
  world.rail.payShort([trade]);
  expect(await withdraw('short', '4000')).toMatchObject({ status: 201 });
  await stuck('withdrawal:C1:short', 'AMOUNT_MISMATCH');
  world.rail.payShort([]);
  expect(await partsOf('withdrawal:C1:short')).toEqual(['REFUND PENDING AMOUNT_MISMATCH']);
  expect(await retry('withdrawal:C1:short')).toMatchObject({ status: 409, body: { code: 'PAYMENT_NOT_FAILED' } });
  await sideOf().withdrawals.check(await existingPayment(world.twin.db, 'PF', 'withdrawal:C1:short'));
  expect(await partsOf('withdrawal:C1:short')).toEqual(['REFUND PENDING AMOUNT_MISMATCH']);
  expect([await fenOn('C1_held'), (await fenOn('RAIL_wechatpay')) - railFen, await world.transfers('withdrawal:C1:short')]).toEqual([
    4_000n,
    0n,
    0,
  ]);
  const { body } = await world.twin.post(`/api/v1/payments/reconciliations/${today}`, {});
  const { differences } = body as { differences: { kind: string; paymentId: string; oursFen: string; theirsFen: string }[] };
  const found = differences.filter(({ paymentId }) => paymentId === 'withdrawal:C1:short');
  expect(found.map(({ kind, oursFen, theirsFen }) => [kind, oursFen, theirsFen])).toEqual([
    ['AMOUNT', '4000', '3999'],
    ['STATE', '4000', '3999'],
  ]);
});

it('says that a carrier has no account to be paid back to, and goes on by itself once it has one', async () => {
  const trade = await paidIn('closed', '3000');
  world.rail.closeAccounts([trade]);
  await withdraw('closed', '3000');
  await stuck('withdrawal:C1:closed', 'RECEIVER_UNKNOWN');
  expect((await partsOf('withdrawal:C1:closed'))[0]).toBe('REFUND FAILED CLOSED');
  expect(await world.transfers('withdrawal:C1:closed')).toBe(0);

  // A first account cools too: who would register one for himself has to wait.
  const approve = (principalId: string, as: string, waiver?: string) => {
    const asked = { principalId, account: `${principalId.toLowerCase()}-account`, ...(waiver === undefined ? {} : { waiver }) };
    return world.twin.post('/api/v1/payments/receivers/approve', asked, as);
  };
  const { receivers } = sideOf();
  await receivers.draft('C2', { account: 'c2-account', name: 'C2' }, 'demo-PF');
  expect(await approve('C2', 'PF-2')).toMatchObject({ status: 204 });
  const [listed] = await receivers.list('C2');
  expect(listed).toMatchObject({ inForce: null, draft: { account: 'c2-account' } });
  const coolsMs = (listed?.draft?.effectiveAtMs ?? 0) - Date.now();
  expect(coolsMs > 71 * 3_600_000 && coolsMs <= 72 * 3_600_000).toBe(true);
  const { items } = (await world.twin.get('/api/v1/alarms?open=true', 'C2')).body as { items: { code: string; args: object }[] };
  expect(items.filter(({ code }) => code === 'RECEIVER_CHANGES')).toMatchObject([{ args: { account: '…ount' } }]);

  // In force at once because somebody else of the platform says why.
  await receivers.draft('C1', { account: 'c1-account', name: 'C1' }, 'demo-PF');
  expect(await approve('C1', 'PF', 'known for years')).toMatchObject({ status: 403, body: { code: 'SECOND_PERSON_NEEDED' } });
  expect(await approve('C1', 'PF-2', 'known for years')).toMatchObject({ status: 204 });
  await world.stateOf('withdrawal:C1:closed', 'CONFIRMED');
  expect((await partsOf('withdrawal:C1:closed')).at(-1)).toBe('SHARE SUCCESS');
  expect([await alarmOf('WITHDRAWAL_STUCK', 'withdrawal:C1:closed'), await world.transfers('withdrawal:C1:closed')]).toEqual([[], 1]);
  world.rail.closeAccounts([]);
});

it('is told when the rail does not take an instruction, and pays it under another number only when a person asks for that', async () => {
  await paidIn('ghost', '7000');
  await earn('SO2', 7_000n);
  // Known here, and not at the rail.
  await world.twin.db.query("insert into payment_receiver values ('PF', 'SO2', 'wechatpay', 'ghost', 'SO2')");
  const { payouts, receivers } = sideOf();
  await payouts.payOut({ statementId: 'GHOST', receiver: 'SO2', amountFen: 7_000n, requestedBy: 'settlement' });
  await stuck('payout:GHOST', 'NO_AUTH');
  const before = await partsOf('payout:GHOST');
  expect(new Set(before)).toEqual(new Set(['SHARE PENDING NO_AUTH']));
  expect(await retry('payout:GHOST')).toMatchObject({ status: 200, body: { state: 'REQUESTED' } });
  await stuck('payout:GHOST', 'NO_AUTH');
  expect((await partsOf('payout:GHOST')).toSorted()).toEqual([
    ...before.map(() => 'SHARE FAILED NO_AUTH'),
    ...before.map(() => 'SHARE PENDING NO_AUTH'),
  ]);
  // Mended: it goes on by itself.
  await receivers.draft('SO2', { account: 'ghost', name: 'SO2' }, 'a');
  expect(await receivers.approve('SO2', 'ghost', { by: 'b', waiver: null })).toBe(true);
  await world.stateOf('payout:GHOST', 'CONFIRMED');
  expect([await world.transfers('payout:GHOST'), await fenOn('SO2_income'), await alarmOf('PAYOUT_FAILED', 'payout:GHOST')]).toEqual([
    1,
    0n,
    [],
  ]);
  const { rows } = await world.twin.db.query<{ fen: string }>(
    "select sum(amount_fen) as fen from payment_share where payment_id = 'payout:GHOST' and state = 'SUCCESS'",
  );
  expect(rows[0]?.fen?.toString()).toBe('7000');
});
