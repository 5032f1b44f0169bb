import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import { runFull } from '../full/full-run.ts';
import { smallCorridor } from '../full/small-corridor.fixture.ts';
import { resultOf } from '../planner/result.ts';
import { LOADS_HEAD, loadLines } from '../planner/result-lines.ts';
import { runShapes } from '../planner/run-shapes.ts';
import type { ScenarioRun } from '../run/scenario-run.ts';
import type { Scenario, TripsPlan } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { warningWords } from '../scenario/warning.ts';

const HOUR_MS = 3_600_000;

/** One truck, whose round trip takes a little over five hours, and a load each so many hours. */
function oneTruck(hours: number, changes: Partial<Scenario> = {}): Scenario {
  const small = smallCorridor(changes);
  const departures: TripsPlan['departures'] = { kind: 'interval', between: { kind: 'deterministic', valueMs: hours * HOUR_MS } };
  return { ...small, fleets: small.fleets.map((fleet) => ({ ...(fleet as TripsPlan), departures })) };
}

function resultFor(scenario: Scenario, ...runs: ScenarioRun[]) {
  const results = runs.map(({ seed, events, total, stations, ...whole }) => ({
    run: { seed, events, total, stations },
    shapes: runShapes(scenario, whole),
    orders: '',
    timeseries: '',
    loads: '',
    statements: '',
  }));
  return resultOf({ ...scenario, seeds: { first: 1, count: runs.length } }, results, []);
}

const MODELS = { coarse: runCoarse, full: runFull } as const;

it.each(['coarse', 'full'] as const)('tells the loads that wait for a truck, and that the fleet does not carry them: %s', (model) => {
  const scenario = { ...oneTruck(2), model, days: 4, warmUpDays: 1 };
  const run = MODELS[model]({ scenario, seed: 1, engine: 'compiled', detailed: true });
  const { total, warnings, isStable, unsettled } = resultFor(scenario, run);
  const figure = (kpi: string) => total[kpi]?.mean ?? Number.NaN;
  // A load each two hours, and a truck that takes one each five: of five three are left.
  const carried = figure('tripsPerDay');
  const left = 4 * (12 - carried);
  expect(Math.abs(figure('loadsWaitingAtEnd.haul') - left)).toBeLessThan(3);
  expect(figure('loadsWaitingMost')).toBeGreaterThanOrEqual(figure('loadsWaitingAtEnd.haul'));
  // It grows evenly from the first day on; the warm-up's loads are not forgotten.
  expect(Math.abs(figure('loadsWaitingMean') / (left * (2.5 / 4)) - 1)).toBeLessThan(0.1);
  expect([isStable, unsettled]).toEqual([false, []]);
  expect(warnings.map((warning) => warningWords(warning).en)).toEqual([
    expect.stringMatching(
      /^\/fleets\/0\/trucks: 1; more trucks, or fewer departures: \d+ loads wait for one when a run ends, \d\d % of those that came, and 6(\.\d)? more with each day/,
    ),
  ]);
});

it('has nothing to say of a fleet that carries its loads', () => {
  const scenario: Scenario = { ...oneTruck(6), model: 'coarse', days: 4 };
  const run = runCoarse({ scenario, seed: 1, engine: 'compiled', detailed: true });
  const { total, warnings, isStable } = resultFor(scenario, run);
  expect([total['loadsWaitingMean']?.mean, total['loadsWaitingMost']?.mean, isStable, warnings]).toEqual([0, 0, true, []]);
});

it('tells no loads where trucks go on without an end, and no trips where there are none', () => {
  const { total: endless } = runCoarse({ scenario: { ...smallCorridor(), model: 'coarse' }, seed: 1, engine: 'compiled' });
  expect(endless).not.toHaveProperty('loadsWaitingMean');
  for (const file of ['queue-m-m-1.json', 'queue-repairman.json']) {
    const { total } = runCoarse({ scenario: shippedScenario(file, { days: 4 }), seed: 1, engine: 'compiled' });
    const { tripsPerDay, distanceMPerTruckDay, towedMPerTruckDay, downtimeMsPer550Km } = total;
    expect([tripsPerDay, distanceMPerTruckDay, towedMPerTruckDay, downtimeMsPer550Km], file).toEqual([null, null, null, null]);
  }
});

it('tells downtime of the time that counts, and of trucks that drove far enough only', () => {
  const dark = (fromDay: number): NonNullable<Scenario['faults']> => [
    { kind: 'blackout', stationId: 'M1', fromDay, durationMs: 30 * 24 * HOUR_MS },
  ];
  const downtime = (changes: Partial<Scenario>) =>
    (['coarse', 'full'] as const).map((model) => {
      const scenario = { ...smallCorridor({ days: 6, warmUpDays: 1, ...changes }), model };
      return MODELS[model]({ scenario, seed: 1, engine: 'compiled' }).total['downtimeMsPer550Km'];
    });
  // It stands from the first morning on: it drove nothing that counts, or a little more than nothing.
  expect(downtime({ faults: dark(0.2) })).toEqual([null, null]);
  expect(downtime({ faults: dark(1.05) })).toEqual([null, null]);
  const usual = downtime({});
  for (const told of usual) expect(told).toBeGreaterThan(0);
  // Two days of standing at the end, over three days of driving some 400 km each.
  for (const told of downtime({ faults: dark(4) })) expect(told).toBeLessThan(4 * 24 * HOUR_MS);
});

