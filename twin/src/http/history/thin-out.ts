/** Values at one point in time; null: unknown. */
export interface CurveRow {
  readonly atMs: number;
  /** By field: mean, least and greatest. */
  readonly values: Readonly<Record<string, { mean: number | null; low: number | null; high: number | null }>>;
}
export interface Thinned {
  readonly widthMs: number;
  readonly rows: readonly CurveRow[];
  readonly gaps: readonly { fromMs: number; untilMs: number }[];
}

/** Idle equipment is told of every minute. */
const APART_MS_MIN = 150_000;
/** Between two rows that are further apart than so many times the usual, something is missing. */
const APART_RATIO = 4;

/**
 * At most so many points, each with the mean, the least and the greatest of what it stands for: a peak of one reading stays to be seen. Times
 * without rows are told, not drawn over.
 * @param rows in the order of their time, at most `rowMs` of time in each
 */
export function thinOut(rows: readonly CurveRow[], span: { fromMs: number; untilMs: number; points: number; rowMs: number }): Thinned {
  const gaps = gapsOf(rows, span.rowMs);
  if (rows.length <= span.points) return { widthMs: span.rowMs, rows, gaps };
  const widthMs = Math.max(1, Math.ceil((span.untilMs - span.fromMs) / span.points));
  const buckets = Map.groupBy(rows, ({ atMs }) => Math.floor((atMs - span.fromMs) / widthMs));
  return { widthMs, rows: [...buckets].map(([index, inside]) => joined(span.fromMs + index * widthMs, inside)), gaps };
}

function gapsOf(rows: readonly CurveRow[], rowMs: number): Thinned['gaps'] {
  const apart = rows.slice(1).map((row, index) => row.atMs - (rows[index]?.atMs ?? row.atMs));
  const usualMs = apart.toSorted((one, other) => one - other)[Math.floor(apart.length / 2)] ?? 0;
  const mostMs = Math.max(APART_MS_MIN, APART_RATIO * usualMs, rowMs);
  return apart.flatMap((apartMs, index) => {
    const before = rows[index];
    return before === undefined || apartMs <= mostMs ? [] : [{ fromMs: before.atMs + rowMs, untilMs: before.atMs + apartMs }];
  });
}

function joined(atMs: number, rows: readonly CurveRow[]): CurveRow {
  const fields = Object.keys(rows[0]?.values ?? {});
  return {
    atMs,
    values: Object.fromEntries(
      fields.map((field) => {
        const known = rows.map(({ values }) => values[field]).filter((value) => value !== undefined && value.mean !== null);
        if (known.length === 0) return [field, { mean: null, low: null, high: null }];
        const numbers = (of: 'mean' | 'low' | 'high') => known.map((value) => value?.[of]).filter((each) => typeof each === 'number');
        return [
          field,
          {
            mean: numbers('mean').reduce((sum, each) => sum + each, 0) / known.length,
            low: numbers('low').reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY),
            high: numbers('high').reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY),
          },
        ];
      }),
    ),
  };
}
