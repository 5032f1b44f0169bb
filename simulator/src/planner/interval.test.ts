import { expect, it } from 'vitest';
import { rangeOf } from '../measures/figure-range.ts';
import { interval95, studentT975 } from './interval.ts';

it.each([
  [1, 12.706],
  [6, 2.447],
  [7, 2.365],
  [9, 2.262],
  [19, 2.093],
  [29, 2.045],
  [99, 1.984],
])('knows the 97.5 %% point of t with %d degrees of freedom', (degrees, tabled) => {
  expect(studentT975(degrees)).toBeCloseTo(tabled, 3);
});

it('gives the mean and how sure it is', () => {
  const found = interval95([10, 12, 14, 16, 18]);
  expect(found).toMatchObject({ mean: 14, runs: 5 });
  expect(found?.low).toBeCloseTo(14 - 2.7764 * Math.sqrt(10 / 5), 6);
  expect(interval95([7])).toEqual({ mean: 7, low: null, high: null, runs: 1 });
  expect(interval95([])).toBeNull();
});

it('ends where the figure does: no wait is below 0, no share beyond 0 and 1, and what a party earns may be anything', () => {
  const few = [0, 0.9];
  const open = interval95(few);
  expect(open?.low).toBeLessThan(-5);
  expect(interval95(few, rangeOf('waitMsMean'))).toEqual({ ...open, low: 0 });
  expect(interval95(few, rangeOf('lostRatio'))).toEqual({ ...open, low: 0, high: 1 });
  for (const kpi of ['incomeFenPerDay.C1', 'owedFenAtEnd.SO1', 'payableFenPerBill', 'payableFenPerDay', 'energyImbalanceWh'])
    expect(interval95(few, rangeOf(kpi))).toEqual(open);
});
