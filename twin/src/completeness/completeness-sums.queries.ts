import { COMPLETENESS_SPANS, type CompletenessSpan, type SourceCompleteness, type SpanCounts } from '@corridor/protocols/http/completeness';
import type { Db } from '../db/db.ts';
import { spanFromMs, tenth } from './completeness.ts';
import { HOUR_MS, LANE_COUNTS, type Lane } from './lane-book.ts';

interface SumRow extends Record<string, unknown> {
  source: string;
  lane: Lane;
}

/** `$2`, `$3` …: where each span begins. */
const SINCE = new Map(COMPLETENESS_SPANS.map((span, index) => [span, `$${index + 2}`]));
const UNTIL = `$${COMPLETENESS_SPANS.length + 2}`;
const LONGEST = `least(${[...SINCE.values()].join(', ')})`;

/** What was counted of each span. */
const COUNTED = COMPLETENESS_SPANS.flatMap((span) =>
  LANE_COUNTS.map((what) => `coalesce(sum(${what}) filter (where hour >= ${SINCE.get(span)}), 0)::float8 as "${span}/${what}"`),
).join(', ');
/** As if the messages of a gap had been sent evenly; of one without length all at its instant. */
const MISSING = COMPLETENESS_SPANS.map((span) => {
  const [from, until] = [`greatest(from_at, ${SINCE.get(span)})`, `least(until_at, ${UNTIL})`];
  return `sum((last_seq - first_seq + 1) * case
      when until_at <= from_at then case when from_at >= ${SINCE.get(span)} and from_at < ${UNTIL} then 1 else 0 end
      else greatest(0, extract(epoch from ${until} - ${from})) / extract(epoch from until_at - from_at) end)::float8 as "${span}/missing"`;
}).join(', ');

/**
 * How completely each source and lane of which anything is known was heard, by name: summed where it is stored, because a month of hours
 * is a hundred thousand rows for sixty trucks.
 * @param db sees what the caller may see
 */
export async function completenessSums(db: Db, platformId: string, nowMs: number): Promise<SourceCompleteness[]> {
  const since = COMPLETENESS_SPANS.map((span) => new Date(spanFromMs(span, nowMs)));
  // Clocks of sources may be ahead of ours a little.
  const values = [platformId, ...since, new Date(nowMs + HOUR_MS)];
  const { rows: counted } = await db.query<SumRow>({
    text: `select source, lane, ${COUNTED} from lane_hour where platform_id = $1 and hour >= ${LONGEST} and ${UNTIL}::timestamptz is not null
            group by source, lane`,
    values,
  });
  const { rows: missing } = await db.query<SumRow>({
    text: `select source, lane, ${MISSING} from lane_gap where platform_id = $1 and until_at >= ${LONGEST} group by source, lane`,
    values,
  });
  const sums = new Map<string, SumRow>();
  for (const row of [...counted, ...missing]) {
    const key = `${row.source} ${row.lane}`;
    sums.set(key, { ...sums.get(key), ...row });
  }
  return [...sums.entries()].toSorted(([one], [other]) => (one < other ? -1 : 1)).flatMap(([, row]) => viewOf(row));
}

function viewOf(row: SumRow): SourceCompleteness[] {
  const [kind, id] = row.source.split(':');
  if ((kind !== 'station' && kind !== 'truck') || id === undefined) return [];
  const spans = COMPLETENESS_SPANS.map((span) => [span, countsOf(row, span)] as const);
  return [{ source: { kind, id }, lane: row.lane, spans: Object.fromEntries(spans) as SourceCompleteness['spans'] }];
}

/** Of a source that is only in one of the two tables nothing was counted, or nothing is missing. */
function countsOf(row: SumRow, span: CompletenessSpan): SpanCounts {
  const sum = (what: string): number => Number(row[`${span}/${what}`] ?? 0);
  const [received, refused, missing] = [sum('received'), sum('refused'), sum('missing')];
  const sent = received + refused + missing;
  return {
    received,
    refused,
    late: sum('late'),
    backfilled: sum('backfilled'),
    duplicates: sum('duplicates'),
    missing: tenth(missing),
    completeRatio: sent > 0 ? received / sent : null,
  };
}
