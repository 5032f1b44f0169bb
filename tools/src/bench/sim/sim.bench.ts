import { ENGINES, type EngineName } from '@corridor/actors/network/engines';
import { assert } from '@corridor/protocols/assert';
import { type CoarseRun, runCoarse } from '@corridor/simulator/coarse/coarse-run';
import { trucksOf } from '@corridor/simulator/coarse/kpis';
import { shippedScenario } from '@corridor/simulator/planner/scenario-folder';
import { type Bench, type BenchContext, median } from '../metric.ts';

/** Days a run, for either engine: each takes about a second. */
const WHOLE: Readonly<Record<EngineName, number>> = { xstate: 4, compiled: 100 };
const SMOKE: Readonly<Record<EngineName, number>> = { xstate: 3, compiled: 3 };
const ROUNDS = 5;
const WARM_RUNS = 3;
const GOAL_COARSE = 10_000;
const SECONDS_A_DAY = 86_400;

/** How fast the planner is, on one core: the shipped base corridor, of which the coarse model runs trucks, stations and packs. */
export const simBench: Bench = {
  name: 'sim',
  about: 'truck-days/s of the planner on one core, by model and engine',
  run(context) {
    for (const engine of Object.keys(ENGINES) as EngineName[]) reportCoarse(context, engine);
    return Promise.resolve();
  },
};

function reportCoarse(context: BenchContext, engine: EngineName): void {
  const days = (context.smoke ? SMOKE : WHOLE)[engine];
  const scenario = shippedScenario('corridor-base.json', { days });
  const trucks = trucksOf(scenario.fleets);
  // Nobody measures a cold engine.
  for (let run = 0; run < (context.smoke ? 1 : WARM_RUNS); run += 1) runCoarse({ scenario, seed: 1, engine });
  const rounds = Array.from({ length: context.smoke ? 1 : ROUNDS }, (_, round) =>
    timed(() => runCoarse({ scenario, seed: round + 2, engine })),
  );
  const perSecond = (of: (run: CoarseRun) => number) => median(rounds.map(({ run, seconds }) => of(run) / seconds));
  const truckDays = trucks * days;
  const of = { case: `coarse-${engine}` };
  context.report({
    ...of,
    metric: 'truck_days_per_s',
    value: perSecond(() => truckDays),
    unit: '1/s',
    ...(engine === 'compiled' ? { goal: GOAL_COARSE, direction: 'at-least' as const } : {}),
  });
  context.report({ ...of, metric: 'events_per_s', value: perSecond(({ events }) => events), unit: '1/s' });
  context.report({ ...of, metric: 'events_per_truck_day', value: median(rounds.map(({ run }) => run.events / truckDays)), unit: '1' });
  context.report({ ...of, metric: 'x_realtime', value: perSecond(() => days * SECONDS_A_DAY), unit: 'x' });
}

/** Processor time of this thread: on a machine that does other things too, wall time says how busy it is. */
function timed(deed: () => CoarseRun): { run: CoarseRun; seconds: number } {
  const before = process.threadCpuUsage();
  const run = deed();
  const { user, system } = process.threadCpuUsage(before);
  assert(run.total['energyImbalanceWh'] === 0, `energy is missing, SEED=${run.seed}`);
  return { run, seconds: (user + system) / 1_000_000 };
}
