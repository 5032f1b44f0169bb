import { until } from '@corridor/testkit/until';
import { verifyDatabase } from '@corridor/tools/verify/verify-database';
import { expect, it } from 'vitest';
import { openDatabase } from '../db/db.ts';
import { silentLog } from '../log.ts';
import { railDateOf } from './reconciliation.ts';
import { type Payment, type SandboxedTwin, startSandboxedTwin } from './sandboxed-twin.fixture.ts';
import { tradeNumberOf } from './trade-number.ts';

const fenOn = async ({ twin }: SandboxedTwin, accountId: string) => {
  const { rows } = await twin.db.query<{ balance_fen: string }>('select balance_fen from account where account_id = $1', [accountId]);
  return BigInt(rows[0]?.balance_fen ?? 0);
};
const withdraw = ({ twin }: SandboxedTwin, body: object, as = 'C1') =>
  twin.post('/api/v1/payments/withdrawals', { carrierId: 'C1', ...body }, as) as Promise<{
    status: number;
    body: Payment & { code: string };
  }>;
const retry = ({ twin }: SandboxedTwin, key: string, as = 'PF') => twin.post(`/api/v1/payments/withdrawal:C1:${key}/retry`, {}, as);
const alarmsOf = async ({ twin }: SandboxedTwin) =>
  ((await twin.get('/api/v1/alarms?open=true')).body as { items: { code: string; args: object }[] }).items
    .filter(({ code }) => code === 'WITHDRAWAL_STUCK')
    .map(({ args }) => args);
async function stuck(world: SandboxedTwin, key: string, reason: string): Promise<void> {
  const paymentId = `withdrawal:C1:${key}`;
  await until(`${paymentId} is stuck`, 30_000, async () => {
    const { state, detail } = (await world.payment(paymentId)) as Payment & { detail: string | null };
    return state === 'REQUESTED' && detail === reason ? true : null;
  });
  expect(await alarmsOf(world)).toEqual([{ paymentId, reason }]);
}
const partsOf = async ({ twin }: SandboxedTwin, paymentId: string) => {
  const { rows } = await twin.db.query<{ kind: string; state: string }>(
    'select kind, state from payment_share where payment_id = $1 order by part_no',
    [paymentId],
  );
  return rows.map(({ kind, state }) => `${kind} ${state}`);
};

