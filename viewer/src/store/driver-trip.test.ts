import type { OrderSummary } from '@corridor/protocols/http/scene';
import { describe, expect, it } from 'vitest';
import { billOf } from '../../test/fixture-documents.ts';
import { FIXTURE_START_MS, sceneAt } from '../../test/fixture-scene.ts';
import { sumFen } from '../format/money.ts';
import { billInThree, orderOfTrip, stageOf } from './driver-trip.ts';

const [some] = sceneAt(FIXTURE_START_MS, 1).orders;
if (some === undefined) throw new Error('the scene has no order');
const order = (id: string, about: Partial<OrderSummary>): OrderSummary => ({ ...some, id, truckId: 'T001', swapState: null, ...about });

describe('where a driver is with his swap', () => {
  it.each([
    ['CREATED', null, 'QUOTED'],
    ['QUOTED', null, 'QUOTED'],
    ['QUOTED', 'AUTHORIZING', 'UNDER_WAY'],
    ['HELD', null, 'KEPT'],
    // Queued from the moment at which the pack is kept, wherever the truck is.
    ['HELD', 'QUEUED', 'KEPT'],
    ['HELD', 'POSITIONING', 'UNDER_WAY'],
    ['IN_PROGRESS', 'LIFTING', 'UNDER_WAY'],
    ['CLEARED', 'COMPLETED', 'DONE'],
    ['REJECTED', null, 'REFUSED'],
    ['CANCELLED', 'ABORTED_SAFE', 'CALLED_OFF'],
    ['ABNORMAL', 'COMPLETED', 'ABNORMAL'],
  ])('%s in step %s is %s', (state, swapState, stage) => {
    expect(stageOf({ state, swapState })).toBe(stage);
  });

  it('is choosing without an order', () => {
    expect(stageOf(null)).toBe('CHOOSING');
  });

  it('is with the open order of his truck that began last, else with the one that ended before his eyes', () => {
    const orders = [
      order('OLD', { state: 'CLEARED', createdAt: '2026-11-22T01:00:00Z' }),
      order('ENDED', { state: 'CLEARED', createdAt: '2026-11-22T02:00:00Z' }),
      order('OTHERS', { state: 'HELD', truckId: 'T002', createdAt: '2026-11-22T03:00:00Z' }),
    ];
    expect(orderOfTrip(orders, 'T001', null)).toBeNull();
    expect(orderOfTrip(orders, 'T001', 'ENDED')?.id).toBe('ENDED');
    const open = [
      ...orders,
      order('FIRST', { state: 'QUOTED', createdAt: '2026-11-22T02:10:00Z' }),
      order('NEXT', { state: 'HELD', createdAt: '2026-11-22T02:20:00Z' }),
    ];
    expect(orderOfTrip(open, 'T001', 'ENDED')?.id).toBe('NEXT');
    expect(orderOfTrip(orders, 'T001', 'OTHERS')).toBeNull();
  });
});

it('puts a bill into three lines that sum to what is paid, a component of no part among the last', () => {
  const bill = billOf('O-1');
  expect(billInThree(bill).map(({ amountFen }) => amountFen)).toEqual(['12650', '6560', '9690']);
  const lines = [...bill.lines, { ...bill.lines[0], component: 'MODE_ADJUSTMENT', amountFen: '-3294' } as (typeof bill.lines)[number]];
  const parts = billInThree({ lines });
  expect(sumFen(parts.map(({ amountFen }) => amountFen ?? ''))).toBe(sumFen(lines.map(({ amountFen }) => amountFen)));
  expect(parts[2]).toEqual({ part: 'SERVICE', amountFen: '6396' });
});
