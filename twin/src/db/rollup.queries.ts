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
  const keys = ['platform_id', ...ROLLUPS[table].keys];
  const columns = rollupColumns(table);
  const span = `interval '${ROLLUP_WIDTHS[width]}'`;
  const readingsOf = (bucket: string) =>
    `${ROLLUPS[table].of} r where ${keys.map((key) => `r.${key} = ${bucket}.${key}`).join(' and ')}
                  and r.ts_event >= ${bucket}.bucket and r.ts_event < ${bucket}.bucket + ${span}`;
  // Readings are only ever added: a bucket made from as many as there are is as it should be.
  const { rows } = await client.query<{ made: bigint }>({
    text: `
      with since as materialized (
        select rolled_until - interval '${COMMIT_LATE_MAX}' as at from rollup_position where rollup = $1 for update
      ), touched as materialized (
        select ${keys.join(', ')}, date_bin(${span}, ts_event, timestamptz 'epoch') as bucket, max(ts_ingest) as newest
          from ${ROLLUPS[table].of} where ts_ingest > (select at from since) group by ${keys.join(', ')}, bucket
      ), outdated as (
        select touched.* from touched left join ${name} known using (${rollupKeys(table).join(', ')})
         where known.samples is distinct from (select count(*) from ${readingsOf('touched')})
      ), written as (
        insert into ${name} (${rollupKeys(table).join(', ')}, ${columns.join(', ')})
        select ${keys.map((key) => `o.${key}`).join(', ')}, o.bucket, ${columns.map((column) => `made.${column}`).join(', ')}
          from outdated o cross join lateral (select ${rollupExpressions(table, 'plain').join(', ')} from ${readingsOf('o')}) made
        on conflict (${rollupKeys(table).join(', ')}) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}
        returning 1
      ), moved as (
        update rollup_position set rolled_until = greatest(rolled_until, (select max(newest) from touched)) where rollup = $1
      )
      select count(*) as made from written`,
    values: [name],
  });
  return Number(rows[0]?.made ?? 0n);
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
