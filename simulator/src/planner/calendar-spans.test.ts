import { expect, it } from 'vitest';
import type { SwapRow } from '../measures/measures.ts';
import { calendarSpans, mergedSpans } from './calendar-spans.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const swap = (day: number, waitMs: number): SwapRow => ({
  atMs: day * DAY_MS + waitMs,
  stationId: 'S1',
  truck: 'truck:1',
  heading: null,
  waitMs,
  serviceMs: 300_000,
  returnedWh: 0,
  issuedWh: 0,
});
/** 50 kWh an hour from the first midnight on, and a swap a day that waits as many minutes as the day has for a number. */
function run(days: number) {
  const none = new Float64Array(days * 24);
  const hourly = [{ arrivals: none, swaps: none, lost: none, waitMs: none, chargedWh: none.map(() => 50_000) }];
  return { swaps: Array.from({ length: days }, (_, day) => swap(day, day * 60_000)), unendedWaits: [], hourly };
}

it('tells months by what came in them, with the part of each that counts', () => {
  // From the 20th of July on: 2 days of warm-up, 10 days of July, 31 of August, 10 of September.
  const spans = calendarSpans({ startsOn: '2026-07-20', days: 53, warmUpDays: 2 }, run(53));
  expect(spans.map(({ of, days, swapsPerDay }) => [of, days, swapsPerDay])).toEqual([
    ['2026-07', 10, 1],
    ['2026-08', 31, 1],
    ['2026-09', 10, 1],
  ]);
  expect(spans.map(({ waitMsP95 }) => (waitMsP95 ?? Number.NaN) / 60_000)).toEqual([11, 41, 52]);
  for (const { chargingW } of spans) expect(chargingW).toBeCloseTo(50_000 / 0.931, 6);
});

it('counts who waits still where he came, and knows no wait of a month to which nobody came', () => {
  const spans = calendarSpans(
    { startsOn: '2026-07-20', days: 53, warmUpDays: 0 },
    { ...run(53), swaps: [swap(1, 60_000)], unendedWaits: [{ stationId: 'S1', waitMs: 8 * DAY_MS }] },
  );
  expect(spans.map(({ waitMsP95 }) => waitMsP95)).toEqual([60_000, null, 8 * DAY_MS]);
});

it('goes by years where months would be too many, and says nothing within a month or without a date', () => {
  const years = calendarSpans({ startsOn: '2026-07-20', days: 1_200, warmUpDays: 0 }, run(1_200));
  expect(years.map(({ of }) => of)).toEqual(['2026', '2027', '2028', '2029']);
  expect(calendarSpans({ startsOn: '2026-07-01', days: 31, warmUpDays: 0 }, run(31))).toEqual([]);
  expect(calendarSpans({ days: 53, warmUpDays: 0 }, run(53))).toEqual([]);
});

it('takes means over runs, of waits over those that have one', () => {
  const span = { of: '2026-07', days: 10, swapsPerDay: 1, waitMsP95: 60_000, chargingW: 1_000 };
  expect(mergedSpans([[span], [{ ...span, swapsPerDay: 3, waitMsP95: null, chargingW: 3_000 }]])).toEqual([
    { ...span, swapsPerDay: 2, chargingW: 2_000 },
  ]);
});