it('goes back to the payments it came by, else to the account of the carrier, else to its balance; held in between, and once', async () => {
  await using world = await startSandboxedTwin({ seed: 11, lostRatio: 0.4, doubledRatio: 0.5, lateMsMax: 200 });
  const { twin, rail } = world;
  // A slow test ends on another day of the rail than it began on.
  const railDates = new Set([railDateOf(Date.now())]);
  await until('the rail knows the opening balances', 30_000, async () => {
    const { rows } = await twin.db.query("select 1 from payment where state = 'CONFIRMED' and provider_ref is null");
    return rows.length === 0 ? true : null;
  });
  const openingFen = await world.prepaidFen();
  const paid = await world.topUp('in', '5000');
  await world.pay(paid);
  await world.stateOf(paid.id, 'CONFIRMED');
  const railFen = await fenOn(world, 'RAIL_sandbox');

  // Refused: nothing is held, nothing is asked of the rail.
  expect(await withdraw(world, { amountFen: '100' }, 'C2')).toMatchObject({ status: 403 });
  expect(await withdraw(world, { amountFen: '100', carrierId: 'SO1' }, 'PF')).toMatchObject({ status: 404 });
  for (const amountFen of ['0', '-1', '1.5', '1e3', '9999999999999']) {
    expect([amountFen, await withdraw(world, { amountFen })]).toMatchObject([amountFen, { status: 400 }]);
  }
  expect(await withdraw(world, { amountFen: `${openingFen + 5_001n}`, key: 'much' })).toMatchObject({
    status: 422,
    body: { code: 'NO_CREDIT' },
  });
  expect([await world.prepaidFen(), await fenOn(world, 'C1_held')]).toEqual([openingFen + 5_000n, 0n]);
  expect(await twin.get('/api/v1/payments?direction=WITHDRAWAL', 'C1')).toMatchObject({ status: 200, body: { items: [] } });

  // The newest payment gives what it has, the one before the rest.
  const asked = await withdraw(world, { amountFen: '8000', key: 'W1' });
  expect(asked).toMatchObject({ status: 201, body: { id: 'withdrawal:C1:W1', direction: 'WITHDRAWAL', amountFen: '8000' } });
  expect(await withdraw(world, { amountFen: '8000', key: 'W1' })).toMatchObject({ status: 201, body: { id: 'withdrawal:C1:W1' } });
  expect(await withdraw(world, { amountFen: '8001', key: 'W1' })).toMatchObject({
    status: 409,
    body: { code: 'KEY_USED_WITH_OTHER_AMOUNT' },
  });
  expect(await world.prepaidFen()).toBe(openingFen - 3_000n);
  await world.stateOf('withdrawal:C1:W1', 'CONFIRMED');
  expect(await partsOf(world, 'withdrawal:C1:W1')).toEqual(['REFUND SUCCESS', 'REFUND SUCCESS']);
  expect([await fenOn(world, 'C1_held'), (await fenOn(world, 'RAIL_sandbox')) - railFen]).toEqual([0n, 8_000n]);
  expect(await world.transfers('withdrawal:C1:W1')).toBe(1);

  // Who paid has closed that account: it goes to the carrier's account at the rail.
  const { rows: trades } = await twin.db.query<{ payment_id: string }>(
    "select payment_id from payment where direction = 'TOP_UP' and principal_id = 'C1'",
  );
  const payers = trades.map(({ payment_id }) => tradeNumberOf(payment_id));
  rail.closeAccounts(payers);
  await withdraw(world, { amountFen: '700', key: 'W2' });
  await world.stateOf('withdrawal:C1:W2', 'CONFIRMED');
  expect(await partsOf(world, 'withdrawal:C1:W2')).toEqual(['REFUND FAILED', 'SHARE SUCCESS']);

  // A refund that does not arrive may still be paid by hand: nothing takes its place, and the money stays used.
  rail.closeAccounts([]);
  rail.makeAbnormal(payers);
  await withdraw(world, { amountFen: '400', key: 'W6' });
  await stuck(world, 'W6', 'REFUND_ABNORMAL');
  expect(await partsOf(world, 'withdrawal:C1:W6')).toEqual(['REFUND PENDING']);
  expect(await retry(world, 'W6')).toMatchObject({ status: 409, body: { code: 'PAYMENT_NOT_FAILED' } });
  rail.makeAbnormal([]);
  await world.stateOf('withdrawal:C1:W6', 'CONFIRMED');
  expect(await partsOf(world, 'withdrawal:C1:W6')).toEqual(['REFUND SUCCESS']);
  expect(await alarmsOf(world)).toEqual([]);

  // Paid in part, and the rest by nobody: said, and paid when that is mended.
  const more = await world.topUp('more', '500');
  await world.pay(more);
  await world.stateOf(more.id, 'CONFIRMED');
  rail.closeAccounts([...payers, 'sandbox-C1']);
  await withdraw(world, { amountFen: '700', key: 'W7' });
  await stuck(world, 'W7', 'ACCOUNT_ABNORMAL');
  expect(await retry(world, 'W7', 'C1')).toMatchObject({ status: 403 });
  rail.closeAccounts([]);
  expect(await retry(world, 'W7')).toMatchObject({ status: 200, body: { state: 'REQUESTED', detail: null } });
  await world.stateOf('withdrawal:C1:W7', 'CONFIRMED');
  expect(await partsOf(world, 'withdrawal:C1:W7')).toEqual(['REFUND SUCCESS', 'REFUND FAILED', 'SHARE FAILED', 'SHARE SUCCESS']);
  expect([await alarmsOf(world), await fenOn(world, 'C1_held')]).toEqual([[], 0n]);

  // Both are closed: the balance has it again.
  rail.closeAccounts([...payers, 'sandbox-C1']);
  const before = await world.prepaidFen();
  await withdraw(world, { amountFen: '600', key: 'W3' });
  await world.stateOf('withdrawal:C1:W3', 'FAILED');
  expect([await world.prepaidFen(), await fenOn(world, 'C1_held'), await world.transfers('withdrawal:C1:W3')]).toEqual([before, 0n, 0]);
  rail.closeAccounts([]);
  // Killed when it was released and not ended yet: it ends, with nothing held, and the key is spent.
  await twin.db.query("update payment set state = 'REQUESTED', detail = null, next_check_at = now() where payment_id = 'withdrawal:C1:W3'");
  await world.stateOf('withdrawal:C1:W3', 'FAILED');
  expect([await world.prepaidFen(), await fenOn(world, 'C1_held')]).toEqual([before, 0n]);
  expect(await withdraw(world, { amountFen: '600', key: 'W3' })).toMatchObject({ status: 409, body: { code: 'WITHDRAWAL_ENDED' } });

  // The platform alone sends nothing back: another person of it, or the carrier, does it too.
  const decide = (key: string, verb: 'approve' | 'refuse', as: string) =>
    twin.post(`/api/v1/payments/withdrawal:C1:${key}/${verb}`, {}, as);
  const drafted = { status: 201, body: { state: 'DRAFTED', amountFen: '300' } };
  expect(await withdraw(world, { amountFen: '300', key: 'P1' }, 'PF')).toMatchObject(drafted);
  expect([await world.prepaidFen(), await fenOn(world, 'C1_held')]).toEqual([before, 0n]);
  expect(await decide('P1', 'approve', 'PF')).toMatchObject({ status: 403, body: { code: 'SECOND_PERSON_NEEDED' } });
  expect([(await decide('P1', 'approve', 'C2')).status, (await decide('P1', 'refuse', 'SO1')).status]).toEqual([404, 404]);
  expect(await decide('P1', 'refuse', 'C1')).toMatchObject({ status: 200, body: { state: 'CLOSED', detail: 'NOT_APPROVED' } });
  expect(await decide('P1', 'approve', 'PF-2')).toMatchObject({ status: 409, body: { code: 'PAYMENT_NOT_DRAFTED' } });
  for (const [key, as] of [
    ['P2', 'PF-2'],
    ['P3', 'C1'],
  ] as const) {
    expect(await withdraw(world, { amountFen: '300', key }, 'PF')).toMatchObject(drafted);
    expect(await decide(key, 'approve', as)).toMatchObject({ status: 200, body: { state: 'REQUESTED' } });
    await world.stateOf(`withdrawal:C1:${key}`, 'CONFIRMED');
  }
  expect(await decide('P3', 'refuse', 'C1')).toMatchObject({ status: 409, body: { code: 'PAYMENT_NOT_DRAFTED' } });
  expect(await withdraw(world, { amountFen: `${before - 600n}`, key: 'P4' }, 'PF')).toMatchObject({ status: 201 });
  expect(await withdraw(world, { amountFen: '1', key: 'P5' })).toMatchObject({ status: 201 });
  await world.stateOf('withdrawal:C1:P5', 'CONFIRMED');
  expect(await decide('P4', 'approve', 'PF-2')).toMatchObject({ status: 422, body: { code: 'NO_CREDIT' } });
  expect(await world.payment('withdrawal:C1:P4')).toMatchObject({ state: 'FAILED', detail: 'NO_CREDIT' });
  const given = 601n;

  // Leaving: the deposit comes back into the balance, and all of it goes.
  const { writer } = twin.twin.live;
  const truckId = 'T001';
  expect(await writer.ask({ type: 'deposit.take', truckId, note: 'test' }, 'test')).toMatchObject({ ok: true });
  const { rows: on } = await twin.db.query<{ pack_id: string }>('select pack_id from custody where place_id = $1 and until is null', [
    truckId,
  ]);
  const packId = on[0]?.pack_id ?? '';
  await writer.ask({ type: 'pack.correctCustody', packId, kind: 'STORE', id: 'DEPOT', note: 'given back' }, 'test');
  expect(await writer.ask({ type: 'deposit.return', truckId, energyWh: null, note: 'test' }, 'test')).toMatchObject({ ok: true });
  expect(await world.prepaidFen()).toBe(before - given);
  const all = await withdraw(world, { key: 'W4' });
  expect(all.body.amountFen).toBe(`${before - given}`);
  await world.stateOf('withdrawal:C1:W4', 'CONFIRMED');
  expect([await world.prepaidFen(), await fenOn(world, 'C1_deposit')]).toEqual([0n, 0n]);
  expect(await withdraw(world, { key: 'W5' })).toMatchObject({ status: 422, body: { code: 'NO_CREDIT' } });

  // What was paid back is in the rail's bill as it is here.
  for (const railDate of railDates.add(railDateOf(Date.now()))) {
    const compared = await twin.post(`/api/v1/payments/reconciliations/${railDate}`, {});
    expect(compared).toMatchObject({ status: 201, body: { differences: [] } });
  }
  const listed = (await twin.get('/api/v1/payments?direction=WITHDRAWAL&limit=2', 'C1')).body as { items: Payment[]; nextCursor: string };
  expect(listed.items.map(({ id }) => id)).toEqual(['withdrawal:C1:W4', 'withdrawal:C1:P5']);
  const database = openDatabase({ url: twin.postgres.url, log: silentLog(), name: 'verify' });
  expect((await verifyDatabase(database)).findings).toEqual([]);
  await database.close();
});
