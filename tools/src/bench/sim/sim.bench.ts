import type { EngineName } from '@corridor/actors/network/engines';
import { assert } from '@corridor/protocols/assert';
import { trucksOf } from '@corridor/simulator/measures/kpis';
import { RunPool } from '@corridor/simulator/planner/run-pool';
import type { Scenario } from '@corridor/simulator/scenario/scenario.schema';
import { shippedScenario, shippedScenarioText } from '@corridor/simulator/scenario/scenario-folder';
import { NodeProcess } from '@corridor/testkit/node-process';
import { type Bench, type BenchContext, median } from '../metric.ts';
import type { SimAsked, SimMeasured } from './measure-sim.ts';

const ROUNDS = 5;
const WARM_RUNS = 3;
const SECONDS_A_DAY = 86_400;
const MEGABYTE = 1_048_576;

interface Case {
  model: Scenario['model'];
  engine: EngineName;
  scenario: () => Scenario;
  /** Truck-days a second; null: only measured, as the oracle that the other engine is held to. */
  goal: number | null;
}

/** The shipped corridors. The days of a run are so many that it takes some seconds. */
const WHOLE: readonly Case[] = [
  { model: 'coarse', engine: 'xstate', scenario: () => shippedScenario('corridor-base.json', { days: 4 }), goal: null },
  { model: 'coarse', engine: 'compiled', scenario: () => shippedScenario('corridor-base.json', { days: 100 }), goal: 10_000 },
  { model: 'full', engine: 'xstate', scenario: () => shippedScenario('corridor-full.json', { days: 2 }), goal: null },
  { model: 'full', engine: 'compiled', scenario: () => shippedScenario('corridor-large-full.json', { days: 2 }), goal: 1_000 },
];
const SMOKE: readonly Case[] = [
  ...WHOLE.slice(0, 2).map((each) => ({ ...each, scenario: () => shippedScenario('corridor-base.json', { days: 3 }) })),
  ...WHOLE.slice(2).map((each) => ({
    ...each,
    scenario: () => ({ ...shippedScenario('corridor-full.json'), days: 0.2, warmUpDays: 0 }),
  })),
];

/** Planners ask for so many: a hundred weeks of the base corridor with everything that the platform does. */
const REPLICATIONS = {
  whole: { count: 100, days: 7 },
  smoke: { count: 2, days: 2 },
  goalSeconds: 45,
};

/** How fast the planner is, on one core: the shipped base corridor as queues, the large one with everything that the platform does. */
export const simBench: Bench = {
  name: 'sim',
  about: 'truck-days/s of the planner on one core, by model and engine; 100 replications of a week on all cores',
  async run(context) {
    for (const each of context.smoke ? SMOKE : WHOLE) await reportCase(context, each);
    await reportReplications(context);
  },
};

async function reportCase(context: BenchContext, { model, engine, scenario: read, goal }: Case): Promise<void> {
  const scenario = read();
  const { days } = scenario;
  const truckDays = trucksOf(scenario.fleets) * days;
  const warmRuns = context.smoke || model === 'full' ? 1 : WARM_RUNS;
  const { rounds, rssBytes } = await measured({ scenario, engine, warmRuns, rounds: context.smoke ? 1 : model === 'full' ? 3 : ROUNDS });
  const perSecond = (of: (events: number) => number) => median(rounds.map(({ events, seconds }) => of(events) / seconds));
  const of = { case: `${model}-${engine}` };
  context.report({
    ...of,
    metric: 'truck_days_per_s',
    value: perSecond(() => truckDays),
    unit: '1/s',
    ...(goal === null ? {} : { goal, direction: 'at-least' as const }),
  });
  context.report({ ...of, metric: 'events_per_s', value: perSecond((events) => events), unit: '1/s' });
  context.report({ ...of, metric: 'events_per_truck_day', value: median(rounds.map(({ events }) => events / truckDays)), unit: '1' });
  context.report({ ...of, metric: 'x_realtime', value: perSecond(() => days * SECONDS_A_DAY), unit: 'x' });
  context.report({ ...of, metric: 'rss_mb', value: rssBytes / MEGABYTE, unit: 'MB' });
}

async function measured(asked: SimAsked): Promise<SimMeasured> {
  const script = new URL('./measure-sim.ts', import.meta.url);
  const child = new NodeProcess({ name: 'measure-sim', script, nodeFlags: ['--max-semi-space-size=64'] });
  child.start();
  child.send(asked);
  const answer = (await child.message()) as SimMeasured;
  await child.stop();
  return answer;
}

/** As `npm run simulate` makes them, from the start of its threads to the last result. */
async function reportReplications(context: BenchContext): Promise<void> {
  const text = shippedScenarioText('corridor-full.json');
  const { count, days } = context.smoke ? REPLICATIONS.smoke : REPLICATIONS.whole;
  const orders = Array.from({ length: count }, (_, index) => ({
    text,
    changes: { days },
    seed: index + 1,
    withLines: false,
    recordTo: null,
  }));
  const beganMs = performance.now();
  await using pool = new RunPool({ engine: 'compiled' });
  const results = await pool.run(orders);
  assert(
    results.every((end) => end?.kind === 'done'),
    'a replication is missing',
  );
  const seconds = (performance.now() - beganMs) / 1_000;
  context.report({
    case: `${orders.length} replications`,
    metric: 'wall_s',
    value: seconds,
    unit: 's',
    goal: REPLICATIONS.goalSeconds,
    direction: 'at-most',
  });
}
