import type { EngineName } from '@corridor/actors/network/engines';
import { assert } from '@corridor/protocols/assert';
import { trucksOf } from '@corridor/simulator/measures/kpis';
import { runnerOf } from '@corridor/simulator/planner/run-scenario';
import type { ScenarioRun } from '@corridor/simulator/run/scenario-run';
import type { Scenario } from '@corridor/simulator/scenario/scenario.schema';
import { shippedScenario } from '@corridor/simulator/scenario/scenario-folder';
import { type Bench, type BenchContext, median } from '../metric.ts';

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

/** How fast the planner is, on one core: the shipped base corridor as queues, the large one with everything that the platform does. */
export const simBench: Bench = {
  name: 'sim',
  about: 'truck-days/s of the planner on one core, by model and engine',
  async run(context) {
    for (const each of context.smoke ? SMOKE : WHOLE) await reportCase(context, each);
  },
};

async function reportCase(context: BenchContext, { model, engine, scenario: read, goal }: Case): Promise<void> {
  const scenario = read();
  const runScenario = await runnerOf(model);
  const { days } = scenario;
  const trucks = trucksOf(scenario.fleets);
  // Nobody measures a cold engine.
  const warmRuns = context.smoke ? 1 : model === 'full' ? 1 : WARM_RUNS;
  for (let run = 0; run < warmRuns; run += 1) runScenario({ scenario, seed: 1, engine });
  const rounds = Array.from({ length: context.smoke ? 1 : model === 'full' ? 3 : ROUNDS }, (_, round) =>
    timed(() => runScenario({ scenario, seed: round + 2, engine })),
  );
  const perSecond = (of: (run: ScenarioRun) => number) => median(rounds.map(({ run, seconds }) => of(run) / seconds));
  const truckDays = trucks * days;
  const of = { case: `${model}-${engine}` };
  context.report({
    ...of,
    metric: 'truck_days_per_s',
    value: perSecond(() => truckDays),
    unit: '1/s',
    ...(goal === null ? {} : { goal, direction: 'at-least' as const }),
  });
  context.report({ ...of, metric: 'events_per_s', value: perSecond(({ events }) => events), unit: '1/s' });
  context.report({ ...of, metric: 'events_per_truck_day', value: median(rounds.map(({ run }) => run.events / truckDays)), unit: '1' });
  context.report({ ...of, metric: 'x_realtime', value: perSecond(() => days * SECONDS_A_DAY), unit: 'x' });
  context.report({ ...of, metric: 'rss_mb', value: process.memoryUsage.rss() / MEGABYTE, unit: 'MB' });
}

/** Processor time of this thread: on a machine that does other things too, wall time says how busy it is. */
function timed(deed: () => ScenarioRun): { run: ScenarioRun; seconds: number } {
  const before = process.threadCpuUsage();
  const run = deed();
  const { user, system } = process.threadCpuUsage(before);
  assert(run.total['energyImbalanceWh'] === 0, `energy is missing, SEED=${run.seed}`);
  return { run, seconds: (user + system) / 1_000_000 };
}