/** Twelve trucks at a station with room for all; loads come as often as the fleet carries, times this. */
function asked(ratio: number, days: number): Scenario {
  const small = smallCorridor({ days, warmUpDays: 0 }, { bays: 3, packs: 20, chargers: 20, gridLimitW: 9_000_000 });
  const departures: TripsPlan['departures'] = { kind: 'poisson', perHour: (ratio * CARRIED_PER_DAY) / 24 };
  const fleets = small.fleets.map((fleet) => ({ ...(fleet as TripsPlan), trucks: 12, legVariationRatio: 0.2, departures }));
  return { ...small, model: 'coarse', fleets };
}
/** By these trucks when they never wait for a load. */
const CARRIED_PER_DAY = 71;

const runsOf = (scenario: Scenario, seeds: number): ScenarioRun[] =>
  Array.from({ length: seeds }, (_, index) => runCoarse({ scenario, seed: index + 1, engine: 'compiled', detailed: true }));
const toldOf = ({ isStable, warnings }: ReturnType<typeof resultFor>) => [isStable, warnings.map(({ code }) => code)];

it('carries as many loads as it is said here', () => {
  const scenario = asked(2, 30);
  expect(Math.abs((runsOf(scenario, 1)[0]?.total['tripsPerDay'] ?? 0) / CARRIED_PER_DAY - 1)).toBeLessThan(0.02);
});

it('takes no short run for unstable because loads wait when it happens to end', () => {
  const scenario = asked(0.9, 2);
  const runs = runsOf(scenario, 30);
  const ends = runs.filter(
    ({ total }) => (total['loadsWaitingAtEnd.haul'] ?? 0) >= 2 && (total['loadsWaitingAtEndRatio.haul'] ?? 0) >= 0.02,
  );
  expect(ends.length).toBeGreaterThan(4);
  // In a run of two days chance may look like growth, once in sixty.
  expect(ends.filter((run) => !resultFor(scenario, run).isStable).length).toBeLessThanOrEqual(1);
  expect(toldOf(resultFor(scenario, ...ends.slice(0, 5)))).toEqual([true, []]);
  expect(toldOf(resultFor(scenario, ...runs))).toEqual([true, []]);
});

it('takes a fleet for unstable of which a third more is asked than it carries, by any run', () => {
  const scenario = asked(4 / 3, 4);
  const runs = runsOf(scenario, 10);
  for (const run of runs) expect(toldOf(resultFor(scenario, run)), `SEED=${run.seed}`).toEqual([false, ['LOADS_WAIT_AT_END']]);
  const { total, ...result } = resultFor(scenario, ...runs);
  expect(toldOf({ total, ...result })).toEqual([false, ['LOADS_WAIT_AT_END']]);
  // What is asked and not carried.
  const growth = total['loadsWaitingGrowthPerDay.haul'];
  expect(growth?.low).toBeLessThan(CARRIED_PER_DAY / 3);
  expect(growth?.high).toBeGreaterThan(CARRIED_PER_DAY / 3);
});

it('tells a fleet that is nearly too small from one that is a little too small, by two weeks', () => {
  const [nearly, little] = [0.95, 1.05].map((ratio) => {
    const scenario = asked(ratio, 14);
    return resultFor(scenario, ...runsOf(scenario, 10));
  });
  expect(nearly && toldOf(nearly)).toEqual([true, []]);
  expect(little && toldOf(little)).toEqual([false, ['LOADS_WAIT_AT_END']]);
});

it('tells loads by the hour, for a table and a picture, with all that came set out or waiting at the end', () => {
  const scenario = { ...asked(4 / 3, 12), warmUpDays: 2 };
  const [one, other] = runsOf(scenario, 2);
  if (one === undefined || other === undefined) throw new TypeError('two runs');
  const rows = loadLines(one)
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  expect([rows.length, rows[0]?.length, LOADS_HEAD.split(',').length]).toEqual([12 * 24, 6, 6]);
  expect(rows.map(([seed, hour, fleetId]) => [seed, hour, fleetId])).toEqual(rows.map((_, hour) => ['1', String(hour), 'haul']));
  const sum = (column: number, from = 0) => rows.slice(from).reduce((total, row) => total + Number(row[column]), 0);
  expect(sum(3) - sum(4)).toBe(one.total['loadsWaitingAtEnd.haul']);
  expect(sum(5, 48) / 240).toBeCloseTo(one.total['loadsWaitingMean'] ?? Number.NaN, 3);
  const { shapes } = resultFor(scenario, one, other);
  const [fleet] = shapes?.loads ?? [];
  // 288 hours in two hundred points at most.
  expect([fleet?.fleetId, fleet?.stepHours, fleet?.waiting.length]).toEqual(['haul', 2, 144]);
  const bothAt = (hour: number) => [one, other].reduce((total, { loads }) => total + (loads[0]?.waiting[hour] ?? Number.NaN), 0) / 2;
  expect(fleet?.waiting.at(-1)).toBeCloseTo((bothAt(286) + bothAt(287)) / 2, 9);
});
