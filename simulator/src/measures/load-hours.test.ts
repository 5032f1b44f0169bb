import { expect, it } from 'vitest';
import { LoadHours } from './load-hours.ts';

const HOUR_MS = 3_600_000;

/** So many wait in each hour. */
function waited(days: number, waitingAt: (hour: number) => number): LoadHours {
  const hours = new LoadHours(days);
  for (let hour = 0; hour < days * 24; hour += 1) hours.pass(waitingAt(hour), hour * HOUR_MS, (hour + 1) * HOUR_MS);
  return hours;
}
const OF_TIME = { warmUpDays: 0, followsDay: false };

it('tells by how many loads become more with each day', () => {
  // A step an hour.
  expect(waited(9, (hour) => hour).growth({ ...OF_TIME, days: 9 })).toEqual({ perDay: 24, least: 144 });
  expect(waited(1, (hour) => hour).growth({ ...OF_TIME, days: 1 })).toEqual({ perDay: 24, least: 16 });
  expect(waited(6, () => 5).growth({ ...OF_TIME, days: 6 })).toEqual({ perDay: 0, least: 5 });
  expect(waited(6, (hour) => 143 - hour).growth({ ...OF_TIME, days: 6 })).toEqual({ perDay: -24, least: 0 });
});

it('leaves out the warm-up, and how a queue fills up first', () => {
  const filled = waited(10, (hour) => Math.min(hour, 4 * 24));
  expect(filled.growth({ ...OF_TIME, days: 10, warmUpDays: 1 })).toEqual({ perDay: 0, least: 96 });
});

it('compares whole days, for more wait each evening, and says nothing of less than three days of loads that follow the day', () => {
  const evenings = (hour: number) => (hour % 24 >= 18 ? 8 : 0);
  for (const days of [3, 4, 5, 7]) expect(waited(days, evenings).growth({ ...OF_TIME, days })?.perDay, `${days} days`).toBe(0);
  expect(waited(2, evenings).growth({ warmUpDays: 0, days: 2, followsDay: true })).toBeNull();
  expect(waited(0.1, () => 3).growth({ ...OF_TIME, days: 0.1 })).toBeNull();
});

it('tells the mean of each hour, and a last hour that is not whole', () => {
  const hours = new LoadHours(0.0625);
  hours.pass(4, 0.5 * HOUR_MS, 1.25 * HOUR_MS);
  hours.pass(0, 1.25 * HOUR_MS, 1.5 * HOUR_MS);
  hours.count('came', 1.5 * HOUR_MS);
  expect([...hours.waitingMean(1.5 * HOUR_MS)]).toEqual([2, 2]);
  expect([...hours.came]).toEqual([0, 1]);
});
