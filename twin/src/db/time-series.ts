import type { Log } from '../log.ts';
import type { Database, Db } from './db.ts';
import {
  ROLLUP_TABLES,
  ROLLUP_WIDTHS,
  ROLLUPS,
  type RollupTable,
  type RollupWidth,
  rollupExpressions,
  rollupKeys,
  rollupName,
} from './rollup-spec.ts';
import { makeRollupViews } from './rollup-views.ts';
import { TELEMETRY_TABLE_NAMES, type TelemetryTable } from './telemetry-table.ts';

/**
 * What the server offers for time series. COMMUNITY: hypertables, continuous aggregates, columnstore, retention.
 * APACHE: TimescaleDB without what its other licence covers: hypertables only. NONE: plain PostgreSQL.
 */
export type TimeSeriesTier = 'COMMUNITY' | 'APACHE' | 'NONE';

/** Raw readings are kept this long; further back than any rollup is ever made anew from. */
export const RAW_RETENTION_DAYS = 90;
const MINUTES_RETENTION_DAYS = 400;
const COLUMNSTORE_AFTER_DAYS = 3;
/** How far back late readings still change a rollup. */
const REFRESH_DAYS = 8;
const CHUNK_DAYS = 1;

const SEGMENT_KEYS: Readonly<Record<TelemetryTable, readonly string[]>> = {
  telemetry_pack: ['platform_id', 'pack_id'],
  telemetry_slot: ['platform_id', 'station_id', 'evse_id'],
  telemetry_station: ['platform_id', 'station_id'],
  telemetry_truck: ['platform_id', 'truck_id'],
  telemetry_meter: ['platform_id', 'station_id', 'meter_id'],
  telemetry_bay: ['platform_id', 'bay_id'],
};

/** Asks the server, and brings the extension into the database where the server has it. */
export async function detectTimeSeriesTier(database: Database, log: Log): Promise<TimeSeriesTier> {
  const { rows } = await database.pool.query<{ loaded: boolean; available: string | null; installed: string | null }>(`
    select current_setting('timescaledb.max_background_workers', true) is not null as loaded,
           (select default_version from pg_available_extensions where name = 'timescaledb') as available,
           (select extversion from pg_extension where extname = 'timescaledb') as installed`);
  const [server] = rows;
  if (server === undefined || !server.loaded || server.available === null) return 'NONE';
  if (server.installed === null && !(await installExtension(database, log))) return 'NONE';
  // The edition is not what the extension's description says, but the licence the server runs it under.
  const licence = await database.pool.query<{ licence: string | null }>("select current_setting('timescaledb.license', true) as licence");
  return licence.rows[0]?.licence === 'timescale' ? 'COMMUNITY' : 'APACHE';
}

async function installExtension(database: Database, log: Log): Promise<boolean> {
  const client = await database.pool.connect();
  try {
    await client.query('create extension if not exists timescaledb');
    return true;
  } catch (cause) {
    log.warn({ err: cause }, 'the server has TimescaleDB, but this role may not use it: time series stay plain tables');
    return false;
  } finally {
    client.release(true); // the extension counts for new sessions only
  }
}

/**
 * Brings the time series to what the server offers, after the migrations; repeated at every start. Names and columns are
 * the same in all tiers.
 */
export async function prepareTimeSeries(database: Database, log: Log): Promise<TimeSeriesTier> {
  const tier = await detectTimeSeriesTier(database, log);
  if (tier !== 'NONE') {
    for (const table of TELEMETRY_TABLE_NAMES) await makeHypertable(database.pool, table, 'ts_event', CHUNK_DAYS);
    await makeHypertable(database.pool, 'actor_transition', 'at', 7 * CHUNK_DAYS);
  }
  if (tier === 'COMMUNITY') {
    for (const table of TELEMETRY_TABLE_NAMES) await addPolicies(database.pool, table);
  }
  for (const table of ROLLUP_TABLES) {
    for (const width of ['1m', '1h'] as const) {
      if (tier === 'COMMUNITY') await makeContinuousAggregate(database, table, width);
      else await makeRollupTable(database.pool, table, width);
    }
  }
  await makeRollupViews(database.pool);
  log.info({ tier }, 'time series are ready');
  return tier;
}

