import type { Kpis } from '../coarse/kpis.ts';
import { type Problem, problemText } from '../scenario/problem.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { type Interval, interval95 } from './interval.ts';
import { mergedShapes, type RunShapes } from './run-shapes.ts';
import type { SeedResult } from './seed-worker.ts';
import { unsettledStations, unsettledWarnings } from './unsettled.ts';

/** Figures over all runs; null where no run had one. */
export type KpiIntervals = Readonly<Record<string, Interval | null>>;

/** What `result.json` holds. The same scenario and seeds give the same bytes, whatever engine or however many threads ran it. */
export interface Result {
  version: 1;
  name: string;
  model: Scenario['model'];
  /** false: stopped by hand, with the runs that were complete. */
  complete: boolean;
  /** Of the scenario, and of what the runs showed. */
  warnings: readonly string[];
  /** Stations at which so many trucks wait when the runs end that waits are longer than the figures say. */
  unsettled: readonly string[];
  total: KpiIntervals;
  stations: readonly { id: string; kpis: KpiIntervals }[];
  runs: readonly SeedResult['run'][];
  /** Of all runs together; null: there were none. */
  shapes: RunShapes | null;
  scenario: Scenario;
}

export function resultOf(scenario: Scenario, results: readonly SeedResult[], warnings: readonly Problem[]): Result {
  const runs = results.map(({ run }) => run);
  const stations = scenario.stations.map(({ id }, index) => ({
    id,
    kpis: intervalsOf(runs.map(({ stations }) => stations[index]?.kpis ?? {})),
  }));
  return {
    version: 1,
    name: scenario.name,
    model: scenario.model,
    complete: runs.length === scenario.seeds.count,
    warnings: [...warnings, ...unsettledWarnings(scenario, stations)].map(problemText),
    unsettled: unsettledStations(stations).flatMap((index) => scenario.stations[index]?.id ?? []),
    total: intervalsOf(runs.map(({ total }) => total)),
    stations,
    runs,
    shapes: mergedShapes(results.map(({ shapes }) => shapes)),
    scenario,
  };
}

function intervalsOf(runs: readonly Kpis[]): KpiIntervals {
  // A station to which trucks came one way in one run only has that way's figures in that run only.
  const names = new Set(runs.flatMap((kpis) => Object.keys(kpis)));
  return Object.fromEntries([...names].map((name) => [name, interval95(runs.flatMap((kpis) => kpis[name] ?? []))]));
}

/** What is told first: words, unit and how many of the figure's units make one. */
export const TOLD: readonly (readonly [kpi: string, words: string, unit: string, scale: number])[] = [
  ['waitMsMean', 'mean wait', 'min', 60_000],
  ['waitMsP95', '95 % wait less than', 'min', 60_000],
  ['waitMsMean.out', 'mean wait, going out', 'min', 60_000],
  ['waitMsMean.back', 'mean wait, coming back', 'min', 60_000],
  ['waitingAtEnd', 'wait still at the end', '', 1],
  ['waitedOver15MinRatio', 'wait more than 15 min', '%', 0.01],
  ['lostRatio', 'turned away', '%', 0.01],
  ['swapsPerDay', 'swaps a day', '', 1],
  ['tripsPerDay', 'trips a day', '', 1],
  ['strandingsPerTrip', 'strandings a trip', '%', 0.01],
  ['consumptionWhPerKm', 'consumption', 'kWh/km', 1_000],
  ['downtimeMsPer550Km', 'waits, swaps, tows in 550 km', 'min', 60_000],
  ['gridWhPerDay', 'from the grid a day', 'MWh', 1_000_000],
  ['pvRatio', 'of it from the sun', '%', 0.01],
  ['energyCostFenPerKwh', 'energy into packs costs', '¥/kWh', 100],
  ['gridPowerWPeak', 'peaks of all stations', 'MW', 1_000_000],
];

/** For people: the figures of the whole, each with its interval. */
export function summary({ name, runs, total, complete, scenario }: Result): string {
  const lines = TOLD.flatMap(([kpi, words, unit, scale]) => {
    const interval = total[kpi];
    if (!interval) return [];
    const shown = (value: number) => (value / scale).toLocaleString('en', { maximumFractionDigits: 2 });
    const spread = interval.low === null || interval.high === null ? '' : `  (95 %: ${shown(interval.low)} … ${shown(interval.high)})`;
    return [`  ${words.padEnd(28)} ${`${shown(interval.mean)} ${unit}`.trim().padStart(14)}${spread}`];
  });
  const head = `${name}: ${runs.length}${complete ? '' : ` of ${scenario.seeds.count}`} runs of ${scenario.days} days, ${scenario.warmUpDays} of them warm-up`;
  return [head, ...lines].join('\n');
}
