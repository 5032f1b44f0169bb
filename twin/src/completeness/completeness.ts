import {
  COMPLETENESS_SPANS,
  type CompletenessSpan,
  type HourCounts,
  type SourceCompleteness,
  type SpanCounts,
} from '@corridor/protocols/http/completeness';
import { type GapRow, HOUR_MS, type HourRow, LANE_COUNTS } from './lane-book.ts';

const SPAN_HOURS: Readonly<Record<CompletenessSpan, number>> = { '1h': 1, '24h': 24, '30d': 720 };
export const hourOf = (atMs: number): number => Math.floor(atMs / HOUR_MS) * HOUR_MS;
export const spanFromMs = (span: CompletenessSpan, nowMs: number): number => hourOf(nowMs - SPAN_HOURS[span] * HOUR_MS);

/** Numbers of a gap that fall into a time, as if its messages had been sent evenly. */
export function missingWithin({ firstSeq, lastSeq, fromMs, untilMs }: GapRow, from: number, until: number): number {
  const missing = lastSeq - firstSeq + 1;
  if (untilMs <= fromMs) return fromMs >= from && fromMs < until ? missing : 0;
  return (missing * Math.max(0, Math.min(untilMs, until) - Math.max(fromMs, from))) / (untilMs - fromMs);
}

const tenth = (value: number): number => Math.round(value * 10) / 10;

/** @param rows of one lane of one source */
function countsOf(rows: readonly HourRow[], gaps: readonly GapRow[], { fromMs, nowMs }: { fromMs: number; nowMs: number }): SpanCounts {
  const sum = { received: 0, late: 0, backfilled: 0, duplicates: 0, refused: 0 };
  for (const row of rows) if (row.hourMs >= fromMs) for (const what of LANE_COUNTS) sum[what] += row[what];
  // Clocks of sources may be ahead of ours a little.
  const missing = gaps.reduce((total, gap) => total + missingWithin(gap, fromMs, nowMs + HOUR_MS), 0);
  const sent = sum.received + sum.refused + missing;
  return { ...sum, missing: tenth(missing), completeRatio: sent > 0 ? sum.received / sent : null };
}

/** Each source and lane of which anything is known, by name. */
export function completenessOf(rows: readonly HourRow[], gaps: readonly GapRow[], nowMs: number): SourceCompleteness[] {
  const keyOf = ({ source, lane }: { source: string; lane: string }) => `${source} ${lane}`;
  const rowsOf = Map.groupBy(rows, keyOf);
  const gapsOf = Map.groupBy(gaps, keyOf);
  return [...new Set([...rowsOf.keys(), ...gapsOf.keys()])].toSorted().flatMap((key) => {
    const [ofRows, ofGaps] = [rowsOf.get(key) ?? [], gapsOf.get(key) ?? []];
    const some = ofRows[0] ?? ofGaps[0];
    if (some === undefined) return [];
    const [kind, id] = some.source.split(':');
    if ((kind !== 'station' && kind !== 'truck') || id === undefined) return [];
    const spans = COMPLETENESS_SPANS.map((span) => [span, countsOf(ofRows, ofGaps, { fromMs: spanFromMs(span, nowMs), nowMs })] as const);
    return [{ source: { kind, id }, lane: some.lane, spans: Object.fromEntries(spans) as SourceCompleteness['spans'] }];
  });
}

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
