import { violated } from '@corridor/protocols/assert';
import { addAt } from '../measures/add-at.ts';
import type { ScenarioRun } from '../run/scenario-run.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { GRID_WH_PER_CONTENT_WH } from '../scenario/station-physics.ts';
import { type CalendarSpan, calendarSpans, mergedSpans } from './calendar-spans.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The last one holds all that are longer. */
export const WAIT_MINUTES = 121;
const HOURS = 24;
const STEPS = [1, 2, 3, 4, 6, 8, 12, 24];
const POINTS_MAX = 200;

/** What a chart shows of one run, after the warm-up. */
export interface RunShapes {
  /** Trucks by the whole minutes that they waited, or have waited so far when the run ends. */
  waitMinutes: readonly number[];
  /** Trucks that waited at all. */
  waited: number;
  /** By station in the order of the scenario, the mean of each hour of the day. */
  stations: readonly { chargingW: readonly number[]; arrivals: readonly number[] }[];
  /** By the months of the calendar, or the years of a long run; empty for one within a month. */
  spans: readonly CalendarSpan[];
  /** Loads that wait for a truck, by fleet that waits for loads: means of as many hours each, from the first of the run on. */
  loads: readonly { fleetId: string; stepHours: number; waiting: readonly number[] }[];
}

export function runShapes(scenario: Scenario, run: Pick<ScenarioRun, 'swaps' | 'unendedWaits' | 'hourly' | 'loads'>): RunShapes {
  const { warmUpDays, days } = scenario;
  const { swaps, unendedWaits, hourly } = run;
  if (swaps === null) violated('shapes of a run that noted no swaps');
  const waitMinutes = new Float64Array(WAIT_MINUTES);
  let waited = 0;
  const note = (waitMs: number) => {
    if (waitMs > 0) waited += 1;
    addAt(waitMinutes, Math.min(WAIT_MINUTES - 1, Math.floor(waitMs / MINUTE_MS)), 1);
  };
  for (const { atMs, waitMs } of swaps) if (atMs - waitMs >= warmUpDays * DAY_MS) note(waitMs);
  for (const { waitMs } of unendedWaits) note(waitMs);
  const first = Math.ceil(warmUpDays * HOURS);
  const end = Math.floor(days * HOURS);
  const byHour = (sums: Float64Array, scale: number): number[] => {
    const total = new Float64Array(HOURS);
    const count = new Float64Array(HOURS);
    for (let at = first; at < end; at += 1) {
      addAt(total, at % HOURS, sums[at] ?? violated(`hour ${at} of ${sums.length}`));
      addAt(count, at % HOURS, 1);
    }
    // Where less than a day counts some hours never came.
    return Array.from(total, (sum, hour) => (count[hour] ? (sum / count[hour]) * scale : 0));
  };
  return {
    waitMinutes: [...waitMinutes],
    waited,
    spans: calendarSpans(scenario, run),
    loads: run.loads.map(({ fleetId, waiting }) => {
      const stepHours = stepOf(waiting.length);
      return { fleetId, stepHours, waiting: meansOf(waiting, stepHours) };
    }),
    stations: hourly.map((sums) => {
      if (sums === null) violated('shapes of a run that noted no hours');
      return { chargingW: byHour(sums.chargedWh, GRID_WH_PER_CONTENT_WH), arrivals: byHour(sums.arrivals, 1) };
    }),
  };
}

/** So few points that a line can be read, of hours that go into a day or of whole days. */
function stepOf(hours: number): number {
  const perDay = STEPS.find((step) => hours / step <= POINTS_MAX);
  return perDay ?? HOURS * Math.ceil(hours / HOURS / POINTS_MAX);
}

/** The last one may be of fewer hours. */
const meansOf = (values: Float64Array, step: number): number[] =>
  Array.from({ length: Math.ceil(values.length / step) }, (_, point) => {
    const part = values.subarray(point * step, (point + 1) * step);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });

/** Runs together: counts added, means averaged. null: there were none. */
export function mergedShapes(runs: readonly RunShapes[]): RunShapes | null {
  const [first] = runs;
  if (first === undefined) return null;
  const sum = (listOf: (run: RunShapes) => readonly number[] | undefined) => {
    const sums = Float64Array.from(listOf(first) ?? violated('runs of other scenarios'));
    for (const run of runs.slice(1))
      for (const [at, value] of (listOf(run) ?? violated('runs of other scenarios')).entries()) addAt(sums, at, value);
    return [...sums];
  };
  const mean = (listOf: (run: RunShapes) => readonly number[] | undefined) => sum(listOf).map((total) => total / runs.length);
  return {
    waitMinutes: sum(({ waitMinutes }) => waitMinutes),
    spans: mergedSpans(runs.map(({ spans }) => spans)),
    loads: first.loads.map((fleet, index) => ({ ...fleet, waiting: mean(({ loads }) => loads[index]?.waiting) })),
    waited: runs.reduce((all, { waited }) => all + waited, 0),
    stations: first.stations.map((_, index) => ({
      chargingW: mean(({ stations }) => stations[index]?.chargingW),
      arrivals: mean(({ stations }) => stations[index]?.arrivals),
    })),
  };
}
