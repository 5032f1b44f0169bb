import type { EngineName } from '@corridor/actors/network/engines';
import { violated } from '@corridor/protocols/assert';
import { runCoarse } from '../coarse/coarse-run.ts';
import type { Kpis } from '../measures/kpis.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { type Interval, interval95 } from './interval.ts';

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
