import { type Database, type DbClient, inTransaction } from './db.ts';
import {
  ROLLUP_TABLES,
  ROLLUP_WIDTHS,
  ROLLUPS,
  type RollupTable,
  type RollupWidth,
  rollupColumns,
  rollupExpressions,
  rollupKeys,
  rollupName,
} from './rollup-spec.ts';
import { TELEMETRY_TABLE_NAMES } from './telemetry-table.ts';
import { RAW_RETENTION_DAYS, type TimeSeriesTier } from './time-series.ts';

/**
 * Rollups where the server does not keep them. Every bucket that got a reading since the last time is made anew from its
 * readings, so late and repeated ones come right by themselves. Readings are found by the wall time of their ingest;
 * a batch may be committed that much later than it was stamped:
 */
const COMMIT_LATE_MAX = '150 seconds';

/** @returns buckets made or made anew */
export async function rollUp(database: Database, width: RollupWidth): Promise<number> {
  let buckets = 0;
  for (const table of ROLLUP_TABLES) buckets += await inTransaction(database, (client) => rollUpTable(client, table, width));
  return buckets;
}

async function rollUpTable(client: DbClient, table: RollupTable, width: RollupWidth): Promise<number> {
  const name = rollupName(table, width);
  await client.query({ text: "insert into rollup_position values ($1, '-infinity') on conflict do nothing", values: [name] });
  const { rows } = await client.query<{ since: string; newest: string | null }>({
    text: `select (p.rolled_until - interval '${COMMIT_LATE_MAX}')::text as since, (select max(ts_ingest)::text from ${table}) as newest
             from rollup_position p where p.rollup = $1 for update of p`,
    values: [name],
  });
  const since = rows[0]?.since ?? '-infinity';
  const newest = rows[0]?.newest ?? null;
  if (newest === null) return 0;
  const keys = ['platform_id', ...ROLLUPS[table].keys];
  const columns = rollupColumns(table);
  const { rowCount } = await client.query({
    text: `
      with touched as (
        select distinct ${keys.join(', ')}, date_bin(interval '${ROLLUP_WIDTHS[width]}', ts_event, timestamptz 'epoch') as bucket
          from ${table} where ts_ingest > $1::timestamptz
      )
      insert into ${name} (${rollupKeys(table).join(', ')}, ${columns.join(', ')})
      select ${keys.map((key) => `t.${key}`).join(', ')}, t.bucket, ${columns.map((column) => `made.${column}`).join(', ')}
        from touched t cross join lateral (
          select ${rollupExpressions(table, 'plain').join(', ')} from ${table} r
           where ${keys.map((key) => `r.${key} = t.${key}`).join(' and ')}
             and r.ts_event >= t.bucket and r.ts_event < t.bucket + interval '${ROLLUP_WIDTHS[width]}'
        ) made
      on conflict (${rollupKeys(table).join(', ')}) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    values: [since],
  });
  await client.query({
    text: 'update rollup_position set rolled_until = greatest(rolled_until, $2::timestamptz) where rollup = $1',
    values: [name, newest],
  });
  return rowCount ?? 0;
}

const DELETED_AT_ONCE = 50_000;

/**
 * Drops readings that are older than their retention, where no policy of the server does it.
 * @param scopeNowMs readings are as old as their scope time says
 */
export async function dropOldReadings(database: Database, tier: TimeSeriesTier, scopeNowMs: number): Promise<void> {
  if (tier === 'COMMUNITY') return;
  const before = new Date(scopeNowMs - RAW_RETENTION_DAYS * 86_400_000);
  for (const table of TELEMETRY_TABLE_NAMES) {
    if (tier === 'APACHE') {
      await database.pool.query(`select drop_chunks('${table}', older_than => $1::timestamptz)`, [before]);
      continue;
    }
    for (let deleted = DELETED_AT_ONCE; deleted === DELETED_AT_ONCE; ) {
      const { rowCount } = await database.pool.query(
        `delete from ${table} where ctid = any(array(select ctid from ${table} where ts_event < $1 limit ${DELETED_AT_ONCE}))`,
        [before],
      );
      deleted = rowCount ?? 0;
    }
  }
}
