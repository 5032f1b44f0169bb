import { expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import type { Bill } from './bill.ts';
import { imbalanceOf } from './bill-balance.ts';
import { orderEvents } from './order.fixture.ts';
import { orderStates } from './order-run.fixture.ts';
import { moreForOne } from './unbalanced-bill.fixture.ts';

const e = orderEvents;

function ratedBill(): Bill {
  const { rated } = orderStates['MEASURED.holding']().context;
  if (!rated?.ok) throw new Error('the order is not rated');
  return rated.bill;
}

it('takes a bill as it is rated, and none in which one figure is another', () => {
  const bill = ratedBill();
  expect(imbalanceOf(bill)).toBeNull();
  const [line] = bill.lines;
  const [first, ...others] = bill.shares;
  const [second, ...rest] = others;
  if (line === undefined || first === undefined || second === undefined) throw new Error('the bill is empty');
  const more = fen(first.netFen + 1n);
  const wrong: Partial<Bill>[] = [
    { payableFen: fen(bill.payableFen + 1n) },
    { lines: bill.lines.slice(1) },
    { lines: [{ ...line, amountFen: fen(line.amountFen - 1n) }, ...bill.lines.slice(1)] },
    { shares: others },
    { shares: [{ ...first, netFen: more }, ...others] },
    // The sum is right, and one gets what another one loses.
    {
      shares: [
        { ...first, netFen: more },
        ...others.map((share, index) => (index === 0 ? { ...share, netFen: fen(share.netFen - 1n) } : share)),
      ],
    },
    { shares: [{ ...first, grossFen: more }, ...others] },
    // Every sum is right, and two get what the other one earned.
    { shares: [{ ...first, principalId: second.principalId }, { ...second, principalId: first.principalId }, ...rest] },
    { packageDraw: { packageId: 'K1', quantity: 1n, unit: 'swap', amountFen: fen(-1n) } },
  ];
  for (const change of wrong) expect(imbalanceOf({ ...bill, ...change })).not.toBeNull();
});

it('O27 a bill whose nets are not what is paid is not booked: the hold goes back and the order is abnormal', () => {
  const run = orderStates['MEASURED.holding']().restoredWith(moreForOne).send(e['order.held']);
  expect(run.row).toMatchObject({ state: 'ABNORMAL', reason: 'CLEARING_UNBALANCED', payableFen: null });
  expect(run.told).toContain('account:C1 account.releaseRequested');
  expect(run.told).not.toContain('account:C1 account.captureRequested');
  expect(run.effects('order.billed')).toEqual([]);
  expect(run.effects('ledger.posted')).toEqual([]);
  expect(run.effects('alarm.raised')).toMatchObject([
    { code: 'CLEARING_UNBALANCED', scope: 'order', detail: expect.stringContaining('nets sum to'), args: { said: expect.any(String) } },
  ]);
});

it('O27 a repair is refused as long as its bill does not balance, and holds nothing then', () => {
  const run = orderStates['ABNORMAL.holding']().restoredWith(moreForOne).send(e['order.held']);
  expect(run.state).toBe('ABNORMAL.open');
  expect(run.told).toContain('account:C1 account.releaseRequested');
  expect(run.effects('intent.answered')).toMatchObject([{ ok: false, code: 'CLEARING_UNBALANCED' }]);
});
