import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import type { ScenarioRun } from '../run/scenario-run.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';

const BASE = shippedScenario('station-irregular-arrivals.json', { days: 9 });
const [STATION] = BASE.stations;
if (STATION === undefined) throw new Error('no station');
const { pv: _, ...WITHOUT_SUN } = STATION;

/** One station with ten packs and three trucks an hour. */
const posed = (changes: Partial<Scenario>, station: Partial<Scenario['stations'][number]> = {}): Scenario => ({
  ...BASE,
  warmUpDays: 1,
  fleets: BASE.fleets.map((fleet) => (fleet.kind === 'visits' ? { ...fleet, arrivals: { kind: 'poisson', perHour: 3 } } : fleet)),
  ...changes,
  stations: [{ ...WITHOUT_SUN, packs: 10, chargers: 10, gridLimitW: 4_000_000, ...station }],
});
const run = (scenario: Scenario): ScenarioRun => runCoarse({ scenario, seed: 4, engine: 'compiled', detailed: true });
const figure = ({ total }: ScenarioRun, kpi: string): number => {
  const value = total[kpi];
  if (typeof value !== 'number') throw new TypeError(`${kpi} is ${value}`);
  return value;
};
/** Power by the hour from the first midnight on [W]. */
const powersW = ({ hourly }: ScenarioRun): number[] => [...(hourly[0]?.chargedWh ?? [])].map((wh) => wh / 0.931);

it('tells energy by the hours in which it flows, all of it, and its price', () => {
  const whole = run(posed({}));
  const byPeriod = ['Sharp', 'Peak', 'Flat', 'Valley', 'DeepValley'].reduce(
    (sum, period) => sum + figure(whole, `gridWh${period}PerDay`),
    0,
  );
  expect(byPeriod).toBeCloseTo(figure(whole, 'gridWhPerDay'), 3);
  expect(figure(whole, 'gridWhPerDay') / (figure(whole, 'chargedWhPerDay') / 0.931)).toBeCloseTo(1, 6);
  expect(figure(whole, 'pvWhPerDay')).toBe(0);
  const flat = posed({
    tariffs: (BASE.tariffs ?? []).map((tariff) => ({
      ...tariff,
      prices: tariff.prices.map(({ period }) => ({ period, priceNanoYuanPerKwh: '700000000' })),
    })),
  });
  expect(figure(run(flat), 'energyCostFenPerKwh')).toBeCloseTo(70, 6);
});

it('charges off peak where it may: cheaper, and nobody waits much longer', () => {
  const [always, offPeak] = [run(posed({})), run(posed({ policies: { charging: 'off-peak' } }))];
  const dear = (whole: ScenarioRun) =>
    (figure(whole, 'gridWhSharpPerDay') + figure(whole, 'gridWhPeakPerDay')) / figure(whole, 'gridWhPerDay');
  expect(dear(offPeak)).toBeLessThan(dear(always) * 0.9);
  expect(figure(offPeak, 'energyCostFenPerKwh')).toBeLessThan(figure(always, 'energyCostFenPerKwh'));
  expect(figure(offPeak, 'swapsPerDay')).toBeCloseTo(figure(always, 'swapsPerDay'), 0);
});

it('uses more of the sun when the sun comes first', () => {
  const pv = { pv: { peakW: 1_500_000, clearSkyRatio: 0.8 } };
  const [always, sunny] = [run(posed({}, pv)), run(posed({ policies: { charging: 'pv-first' } }, pv))];
  expect(figure(always, 'pvRatio')).toBeGreaterThan(0.1);
  expect(figure(sunny, 'pvRatio')).toBeGreaterThan(figure(always, 'pvRatio') * 1.03);
  // What the sun gives costs nothing: of all energy into packs a part is free.
  expect(figure(always, 'energyCostFenPerKwh')).toBeCloseTo(
    (figure(always, 'energyCostFenPerDay') / figure(always, 'chargedWhPerDay')) * 1_000,
    6,
  );
  expect(figure(always, 'energyCostFenPerKwh')).toBeLessThan(figure(run(posed({})), 'energyCostFenPerKwh') * 0.95);
});

