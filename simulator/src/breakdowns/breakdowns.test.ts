import { describe, expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import { engineDifference } from '../coarse/engine-comparison.ts';
import { runFull } from '../full/full-run.ts';
import { smallCorridor } from '../full/small-corridor.fixture.ts';
import { EventsExceededError } from '../kernel/events-exceeded.ts';
import { holds, intervalOf } from '../planner/theory-trial.ts';
import type { ScenarioRun } from '../run/scenario-run.ts';
import { problemText, ScenarioError } from '../scenario/problem.ts';
import { readScenario } from '../scenario/read-scenario.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { warningWords } from '../scenario/warning.ts';

const HOUR_MS = 3_600_000;
const QUEUE = shippedScenario('queue-m-m-2.json');
/** Parts break by the calendar: hardly anybody has to come. */
const QUIET: Scenario = {
  ...QUEUE,
  fleets: QUEUE.fleets.map((fleet) => (fleet.kind === 'visits' ? { ...fleet, arrivals: { kind: 'poisson', perHour: 0.1 } } : fleet)),
};
type Fault = NonNullable<Scenario['faults']>[number];

const MTBF_MS = 40 * HOUR_MS;
const broken = (part: 'charger' | 'bay' | 'station', repairTime: Scenario['stations'][number]['swapTime']): Fault => ({
  kind: 'breakdowns',
  part,
  mtbfMs: MTBF_MS,
  repairTime,
});
const FOUR_HOURS = { kind: 'exponential', meanMs: 4 * HOUR_MS } as const;
const run = (scenario: Scenario, seed: number): ScenarioRun => runCoarse({ scenario, seed, engine: 'compiled', detailed: true });

describe.each([
  ['charger', 'chargerAvailableRatio', FOUR_HOURS],
  ['bay', 'bayAvailableRatio', { kind: 'lognormal', medianMs: 4 * HOUR_MS * Math.exp(-0.125), sigma: 0.5 }],
  ['station', 'powerAvailableRatio', { kind: 'deterministic', valueMs: 4 * HOUR_MS }],
] as const)('%s', (part, kpi, repairTime) => {
  it('works for MTBF / (MTBF + MTTR) of the time, whatever the repair times look like', () => {
    const scenario: Scenario = { ...QUIET, days: 120, warmUpDays: 5, faults: [broken(part, repairTime)] };
    const experiments = [1, 2, 3].map((first) => Array.from({ length: 8 }, (_, index) => run(scenario, first * 100 + index).total));
    const intervals = experiments.map((runs) => intervalOf(runs, kpi));
    const expected = 40 / 44;
    expect(intervals.filter((interval) => holds(interval, expected)).length, JSON.stringify(intervals)).toBeGreaterThanOrEqual(2);
    expect(intervals.some((interval) => holds(interval, expected * 0.97))).toBe(false);
  });
});

it('breaks each part at the same instants, whatever else is in the scenario: common random numbers', () => {
  const faults = [broken('bay', FOUR_HOURS)];
  const one = run({ ...QUEUE, days: 30, faults }, 3);
  const more = run(
    {
      ...QUEUE,
      days: 30,
      faults: [broken('charger', FOUR_HOURS), ...faults],
      stations: QUEUE.stations.map((each) => ({ ...each, packs: 40 })),
    },
    3,
  );
  expect(more.total['bayAvailableRatio']).toBe(one.total['bayAvailableRatio']);
  expect(more.total['bayFailuresPerDay']).toBe(one.total['bayFailuresPerDay']);
});

it('tells no availability where nothing can fail', () => {
  expect(Object.keys(run({ ...QUEUE, days: 2 }, 1).total).filter((kpi) => kpi.includes('Available'))).toEqual([]);
});

it('makes trucks wait: more with bays that break, most with a station that does', () => {
  const waits = [[], [broken('bay', FOUR_HOURS)], [broken('station', FOUR_HOURS)]].map(
    (faults) => run({ ...QUEUE, days: 60, faults }, 5).total['waitMsMean'] ?? 0,
  );
  expect(waits[1]).toBeGreaterThan((waits[0] ?? 0) * 1.5);
  expect(waits[2]).toBeGreaterThan(waits[1] ?? 0);
});

it('loses no truck, pack or energy, drains its queue, and is the same under both engines, whatever breaks', () => {
  const corridor = shippedScenario('corridor-base.json', { days: 3 });
  const often = (part: 'charger' | 'bay' | 'station', hours: number): Fault =>
    ({ ...broken(part, FOUR_HOURS), mtbfMs: hours * HOUR_MS }) as Fault;
  const scenario = { ...corridor, faults: [often('charger', 60), often('bay', 30), often('station', 50)] };
  for (const seed of [1, 2]) {
    expect(engineDifference(scenario, seed)).toBeNull();
    expect(run(scenario, seed).total['energyImbalanceWh'], `SEED=${seed}`).toBe(0);
  }
});

it.each<[string, object, RegExp]>([
  ['an unknown part', { part: 'roof' }, /^\/faults\/0\/part: "roof"; one of charger, bay, station/],
  ['parts that fail at once', { mtbfMs: 0 }, /^\/faults\/0\/mtbfMs: 0; a number above 0/],
  ['an unknown station', { stationId: 'S9' }, /^\/faults\/0\/stationId: "S9"; one of the stations S1/],
  [
    'a repair that ends before it began',
    { repairTime: { kind: 'triangular', minMs: 9, modeMs: 5, maxMs: 3 } },
    /^\/faults\/0\/repairTime: .*minMs <= modeMs/,
  ],
  [
    'motions in the coarse model',
    { kind: 'motions', motion: 'UNLOCK', failureRatio: 0.1, part: undefined, mtbfMs: undefined, repairTime: undefined },
    /^\/faults\/0\/kind: "motions"; blackout or breakdowns/,
  ],
  ['no repair', { repairTime: undefined }, /^\/faults\/0\/repairTime: missing; one of exponential/],
])('refuses %s', (_, change, text) => {
  const told = () => readScenario(JSON.stringify({ ...QUEUE, faults: [{ ...broken('bay', FOUR_HOURS), ...change }] }));
  expect(told).toThrow(ScenarioError);
  try {
    told();
  } catch (error) {
    expect(error instanceof ScenarioError ? error.problems.map(problemText) : []).toContainEqual(expect.stringMatching(text));
  }
});

it('refuses faults of which a run would be full, and warns of repairs that take longer than the work between, before it runs', () => {
  const [SECOND_MS, fault] = [1_000, broken('charger', { kind: 'deterministic', valueMs: 1 }) as Extract<Fault, { kind: 'breakdowns' }>];
  const read = (changes: Partial<typeof fault>) => readScenario(JSON.stringify({ ...QUEUE, faults: [{ ...fault, ...changes }] }));
  const units = QUEUE.stations.reduce((sum, { chargers }) => sum + chargers, 0);
  const count = ((units * QUEUE.days * 24 * HOUR_MS) / 2).toLocaleString('en');
  const why = (changes: Partial<typeof fault>) => {
    try {
      return read(changes).warnings.map((warning) => warningWords(warning).en);
    } catch (cause) {
      if (cause instanceof ScenarioError) return cause.problems.map(problemText);
      throw cause;
    }
  };
  expect(why({ mtbfMs: 1 })).toEqual([
    `/faults/0/mtbfMs: 1; longer: ${count} faults of a charger and their repairs are to be expected in ${QUEUE.days} days, and eventsMax allows ${QUEUE.eventsMax} events`,
  ]);
  expect(why({ mtbfMs: HOUR_MS, repairTime: { kind: 'deterministic', valueMs: 3 * HOUR_MS } })).toEqual([
    '/faults/0/mtbfMs: 3600000; longer: repairs take longer in the mean, so that each unit is out of order 75.0 % of the time',
  ]);
  expect(why({ mtbfMs: HOUR_MS, repairTime: { kind: 'deterministic', valueMs: SECOND_MS } })).toEqual([]);
});

it('refuses faults that fill a run only together, and says which are the most', () => {
  const [often, seldom] = [20_000, 60_000].map((mtbfMs) => ({
    ...(broken('charger', { kind: 'deterministic', valueMs: 0 }) as Extract<Fault, { kind: 'breakdowns' }>),
    mtbfMs,
  }));
  if (often === undefined || seldom === undefined) throw new TypeError('two faults');
  const units = QUEUE.stations.reduce((sum, { chargers }) => sum + chargers, 0);
  const countOf = ({ mtbfMs }: { mtbfMs: number }) => (units * QUEUE.days * 24 * HOUR_MS) / mtbfMs;
  const problemsOf = (faults: Fault[], eventsMax: number): string[] => {
    try {
      readScenario(JSON.stringify({ ...QUEUE, eventsMax, faults }));
      return [];
    } catch (cause) {
      if (cause instanceof ScenarioError) return cause.problems.map(problemText);
      throw cause;
    }
  };
  // As many as the more frequent ones take.
  const eventsMax = Math.ceil(2 * countOf(often));
  expect([problemsOf([often], eventsMax), problemsOf([seldom], eventsMax)]).toEqual([[], []]);
  const together = Math.round(countOf(often) + countOf(seldom)).toLocaleString('en');
  expect(problemsOf([seldom, often], eventsMax)).toEqual([
    `/faults: 2 of them; fewer or rarer: together ${together} faults and their repairs are to be expected in ${QUEUE.days} days, and eventsMax allows ${eventsMax} events; most of them by /faults/1`,
  ]);
  expect(problemsOf([seldom, often], Math.ceil((4 / 3) * eventsMax))).toEqual([]);
});

it('says of a run that takes too many events what made them, and when it was stopped', () => {
  const fault = {
    ...(broken('charger', { kind: 'deterministic', valueMs: 1_000 }) as Extract<Fault, { kind: 'breakdowns' }>),
    mtbfMs: 60_000,
  };
  for (const [scenario, model] of [
    [QUEUE, runCoarse],
    [smallCorridor({ days: 30 }), runFull],
  ] as const) {
    const told = (changes: Partial<Scenario>): EventsExceededError => {
      try {
        model({ scenario: { ...scenario, eventsMax: 20_000, ...changes }, seed: 1, engine: 'compiled' });
      } catch (cause) {
        if (cause instanceof EventsExceededError) return cause;
        throw cause;
      }
      throw new TypeError('it took less');
    };
    const { message, exceeded } = told({ faults: [fault] });
    expect(message).toMatch(
      /^\/eventsMax: 20000; more events than that happened by day \d+\.\d\d of the run \(day \d+, \d\d:\d\d:\d\d\), set off by faults and their repairs \d\d %, /,
    );
    expect(exceeded.causes.reduce((sum, { ratio }) => sum + ratio, 0)).toBeCloseTo(1, 9);
    expect(exceeded.causes[0]?.ratio).toBeGreaterThan(0.6);
    // The same run without faults comes farther, and is full of something else.
    const usual = told({});
    expect(usual.exceeded.atMs).toBeGreaterThan(5 * exceeded.atMs);
    expect(usual.exceeded.causes.map(({ cause }) => cause)).not.toContain('FAULTS');
  }
});