async function makeHypertable(db: Db, table: string, timeColumn: string, chunkDays: number): Promise<void> {
  await db.query({
    text: `select create_hypertable($1::regclass, by_range($2::name, $3::interval), create_default_indexes => false, if_not_exists => true, migrate_data => true)
            where not exists (select from timescaledb_information.hypertables where hypertable_schema = current_schema and hypertable_name = $4)`,
    values: [table, timeColumn, `${chunkDays} days`, table],
  });
}

async function addPolicies(db: Db, table: TelemetryTable): Promise<void> {
  const { rows } = await db.query<{ compressed: boolean }>({
    text: 'select compression_enabled as compressed from timescaledb_information.hypertables where hypertable_schema = current_schema and hypertable_name = $1',
    values: [table],
  });
  if (rows[0]?.compressed !== true) {
    // All columns of the unique key are in the order, so that a reading that comes again is found without unpacking.
    const rest = table === 'telemetry_pack' ? 'ts_event desc, src, boot_id, seq' : 'ts_event desc, boot_id, seq';
    await db.query({
      text: `alter table ${table} set (timescaledb.enable_columnstore, timescaledb.segmentby = '${SEGMENT_KEYS[table].join(', ')}', timescaledb.orderby = '${rest}')`,
    });
  }
  await db.query({
    text: `call add_columnstore_policy('${table}', after => interval '${COLUMNSTORE_AFTER_DAYS} days', if_not_exists => true)`,
  });
  await db.query({
    text: `select add_retention_policy('${table}', drop_after => interval '${RAW_RETENTION_DAYS} days', if_not_exists => true)`,
  });
}

async function relationKind(db: Db, name: string): Promise<string | null> {
  const { rows } = await db.query<{ kind: string }>({
    text: 'select relkind::text as kind from pg_class where oid = to_regclass($1)',
    values: [name],
  });
  return rows[0]?.kind ?? null;
}

/** Live on top: what is not yet materialised is computed when asked. */
async function makeContinuousAggregate(database: Database, table: RollupTable, width: RollupWidth): Promise<void> {
  const name = rollupName(table, width);
  const { pool } = database;
  const kind = await relationKind(pool, name);
  if (kind === 'v') return;
  // Kept by ourselves so far, on a server without TimescaleDB: all of it can be made from the readings, its view at the end of the start.
  if (kind === 'r') await pool.query(`drop table ${name} cascade`);
  const keys = ['platform_id', ...ROLLUPS[table].keys];
  await pool.query(`
    create materialized view ${name} with (timescaledb.continuous, timescaledb.materialized_only = false) as
    select ${keys.join(', ')}, time_bucket(interval '${ROLLUP_WIDTHS[width]}', ts_event) as bucket, ${rollupExpressions(table, 'timescale').join(', ')}
      from ${ROLLUPS[table].of} group by ${keys.join(', ')}, bucket with no data`);
  const endOffset = width === '1m' ? '2 minutes' : '2 hours';
  const every = width === '1m' ? '1 minute' : '30 minutes';
  await pool.query(`select add_continuous_aggregate_policy('${name}', start_offset => interval '${REFRESH_DAYS} days',
    end_offset => interval '${endOffset}', schedule_interval => interval '${every}', if_not_exists => true)`);
  if (width === '1m') {
    await pool.query(
      `select add_retention_policy('${name}', drop_after => interval '${MINUTES_RETENTION_DAYS} days', if_not_exists => true)`,
    );
  }
  // The policy reaches a few days back, and what lies before what it made counts as made. Cannot run in a transaction.
  if (await hasRows(pool, ROLLUPS[table].of)) await pool.query(`call refresh_continuous_aggregate('${name}', null, null)`);
}

async function hasRows(db: Db, table: string): Promise<boolean> {
  const { rows } = await db.query<{ there: boolean }>({ text: `select exists (select from ${table}) as there` });
  return rows[0]?.there === true;
}

async function makeRollupTable(db: Db, table: RollupTable, width: RollupWidth): Promise<void> {
  const name = rollupName(table, width);
  if ((await relationKind(db, name)) !== null) return;
  const keys = ['platform_id', ...ROLLUPS[table].keys];
  await db.query({
    text: `create table ${name} as select ${keys.join(', ')}, ts_event as bucket, ${rollupExpressions(table, 'plain').join(', ')}
             from ${ROLLUPS[table].of} group by ${keys.join(', ')}, ts_event with no data`,
  });
  await db.query({ text: `alter table ${name} add primary key (${rollupKeys(table).join(', ')})` });
}
