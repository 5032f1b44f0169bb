import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import type { EventOf } from '../network/actor-event.ts';
import { AccountRun, accountEvents as e } from './account-run.fixture.ts';

const amount = fc.bigInt(-2_000n, 30_000n).map(fen);
const orderId = fc.integer({ min: 1, max: 6 }).map((n) => `O${n}`);
const event: fc.Arbitrary<EventOf['account']> = fc.oneof(
  fc
    .record({ key: fc.integer({ min: 1, max: 5 }).map((n) => `K${n}`), amountFen: amount })
    .map((over) => ({ ...e['account.toppedUp'], ...over })),
  fc
    .record({ orderId, amountFen: amount, attempt: fc.constantFrom(1, 2), driverId: fc.constantFrom('D1', 'D2', null) })
    .map((over) => ({ ...e['account.holdRequested'], ...over })),
  fc.record({ orderId, amountFen: amount }).map((over) => ({ ...e['account.holdRaiseRequested'], ...over })),
  fc.record({ orderId, amountFen: amount }).map((over) => ({ ...e['account.captureRequested'], ...over })),
  orderId.map((id) => ({ ...e['account.releaseRequested'], orderId: id })),
  fc
    .record({ truckId: fc.constantFrom('T1', 'T2'), energyWh: fc.bigInt(-1_000n, 40_000n) })
    .map((over) => ({ ...e['account.depositRequested'], ...over })),
  fc
    .record({ truckId: fc.constantFrom('T1', 'T2'), energyWh: fc.bigInt(-1_000n, 40_000n) })
    .map((over) => ({ ...e['account.depositReturnRequested'], ...over })),
  fc
    .record({ key: fc.constantFrom('W1', 'W2', 'W3'), amountFen: amount })
    .map((over) => ({ ...e['account.withdrawalRequested'], ...over })),
  fc
    .record({ key: fc.constantFrom('W1', 'W2', 'W3'), paidBy: fc.constantFrom('sandbox', null) })
    .map((over) => ({ ...e['account.withdrawalEnded'], ...over })),
  fc.constantFrom(e['account.blocked'], e['account.unblocked']),
);

it('A1 A2 A9 its books say what the ledger says, and never owe, whatever is asked and however often', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.integer({ min: 1, max: 2 })), { maxLength: 60 }), (asked) => {
      const run = new AccountRun();
      for (const [each, times] of asked) {
        for (let count = 0; count < times; count += 1) run.send(each);
        const { prepaidFen, heldFen, holds, withdrawals = [] } = run.books;
        expect(run.ledger.findings()).toEqual([]);
        expect([prepaidFen, heldFen]).toEqual([run.ledger.balance('C1_prepaid'), run.ledger.balance('C1_held')]);
        expect(heldFen).toBe([...holds, ...withdrawals].reduce((sum, { amountFen }) => sum + amountFen, 0n));
        expect(prepaidFen >= 0n && heldFen >= 0n).toBe(true);
        expect((run.books.deposits ?? []).reduce((sum, { amountFen }) => sum + amountFen, 0n)).toBe(run.ledger.balance('C1_deposit'));
      }
    }),
  );
});
