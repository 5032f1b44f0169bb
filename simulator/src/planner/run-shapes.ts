import type { ScenarioRun } from '../run/scenario-run.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { GRID_WH_PER_CONTENT_WH } from '../scenario/station-physics.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The last one holds all that are longer. */
export const WAIT_MINUTES = 121;
const HOURS = 24;

/** What a chart shows of one run, after the warm-up. */
export interface RunShapes {
  /** Trucks by the whole minutes that they waited, or have waited so far when the run ends. */
  waitMinutes: readonly number[];
  /** Trucks that waited at all. */
  waited: number;
  /** By station in the order of the scenario, the mean of each hour of the day. */
  stations: readonly { chargingW: readonly number[]; arrivals: readonly number[] }[];
}

export function runShapes(
  { warmUpDays, days }: Scenario,
  { swaps, unendedWaits, hourly }: Pick<ScenarioRun, 'swaps' | 'unendedWaits' | 'hourly'>,
): RunShapes {
  const waitMinutes = Array.from({ length: WAIT_MINUTES }, () => 0);
  let waited = 0;
  const note = (waitMs: number) => {
    if (waitMs > 0) waited += 1;
    const minute = Math.min(WAIT_MINUTES - 1, Math.floor(waitMs / MINUTE_MS));
    waitMinutes[minute] = (waitMinutes[minute] ?? 0) + 1;
  };
  for (const { atMs, waitMs } of swaps ?? []) if (atMs - waitMs >= warmUpDays * DAY_MS) note(waitMs);
  for (const { waitMs } of unendedWaits) note(waitMs);
  const first = Math.ceil(warmUpDays * HOURS);
  const end = Math.floor(days * HOURS);
  const byHour = (sums: Float64Array | undefined, scale: number): number[] => {
    const total = Array.from({ length: HOURS }, () => 0);
    const count = Array.from({ length: HOURS }, () => 0);
    for (let at = first; at < end; at += 1) {
      const hour = at % HOURS;
      total[hour] = (total[hour] ?? 0) + (sums?.[at] ?? 0);
      count[hour] = (count[hour] ?? 0) + 1;
    }
    return total.map((sum, hour) => (count[hour] ? (sum / count[hour]) * scale : 0));
  };
  return {
    waitMinutes,
    waited,
    stations: hourly.map((sums) => ({
      chargingW: byHour(sums?.chargedWh, GRID_WH_PER_CONTENT_WH),
      arrivals: byHour(sums?.arrivals, 1),
    })),
  };
}

/** Runs together: counts added, means averaged. null: there were none. */
export function mergedShapes(runs: readonly RunShapes[]): RunShapes | null {
  const [first] = runs;
  if (first === undefined) return null;
  const mean = (lists: readonly (readonly number[])[]) =>
    (lists[0] ?? []).map((_, at) => lists.reduce((sum, list) => sum + (list[at] ?? 0), 0) / lists.length);
  return {
    waitMinutes: first.waitMinutes.map((_, at) => runs.reduce((sum, { waitMinutes }) => sum + (waitMinutes[at] ?? 0), 0)),
    waited: runs.reduce((sum, { waited }) => sum + waited, 0),
    stations: first.stations.map((_, index) => ({
      chargingW: mean(runs.map(({ stations }) => stations[index]?.chargingW ?? [])),
      arrivals: mean(runs.map(({ stations }) => stations[index]?.arrivals ?? [])),
    })),
  };
}
