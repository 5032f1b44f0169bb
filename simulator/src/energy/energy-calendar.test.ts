import { expect, it } from 'vitest';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { EnergyCalendar } from './energy-calendar.ts';
import { EnergyMeter } from './energy-meter.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

it('prices each instant of the horizon, the last one by its last hour, and none that has no price by nothing', () => {
  const scenario = { ...shippedScenario('corridor-base.json'), days: 2, warmUpDays: 0 };
  const calendar = new EnergyCalendar(scenario);
  for (let atMs = 0; atMs <= 2 * DAY_MS; atMs += HOUR_MS / 2) expect(calendar.priceAt(0, atMs)?.nanoYuanPerKwh).toBeGreaterThan(0);
  expect(calendar.priceAt(0, 2 * DAY_MS)).toEqual(calendar.priceAt(0, 2 * DAY_MS - 1));
  expect(() => calendar.priceAt(0, -1)).toThrow('no price -1 ms after the first midnight');
  expect(() => calendar.priceAt(scenario.stations.length, 0)).toThrow(`prices of station ${scenario.stations.length}`);
  const { tariffs: _, ...free } = scenario;
  expect(new EnergyCalendar(free).priceAt(0, 0)).toBeNull();
});

it('refuses energy beyond the horizon, which a typed array would lose in silence', () => {
  const meter = new EnergyMeter(1, false);
  meter.add(DAY_MS - HOUR_MS, DAY_MS, 1_000);
  expect(meter.quartersWh.reduce((sum, wh) => sum + wh, 0)).toBeCloseTo(1_000, 9);
  expect(() => meter.add(DAY_MS, DAY_MS + HOUR_MS, 1_000)).toThrow('place 97 of 97 sums');
});
