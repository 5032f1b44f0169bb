import type { CompletenessSpan, HourCounts } from '@corridor/protocols/http/completeness';
import { type GapRow, HOUR_MS, type HourRow } from './lane-book.ts';

const SPAN_HOURS: Readonly<Record<CompletenessSpan, number>> = { '1h': 1, '24h': 24, '30d': 720 };
export const hourOf = (atMs: number): number => Math.floor(atMs / HOUR_MS) * HOUR_MS;
export const spanFromMs = (span: CompletenessSpan, nowMs: number): number => hourOf(nowMs - SPAN_HOURS[span] * HOUR_MS);

/** Numbers of a gap that fall into a time, as if its messages had been sent evenly. */
function missingWithin({ firstSeq, lastSeq, fromMs, untilMs }: GapRow, from: number, until: number): number {
  const missing = lastSeq - firstSeq + 1;
  if (untilMs <= fromMs) return fromMs >= from && fromMs < until ? missing : 0;
  return (missing * Math.max(0, Math.min(untilMs, until) - Math.max(fromMs, from))) / (untilMs - fromMs);
}

export const tenth = (value: number): number => Math.round(value * 10) / 10;

/** Hours of one source, oldest first, with what is missing in each. */
export function hoursOf(rows: readonly HourRow[], gaps: readonly GapRow[]): HourCounts[] {
  const byHour = new Map<string, HourCounts>();
  const at = (lane: HourRow['lane'], hourMs: number): HourCounts => {
    const key = `${hourMs} ${lane}`;
    const known = byHour.get(key);
    if (known !== undefined) return known;
    const none = { hour: new Date(hourMs).toISOString(), lane, received: 0, missing: 0, late: 0, backfilled: 0, duplicates: 0, refused: 0 };
    byHour.set(key, none);
    return none;
  };
  for (const { source: _, hourMs, lane, ...counts } of rows) Object.assign(at(lane, hourMs), counts);
  for (const gap of gaps) {
    for (let hourMs = hourOf(gap.fromMs); hourMs <= gap.untilMs; hourMs += HOUR_MS) {
      const missing = missingWithin(gap, hourMs, hourMs + HOUR_MS);
      if (missing > 0) at(gap.lane, hourMs).missing += missing;
    }
  }
  return [...byHour.values()]
    .map((hour) => ({ ...hour, missing: tenth(hour.missing) }))
    .toSorted((one, other) => Date.parse(one.hour) - Date.parse(other.hour) || one.lane.localeCompare(other.lane));
}