it('keeps to a limit that is asked for, and charges all the same', () => {
  const limitSignalW = Array.from({ length: 24 }, (_, hour) => (hour >= 17 && hour < 21 ? 250_000 : 1_500_000));
  const free = run(posed({}, { limitSignalW }));
  const kept = run(posed({ policies: { charging: 'limit-following' } }, { limitSignalW }));
  const evening = (whole: ScenarioRun) => Math.max(...powersW(whole).filter((_, hour) => hour % 24 >= 17 && hour % 24 < 21));
  expect(evening(free)).toBeGreaterThan(400_000);
  expect(evening(kept)).toBeLessThanOrEqual(250_000 * 1.001);
  expect(Math.max(...powersW(kept))).toBeGreaterThan(500_000);
  expect(figure(kept, 'swapsPerDay')).toBeCloseTo(figure(free, 'swapsPerDay'), 0);
});

it('shares a small connection among those that are charged', () => {
  const small = run(posed({}, { gridLimitW: 600_000 }));
  expect(Math.max(...powersW(small))).toBeLessThanOrEqual(600_000 * 1.001);
  expect(figure(small, 'gridPowerWPeak')).toBeGreaterThan(599_000);
});

it('begins nothing while a station has no power, and goes on where it was', () => {
  const faults: Scenario['faults'] = [{ kind: 'blackout', stationId: STATION.id, fromDay: 3.5, durationMs: 6 * 3_600_000 }];
  const dark = run(posed({ faults }));
  const [fromMs, untilMs] = [3.5 * 86_400_000, 3.75 * 86_400_000];
  expect(dark.swaps?.some(({ atMs }) => atMs > fromMs && atMs < untilMs)).toBe(false);
  expect(dark.swaps?.some(({ atMs }) => atMs === untilMs)).toBe(true);
  expect(powersW(dark).slice(84, 90)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(powersW(dark)[90]).toBeGreaterThan(0);
  expect(figure(dark, 'waitMsMean')).toBeGreaterThan(figure(run(posed({})), 'waitMsMean'));
});

it.each(['longest-ready', 'fullest', 'least-used'] as const)('gives out the %s pack and loses none', (choosePack) => {
  expect(figure(run(posed({ policies: { choosePack } })), 'swapsPerDay')).toBeGreaterThan(60);
});

const CORRIDOR = { ...shippedScenario('corridor-base.json'), days: 4, warmUpDays: 1 };

it.each(['nearest', 'fewest-waiting', 'cheapest', 'reservation'] as const)('sends trucks by %s, and none gets lost', (chooseStation) => {
  const live = run(CORRIDOR);
  const other = run({ ...CORRIDOR, policies: { chooseStation } });
  expect(figure(other, 'tripsPerDay')).toBeGreaterThan(40);
  expect(other.total).not.toEqual(live.total);
  // Who stops at the nearest one stops most often; the others go as far as the pack carries them, or nearly.
  if (chooseStation === 'nearest') expect(figure(other, 'swapsPerDay')).toBeGreaterThan(figure(live, 'swapsPerDay') * 1.3);
});

it('sends nobody to a station without power that need not go there', () => {
  const faults: Scenario['faults'] = [{ kind: 'blackout', stationId: 'RC1', fromDay: 2, durationMs: 86_400_000 }];
  const arrivals = (whole: ScenarioRun) => [...(whole.hourly[8]?.arrivals ?? [])].slice(54, 72).reduce((sum, count) => sum + count, 0);
  expect(arrivals(run({ ...CORRIDOR, faults }))).toBeLessThan(arrivals(run(CORRIDOR)) * 0.6);
});
