import { violated } from '@corridor/protocols/assert';
import { addAt } from '../measures/add-at.ts';
import type { ScenarioRun } from '../run/scenario-run.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { scenarioDates } from '../scenario/scenario-calendar.ts';
import { GRID_WH_PER_CONTENT_WH } from '../scenario/station-physics.ts';

const DAY_MS = 86_400_000;
const HOURS = 24;
/** Of more months nobody could read a chart: then it goes by years. */
const MONTHS_MAX = 36;
const [MONTH_CHARACTERS, YEAR_CHARACTERS] = ['2026-07'.length, '2026'.length];

/** What a run was like in a month of the calendar, or in a year. */
export interface CalendarSpan {
  /** `2026-07`, or `2026`. */
  of: string;
  /** Days of it that count. */
  days: number;
  swapsPerDay: number;
  /** Of trucks that came in it [ms]; null: none came. */
  waitMsP95: number | null;
  /** Mean power that charging takes, at the meter [W]. */
  chargingW: number;
}

/** By the calendar, after the warm-up; empty for runs within one month or without a date. */
export function calendarSpans(
  scenario: Pick<Scenario, 'startsOn' | 'days' | 'warmUpDays'>,
  { swaps, unendedWaits, hourly }: Pick<ScenarioRun, 'swaps' | 'unendedWaits' | 'hourly'>,
): CalendarSpan[] {
  if (scenario.startsOn === undefined) return [];
  if (swaps === null) violated('spans of a run that noted no swaps');
  const dates = scenarioDates(scenario);
  const first = Math.ceil(scenario.warmUpDays * HOURS);
  const end = Math.floor(scenario.days * HOURS);
  const counted = dates.slice(Math.floor(first / HOURS), Math.ceil(end / HOURS));
  const months = new Set(counted.map((date) => date.slice(0, MONTH_CHARACTERS)));
  if (months.size < 2) return [];
  const characters = months.size > MONTHS_MAX ? YEAR_CHARACTERS : MONTH_CHARACTERS;
  const names = [...new Set(counted.map((date) => date.slice(0, characters)))];
  const place = new Map(names.map((name, index) => [name, index]));
  /** The last instant of the horizon belongs to its last day. */
  const spanAt = (day: number) =>
    place.get((dates[Math.min(dates.length - 1, day)] ?? violated(`no date of day ${day}`)).slice(0, characters));
  const [hours, wh, swapCounts] = [new Float64Array(names.length), new Float64Array(names.length), new Float64Array(names.length)];
  for (let hour = first; hour < end; hour += 1) {
    const span = spanAt(Math.floor(hour / HOURS)) ?? violated(`hour ${hour} in no span`);
    addAt(hours, span, 1);
    for (const sums of hourly) addAt(wh, span, sums?.chargedWh[hour] ?? violated(`nothing noted of hour ${hour}`));
  }
  const waitsMs = names.map((): number[] => []);
  const note = (cameMs: number, waitMs: number) => {
    const span = spanAt(Math.max(0, Math.floor(cameMs / DAY_MS)));
    if (span !== undefined) waitsMs[span]?.push(waitMs);
  };
  for (const { atMs, waitMs } of swaps) {
    if (atMs >= scenario.warmUpDays * DAY_MS) {
      const span = spanAt(Math.floor(atMs / DAY_MS));
      if (span !== undefined) addAt(swapCounts, span, 1);
    }
    if (atMs - waitMs >= scenario.warmUpDays * DAY_MS) note(atMs - waitMs, waitMs);
  }
  for (const { waitMs } of unendedWaits) note(scenario.days * DAY_MS - waitMs, waitMs);
  return names.map((name, index) => {
    const days = (hours[index] ?? violated(`no hours of ${name}`)) / HOURS;
    return {
      of: name,
      days,
      swapsPerDay: (swapCounts[index] ?? violated(`no swaps of ${name}`)) / days,
      waitMsP95: p95((waitsMs[index] ?? violated(`no waits of ${name}`)).toSorted((one, other) => one - other)),
      chargingW: ((wh[index] ?? violated(`no energy of ${name}`)) * GRID_WH_PER_CONTENT_WH) / (days * HOURS),
    };
  });
}

/** The smallest value that 95 of 100 do not exceed. */
const p95 = (sorted: readonly number[]): number | null => sorted[Math.max(0, Math.ceil(0.95 * sorted.length) - 1)] ?? null;

/** Means over runs; a figure that some run has not is taken from those that have it. */
export function mergedSpans(runs: readonly (readonly CalendarSpan[])[]): CalendarSpan[] {
  const [first = []] = runs;
  return first.map((span, index) => {
    const all = runs.map((spans) => spans[index] ?? violated('runs of other scenarios'));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const waits = all.flatMap(({ waitMsP95 }) => waitMsP95 ?? []);
    return {
      ...span,
      swapsPerDay: mean(all.map(({ swapsPerDay }) => swapsPerDay)),
      waitMsP95: waits.length === 0 ? null : mean(waits),
      chargingW: mean(all.map(({ chargingW }) => chargingW)),
    };
  });
}
