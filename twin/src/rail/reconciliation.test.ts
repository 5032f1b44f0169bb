import { until } from '@corridor/testkit/until';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BillRow } from './payment-rail.ts';
import { type OurMovement, reconcile } from './reconciliation.rules.ts';
import { railDateOf, railDayOf } from './reconciliation.ts';
import { startSandboxedTwin } from './sandboxed-twin.fixture.ts';
import { tradeNumberOf } from './trade-number.ts';

interface View {
  billRows: number;
  billNetFen: string;
  bookedNetFen: string;
  differences: { kind: string; number: string; paymentId: string | null; oursFen: string | null; theirsFen: string | null }[];
}

it('names every difference between the bill of a day, our payments and the ledger, and raises an alarm', async () => {
  await using world = await startSandboxedTwin();
  const { twin, rail } = world;
  const paid = [];
  for (const key of ['right', 'dropped', 'less', 'failed', 'twice']) {
    const payment = await world.topUp(key, '5000');
    await world.pay(payment);
    await world.stateOf(payment.id, 'CONFIRMED');
    paid.push(tradeNumberOf(payment.id));
  }
  const [, dropped = '', less = '', failed = '', twice = ''] = paid;
  await until('the rail knows the opening balances', 30_000, async () => {
    const { rows } = await twin.db.query("select 1 from payment where state = 'CONFIRMED' and provider_ref is null");
    return rows.length === 0 ? true : null;
  });
  const path = `/api/v1/payments/reconciliations/${railDateOf(Date.now())}`;
  expect((await twin.get(path)).status).toBe(404);
  const clean = await twin.post(path, {});
  expect(clean).toMatchObject({ status: 201, body: { channel: 'sandbox', differences: [] } });
  const { billRows, billNetFen, bookedNetFen } = clean.body as View;
  expect([billRows >= 5, billNetFen]).toEqual([true, bookedNetFen]);
  const alarms = async () => (await twin.get('/api/v1/alarms?open=true')).body as { items: { code: string; scopeId: string }[] };
  expect((await alarms()).items.filter(({ code }) => code === 'PAYMENT_DIFFERENCE')).toEqual([]);

  rail.falsifyBills([
    { kind: 'DROP', ourNo: dropped },
    { kind: 'AMOUNT', ourNo: less, amountFen: 4_999 },
    { kind: 'STATE', ourNo: failed, state: 'REVOKED' },
    { kind: 'DUPLICATE', ourNo: twice },
    { kind: 'ADD', ourNo: 'f'.repeat(32), amountFen: 7 },
  ]);
  await twin.db.query(`insert into transfer (platform_id, key, kind, debit_account_id, credit_account_id, amount_fen, at, batch_no)
    values ('PF', 'by-hand', 'CORRECTION', 'RAIL_sandbox', 'PF_income', 3, now(), 1)`);
  await twin.post(path, {});
  const { differences } = (await twin.get(path)).body as View;
  const found = differences.map(({ kind, number, oursFen, theirsFen }) => [kind, number, oursFen, theirsFen]);
  expect(found.toSorted(([a], [b]) => String(a).localeCompare(String(b)))).toEqual([
    ['AMOUNT', less, '5000', '4999'],
    ['DUPLICATE', twice, '5000', '5000'],
    ['LEDGER_WITHOUT_PAYMENT', 'by-hand', '3', null],
    ['MISSING_HERE', 'f'.repeat(32), null, '7'],
    ['MISSING_THERE', dropped, '5000', null],
    ['STATE', failed, '5000', '5000'],
  ]);
  expect((await alarms()).items).toContainEqual(expect.objectContaining({ code: 'PAYMENT_DIFFERENCE', scopeId: 'RAIL_sandbox', level: 2 }));
  expect((await twin.get(path, 'C1')).status).toBe(403);
});

const movement: fc.Arbitrary<OurMovement> = fc.record({
  kind: fc.constantFrom('TOP_UP' as const, 'PAYOUT' as const),
  ourNo: fc.uuid(),
  paymentId: fc.uuid(),
  amountFen: fc.bigInt(1n, 10n ** 9n),
  isConfirmed: fc.constant(true),
  isOfDay: fc.constant(true),
});
const rowOf = ({ kind, ourNo, amountFen }: OurMovement): BillRow => ({
  kind,
  ourNo,
  railNo: ourNo,
  amountFen,
  state: 'SUCCESS',
  currency: 'CNY',
});

it('finds nothing where nothing differs, and exactly the one line that was changed', () => {
  const unique = fc.uniqueArray(movement, { minLength: 1, maxLength: 30, selector: ({ ourNo }) => ourNo });
  fc.assert(
    fc.property(unique, fc.nat(), fc.constantFrom('drop', 'amount', 'state', 'twice', 'currency', 'unknown'), (ours, at, change) => {
      const bill = ours.map(rowOf);
      expect(reconcile(bill, ours, [])).toEqual([]);
      const index = at % ours.length;
      const row = bill[index];
      if (row === undefined) throw new Error('no row');
      const changed: Record<string, [BillRow[], string]> = {
        drop: [bill.toSpliced(index, 1), 'MISSING_THERE'],
        amount: [bill.with(index, { ...row, amountFen: row.amountFen + 1n }), 'AMOUNT'],
        state: [bill.with(index, { ...row, state: 'REVOKED' }), 'STATE'],
        twice: [[...bill, row], 'DUPLICATE'],
        currency: [bill.with(index, { ...row, currency: 'USD' }), 'CURRENCY'],
        unknown: [[...bill, { ...row, ourNo: 'nobody' }], 'MISSING_HERE'],
      };
      const [other, kind] = changed[change] ?? [bill, ''];
      expect(reconcile(other, ours, []).map((each) => each.kind)).toEqual([kind]);
    }),
  );
});

it('takes the days of the rail for those of Asia/Shanghai', () => {
  const { fromMs, untilMs } = railDayOf('2026-11-22');
  expect(new Date(fromMs).toISOString()).toBe('2026-11-21T16:00:00.000Z');
  expect([railDateOf(fromMs), railDateOf(untilMs - 1), railDateOf(untilMs)]).toEqual(['2026-11-22', '2026-11-22', '2026-11-23']);
});
