import type { Curves } from '@corridor/protocols/http/equipment';
import type { Db } from '../../db/db.ts';
import type { RollupTable, RollupWidth } from '../../db/rollup-spec.ts';
import { seenRollupName } from '../../db/rollup-views.ts';
import type { CurveSeries } from './curve-series.ts';
import { type CurveRow, thinOut } from './thin-out.ts';

/** Of what a curve is asked: the columns that name it, with their values. */
export interface CurveOf {
  readonly platformId: string;
  readonly key: Readonly<Record<string, string | number>>;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly points: number;
}

const DAY_MS = 86_400_000;
const WIDTH_MS = { RAW: 0, '1m': 60_000, '1h': 3_600_000 } as const;
/** Times with flags that are told apart, at most. */
const FLAGGED_MAX = 200;

/** Readings for a day, minutes for a fortnight, hours for more. */
export function resolutionOf({ fromMs, untilMs }: Pick<CurveOf, 'fromMs' | 'untilMs'>): Curves['resolution'] {
  if (untilMs - fromMs <= 1.1 * DAY_MS) return 'RAW';
  return untilMs - fromMs <= 15 * DAY_MS ? '1m' : '1h';
}

/** @param db sees what the caller may see */
export async function readCurves(db: Db, series: CurveSeries, of: CurveOf): Promise<Curves> {
  const resolution = resolutionOf(of);
  const rows = resolution === 'RAW' ? await rawRows(db, series, of) : await keptRows(db, series, resolution, of);
  const thinned = thinOut(rows, { ...of, rowMs: WIDTH_MS[resolution] });
  const column = (name: string, which: 'mean' | 'low' | 'high') => thinned.rows.map(({ values }) => values[name]?.[which] ?? null);
  return {
    resolution,
    at: thinned.rows.map(({ atMs }) => iso(atMs)),
    widthMs: thinned.widthMs,
    series: Object.fromEntries(
      series.fields.map(({ name }) => [name, { mean: column(name, 'mean'), low: column(name, 'low'), high: column(name, 'high') }]),
    ),
    gaps: thinned.gaps.map(({ fromMs, untilMs }) => ({ from: iso(fromMs), until: iso(untilMs) })),
    flags: await flaggedTimes(db, series, of),
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Conditions and values that both kinds of rows share; `time` is the column of their time. */
function whereOf({ platformId, key, fromMs, untilMs }: CurveOf, time: string): { where: string; values: unknown[] } {
  const names = Object.keys(key);
  const where = ['platform_id = $1', `${time} >= $2`, `${time} < $3`, ...names.map((name, index) => `${name} = $${index + 4}`)].join(
    ' and ',
  );
  return { where, values: [platformId, new Date(fromMs), new Date(untilMs), ...Object.values(key)] };
}

type Row = { at: Date; [column: string]: unknown };
const numberOf = (value: unknown): number | null => {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

async function rawRows(db: Db, { table, fields }: CurveSeries, of: CurveOf): Promise<CurveRow[]> {
  const { where, values } = whereOf(of, 'ts_event');
  const columns = fields.map(({ column }) => column).join(', ');
  const { rows } = await db.query<Row>({
    text: `select ts_event as at, ${columns} from seen_${table} where ${where} order by ts_event, boot_id, seq`,
    values,
  });
  return rows.map((row) => ({
    atMs: row.at.getTime(),
    values: Object.fromEntries(
      fields.map(({ name, column }) => {
        const value = numberOf(row[column]);
        return [name, { mean: value, low: value, high: value }];
      }),
    ),
  }));
}

async function keptRows(db: Db, { table, fields }: CurveSeries, width: RollupWidth, of: CurveOf): Promise<CurveRow[]> {
  const { where, values } = whereOf(of, 'bucket');
  const kept = Map.groupBy(fields, ({ beside }) => beside ?? table);
  const rollups = [...new Set<RollupTable>([table, ...kept.keys()])].map((rollup) => {
    const columns = new Set((kept.get(rollup) ?? []).flatMap((field) => Object.values(field.kept)));
    return `(select ${['bucket as at', ...columns].join(', ')} from ${seenRollupName(rollup, width)} where ${where}) ${rollup}`;
  });
  // What stands beside may reach back less far, and be a minute behind.
  const joined = rollups.map((rollup, index) => (index === 0 ? rollup : `left join ${rollup} using (at)`)).join(' ');
  const { rows } = await db.query<Row>({ text: `select * from ${joined} order by at`, values });
  return rows.map((row) => ({
    atMs: row.at.getTime(),
    values: Object.fromEntries(
      fields.map(({ name, kept: { mean, low, high } }) => [
        name,
        { mean: numberOf(row[mean]), low: numberOf(row[low]), high: numberOf(row[high]) },
      ]),
    ),
  }));
}

/** Times with readings that something is wrong with, as fine as the points of the curve. */
async function flaggedTimes(db: Db, { table }: CurveSeries, of: CurveOf): Promise<Curves['flags']> {
  const { where, values } = whereOf(of, 'ts_event');
  const widthMs = Math.max(60_000, Math.ceil((of.untilMs - of.fromMs) / Math.min(of.points, FLAGGED_MAX)));
  const { rows } = await db.query<{ bucket: bigint; q: string[]; readings: bigint }>({
    text: `select floor(extract(epoch from ts_event - $2::timestamptz) * 1000 / ${widthMs})::bigint as bucket, count(distinct (ts_event)) as readings,
                  array_agg(distinct flag order by flag) as q
             from flagged_${table}, unnest(q) as flag where ${where} group by bucket order by bucket`,
    values,
  });
  return rows.map(({ bucket, q, readings }) => ({
    from: iso(of.fromMs + Number(bucket) * widthMs),
    until: iso(of.fromMs + (Number(bucket) + 1) * widthMs),
    q,
    readings: Number(readings),
  }));
}
