import { Prng } from '@corridor/actors/time/prng';
import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import { readScenario } from './read-scenario.ts';
import { plannedConditions, RunWeather } from './run-weather.ts';
import type { Scenario } from './scenario.schema.ts';
import { shippedScenario } from './scenario-folder.ts';
import type { Climate } from './weather.schema.ts';

const HOUR_MS = 3_600_000;
const base = shippedScenario('corridor-base.json', { days: 6 });
const { cellTempC: _, ...pack } = base.pack;
const CELLS = { aboveAirK: 10, heatedToC: 12, cooledToC: 33 };
const climate = (monthMeanC: number[], changes: Partial<Climate> = {}): Scenario => ({
  ...base,
  pack,
  weather: { kind: 'climate', monthMeanC, dayRangeK: 0, dayDepartureK: 0, cells: CELLS, ...changes },
});
const always = (airC: number, changes: Partial<Climate> = {}) =>
  climate(
    Array.from({ length: 12 }, () => airC),
    changes,
  );
const yearLong = (scenario: Scenario): Scenario => ({ ...scenario, startsOn: '2026-01-01', days: 365 });
/** By the hour, from the first midnight on. */
const hoursOf = (scenario: Scenario, count: number, seed: number | null = null) => {
  const weather = new RunWeather(scenario, seed === null ? null : new Prng(seed));
  return Array.from({ length: count }, (_, hour) => weather.at(hour * HOUR_MS));
};

it('goes from the figures of summer to those of winter as the air does, and holds cells between heater and cooler', () => {
  const at = (airC: number) => hoursOf(always(airC), 1)[0];
  expect([30, 20, 7.5, -5, -20].map(at)).toEqual([
    { coldRatio: 0, cellTempC: 33 },
    { coldRatio: 0, cellTempC: 30 },
    { coldRatio: 0.52, cellTempC: 17.5 },
    { coldRatio: 1, cellTempC: 12 },
    { coldRatio: 1, cellTempC: 12 },
  ]);
});

it('is coldest at three in the morning, and in the middle of the coldest month', () => {
  const day = hoursOf(always(10, { dayRangeK: 10 }), 24).map(({ cellTempC }) => cellTempC);
  expect([day[3], day[15], day[9], Math.min(...day), Math.max(...day)]).toEqual([15, 25, 20, 15, 25]);
  const months = [-3, 0, 6, 14, 20, 25, 27, 25, 20, 13, 5, -1];
  const year = hoursOf(yearLong(climate(months)), 365 * 24).filter((_, hour) => hour % 24 === 0);
  // Middle of July, cells 10 K warmer than air of 27 °C; between the middles of March and April half of each.
  expect(year[195]?.cellTempC).toBe(33);
  expect(year[89]?.cellTempC).toBeCloseTo(10 + 10, 0);
  // The first of January lies between December and January.
  expect(year[0]?.coldRatio).toBe(Math.round(20 + 2) / 25);
});

it('draws each day anew, the same in every scenario with a seed, and with the deviation that was asked for', () => {
  const restless = yearLong(always(7.5, { dayDepartureK: 4, cells: { aboveAirK: 20, heatedToC: 0, cooledToC: 55 } }));
  const days = hoursOf(restless, 365 * 24, 3).filter((_, hour) => hour % 24 === 0);
  expect(hoursOf({ ...restless, stations: [], fleets: [] }, 365 * 24, 3).filter((_, hour) => hour % 24 === 0)).toEqual(days);
  const air = days.map(({ cellTempC }) => cellTempC - 20);
  const mean = air.reduce((sum, each) => sum + each / air.length, 0);
  const deviation = Math.sqrt(air.reduce((sum, each) => sum + (each - mean) ** 2 / (air.length - 1), 0));
  // Three standard errors of 365 draws.
  expect(Math.abs(mean - 7.5)).toBeLessThan(0.65);
  expect(Math.abs(deviation - 4)).toBeLessThan(0.45);
});

it('runs as SUMMER or WINTER do where the air is always theirs, to the last byte', () => {
  const run = (scenario: Scenario) => runCoarse({ scenario, seed: 1, engine: 'compiled', detailed: true });
  expect(run(always(25, { cells: { ...CELLS, aboveAirK: 0 } }))).toEqual(run(base));
  const winter = { ...base, weather: 'WINTER' as const, pack: { ...pack, cellTempC: 12 } };
  expect(run(always(-10))).toEqual(run(winter));
});

it('takes more energy, and charges slower, in the cold of the same run', () => {
  const { tariffs: __, ...half } = climate([-5, -5, -5, -5, -5, -5, 25, 25, 25, 25, 25, 25]);
  const consumption = (scenario: Scenario) =>
    runCoarse({ scenario, seed: 1, engine: 'compiled' }).total['consumptionWhPerKm'] ?? Number.NaN;
  const january = consumption({ ...half, startsOn: '2026-03-01' });
  const august = consumption({ ...half, startsOn: '2026-09-01' });
  // Winter takes a good tenth more (domain figures of the 49 t truck: 1,135 against 1,003 Wh/km westbound).
  expect(january / august).toBeGreaterThan(1.1);
  expect(january / august).toBeLessThan(1.25);
});

it('is planned for by the coldest hour where a pack must last, and by the mean where queues are judged', () => {
  const { coldest, mean } = plannedConditions(yearLong(climate([-20, 0, 6, 14, 20, 25, 27, 25, 20, 13, 5, -1])));
  expect(coldest).toEqual({ coldRatio: 1, cellTempC: 12 });
  expect([mean.coldRatio > 0.2, mean.coldRatio < 0.6, mean.cellTempC > 15, mean.cellTempC < 28]).toEqual([true, true, true, true]);
});

it.each<[string, Scenario, string]>([
  [
    'cells that are told twice',
    { ...always(10), pack: base.pack },
    '/pack/cellTempC: 25; nothing: in a climate cells go by /weather/cells',
  ],
  ['cells that nobody tells', { ...base, pack }, '/pack/cellTempC: missing; cells while they are charged [°C]: "SUMMER" does not tell it'],
  [
    'cells that are cooled below their heater',
    always(10, { cells: { ...CELLS, cooledToC: 5 } }),
    '/weather/cells/cooledToC: 5; at least heatedToC, 12',
  ],
  [
    'eleven months',
    climate([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    '/weather/monthMeanC: [1,2,3,4,5,6,7,8,9,10,11]; a list of 12 to 12 items',
  ],
  [
    'another kind',
    { ...base, weather: { ...(climate([]).weather as Climate), kind: 'storm' as 'climate' } },
    '/weather/kind: "storm"; one of climate',
  ],
])('refuses %s', (_, scenario, told) => {
  expect(() => readScenario(JSON.stringify(scenario))).toThrow(told);
});

it('refuses a climate without a date, and a leg that no pack covers in its coldest hour', () => {
  const { startsOn: __, tariffs: ___, ...undated } = always(10);
  expect(() => readScenario(JSON.stringify(undated))).toThrow('/startsOn: missing; the local date of the first day: a climate goes by');
  const weak = { ...always(-10), pack: { ...pack, nominalWh: 240_000 } };
  expect(() => readScenario(JSON.stringify(weak))).toThrow(/legs that a pack covers: .* kWh, in the coldest hour of the run/);
});
