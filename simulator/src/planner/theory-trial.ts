import type { EngineName } from '@corridor/actors/network/engines';
import { violated } from '@corridor/protocols/assert';
import { runCoarse } from '../coarse/coarse-run.ts';
import type { Kpis } from '../measures/kpis.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { type Interval, interval95 } from './interval.ts';
import type { SimulatedQueue } from './textbook-queues.ts';

/**
 * One experiment as a planner makes it: the runs of a scenario, with seeds that no other experiment has.
 * @param seed of the experiment, from 1
 * @returns figures of the first station, one record a run
 */
export function experiment(scenario: Scenario, seed: number, engine: EngineName = 'compiled'): Kpis[] {
  const { count } = scenario.seeds;
  return Array.from(
    { length: count },
    (_, run) =>
      (runCoarse({ scenario, seed: (seed - 1) * count + run + 1, engine }).stations[0] ?? violated('a scenario without stations')).kpis,
  );
}

/** @returns null when no run had the figure */
export const intervalOf = (runs: readonly Kpis[], kpi: string): Interval | null =>
  interval95(runs.flatMap((kpis) => (typeof kpis[kpi] === 'number' ? [kpis[kpi]] : [])));

export const holds = (interval: Interval | null, value: number): boolean =>
  interval !== null && interval.low !== null && interval.high !== null && interval.low <= value && value <= interval.high;

/** A figure that was found elsewhere, and how exact it is. */
type Found = Pick<SimulatedQueue, 'kpi' | 'found' | 'tolerance'>;

/**
 * Whether a mean over runs agrees with what was found elsewhere: only where its whole interval lies within the tolerance, so that it is known better than
 * the tolerance is wide. `open`: more runs would tell.
 */
export function verdictOf(interval: Interval | null, { found, tolerance }: Found): 'agrees' | 'differs' | 'open' {
  if (interval === null || interval.low === null || interval.high === null) return 'open';
  const [lowest, highest] = [found - tolerance, found + tolerance];
  if (interval.low >= lowest && interval.high <= highest) return 'agrees';
  return interval.high < lowest || interval.low > highest ? 'differs' : 'open';
}

/**
 * Experiments of a scenario until there is a verdict on each figure.
 * @param budget how many experiments are made between two looks, and how many at most: what is open then stays so
 */
export function runsUntilTold(scenario: Scenario, figures: readonly Found[], { step, most }: { step: number; most: number }): Kpis[] {
  const runs: Kpis[] = [];
  const isOpen = (figure: Found): boolean => verdictOf(intervalOf(runs, figure.kpi), figure) === 'open';
  for (let seed = 1; seed <= most && (seed % step !== 1 || seed === 1 || figures.some(isOpen)); seed += 1)
    runs.push(...experiment(scenario, seed));
  return runs;
}
