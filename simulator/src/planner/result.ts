import { violated } from '@corridor/protocols/assert';
import { rangeOf } from '../measures/figure-range.ts';
import type { Kpis } from '../measures/kpis.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { growsWithoutBound, type Warning } from '../scenario/warning.ts';
import { type Interval, interval95 } from './interval.ts';
import { mergedShapes, type RunShapes } from './run-shapes.ts';
import type { SeedResult } from './seed-worker.ts';
import { loadWarnings, unsettledStations, unsettledWarnings } from './unsettled.ts';

/** Figures over all runs; null where no run had one. */
export type KpiIntervals = Readonly<Record<string, Interval | null>>;

/** What `result.json` holds. The same scenario and seeds give the same bytes, whatever engine or however many threads ran it. */
export interface Result {
  version: 1;
  name: string;
  model: Scenario['model'];
  /** false: stopped by hand, or some took too many events, with the runs that were complete. */
  complete: boolean;
  /** Of the scenario, and of what the runs showed. */
  warnings: readonly Warning[];
  /** Stations at which so many trucks wait when the runs end that waits are longer than the figures say. */
  unsettled: readonly string[];
  /** false: by the plan a queue grows for as long as a run lasts, or the runs ended with one of trucks or of loads that was not served; a warning says which. */
  isStable: boolean;
  total: KpiIntervals;
  stations: readonly { id: string; isStable: boolean; kpis: KpiIntervals }[];
  runs: readonly SeedResult['run'][];
  /** Of all runs together; null: there were none. */
  shapes: RunShapes | null;
  scenario: Scenario;
}

export function resultOf(scenario: Scenario, results: readonly SeedResult[], warnings: readonly Warning[]): Result {
  const runs = results.map(({ run }) => run);
  const unstable = warnings.filter(growsWithoutBound);
  const measured = scenario.stations.map(({ id }, index) => ({
    id,
    kpis: intervalsOf(runs.map(({ seed, stations }) => (stations[index] ?? violated(`SEED=${seed} tells nothing of ${id}`)).kpis)),
  }));
  const unsettled = unsettledStations(measured);
  const total = intervalsOf(runs.map(({ total }) => total));
  const leftLoads = loadWarnings(scenario, total);
  return {
    version: 1,
    name: scenario.name,
    model: scenario.model,
    complete: runs.length === scenario.seeds.count,
    warnings: [...warnings, ...unsettledWarnings(measured), ...leftLoads],
    unsettled: measured.filter((_, index) => unsettled.includes(index)).map(({ id }) => id),
    isStable: unstable.length === 0 && unsettled.length === 0 && leftLoads.length === 0,
    total,
    stations: measured.map(({ id, kpis }, index) => ({
      id,
      isStable: !unsettled.includes(index) && !unstable.some(({ path }) => path.startsWith(`/stations/${index}/`)),
      kpis,
    })),
    runs,
    shapes: mergedShapes(results.map(({ shapes }) => shapes)),
    scenario,
  };
}

function intervalsOf(runs: readonly Kpis[]): KpiIntervals {
  // A station to which trucks came one way in one run only has that way's figures in that run only.
  const names = new Set(runs.flatMap((kpis) => Object.keys(kpis)));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      interval95(
        runs.flatMap((kpis) => kpis[name] ?? []),
        rangeOf(name),
      ),
    ]),
  );
}
