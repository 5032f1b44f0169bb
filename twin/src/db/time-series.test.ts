import { startTestPostgres } from '@corridor/testkit/test-postgres';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { type Database, inTransaction, openDatabase } from './db.ts';
import { migrate } from './migrate.ts';
import { dropOldReadings, rollUp } from './rollup.queries.ts';
import { ROLLUP_TABLES, rollupColumns, rollupKeys, rollupName } from './rollup-spec.ts';
import { writeTelemetry } from './telemetry.queries.ts';
import { TelemetryBatch } from './telemetry-batch.ts';
import { prepareTimeSeries, type TimeSeriesTier } from './time-series.ts';
import { APACHE_URL, COMMUNITY_URL, createTimescaleDatabase } from './timescale-database.fixture.ts';

const log = silentLog();
const T0 = Date.UTC(2026, 5, 1, 8);
const MINUTE = 60_000;

type Reading = { atMs: number; seq: number; socPercent: number | null; powerW: number; ingestAtMs?: number };

async function write(database: Database, readings: readonly Reading[]): Promise<void> {
  const batch = new TelemetryBatch('PF');
  for (const { atMs, seq, socPercent, powerW, ingestAtMs = T0 } of readings) {
    const pack = {
      packId: 'P1',
      typeCode: 'LFP350',
      location: { kind: 'SLOT', id: 'HH1-1' },
      socPercent,
      sohPercent: 97,
      energyWh: 280_000,
      voltageV: 640,
      currentA: 100,
      powerW,
      cellVmaxV: 3.3,
      cellVminV: 3.2,
      cellTmaxC: 30,
      cellTminC: 25,
      insulationOhm: 1e6,
      contactor: 'CLOSED',
      cycles: 10,
      throughputWh: 1_000,
      faultCodes: [],
    };
    const at = new Date(atMs).toISOString();
    const envelope = {
      schema: 'tele.packs/1',
      src: 'HH1',
      bootId: 1,
      seq,
      tsEvent: at,
      tsSend: at,
      backfill: false,
      q: [],
      data: { stationId: 'HH1', packs: [pack] },
    };
    batch.add({ source: 'station', kind: 'packs', envelope, eventAtMs: atMs, ingestAtMs, q: [] });
  }
  await inTransaction(database, (client) => writeTelemetry(client, batch));
}

const READINGS: readonly Reading[] = [
  { atMs: T0 + 1_000, seq: 1, socPercent: 50, powerW: 100_000 },
  { atMs: T0 + 30_000, seq: 2, socPercent: 52, powerW: 200_000 },
  { atMs: T0 + 59_999, seq: 3, socPercent: null, powerW: 300_000 },
  { atMs: T0 + MINUTE, seq: 4, socPercent: 54, powerW: 0 },
];
const LATE: Reading = { atMs: T0 + 10_000, seq: 5, socPercent: 51, powerW: 400_000, ingestAtMs: T0 + 3_600_000 };

async function rollups(database: Database, width: '1m' | '1h'): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    `select bucket, samples, soc_percent_avg, soc_percent_last, power_w_max, location_id_last from telemetry_pack_${width} order by bucket`,
  );
  return rows;
}

const row = (atMs: number, samples: bigint, avg: number, last: number, max: number) => ({
  bucket: new Date(atMs),
  samples,
  soc_percent_avg: avg,
  soc_percent_last: last,
  power_w_max: max,
  location_id_last: 'HH1-1',
});

/** What must hold in every tier; `refresh` brings the rollups up to date where they are not by themselves. */
async function expectRollups(database: Database, tier: TimeSeriesTier, refresh: () => Promise<unknown>): Promise<void> {
  expect(await prepareTimeSeries(database, log)).toBe(tier);
  expect(await prepareTimeSeries(database, log)).toBe(tier);
  for (const table of ROLLUP_TABLES) {
    for (const width of ['1m', '1h'] as const) {
      const columns = [...rollupKeys(table), ...rollupColumns(table)].join(', ');
      await database.pool.query(`select ${columns} from ${rollupName(table, width)} limit 0`);
    }
  }
  await write(database, READINGS);
  await refresh();
  expect(await rollups(database, '1m')).toEqual([row(T0, 3n, 51, 52, 300_000), row(T0 + MINUTE, 1n, 54, 54, 0)]);
  expect(await rollups(database, '1h')).toEqual([row(T0, 4n, 52, 54, 300_000)]);
  await write(database, [LATE]);
  await refresh();
  expect(await rollups(database, '1m')).toEqual([row(T0, 4n, 51, 52, 400_000), row(T0 + MINUTE, 1n, 54, 54, 0)]);
}

const rollUpBoth = async (database: Database) => {
  await rollUp(database, '1m');
  await rollUp(database, '1h');
};

describe('time series on plain PostgreSQL', () => {
  it('are plain tables, with rollups that late readings bring right', async () => {
    await using postgres = await startTestPostgres();
    const database = openDatabase({ url: postgres.url, log, name: 'test' });
    try {
      await migrate(database);
      await expectRollups(database, 'NONE', () => rollUpBoth(database));
      await rollUp(database, '1m');
      expect(await rollups(database, '1m')).toHaveLength(2);
      await dropOldReadings(database, 'NONE', T0 + 90 * 86_400_000 + 30_000);
      const { rows } = await database.pool.query('select seq from telemetry_pack order by seq');
      expect(rows).toEqual([{ seq: 2n }, { seq: 3n }, { seq: 4n }]);
      expect(await rollups(database, '1m')).toHaveLength(2);
    } finally {
      await database.close();
    }
  });
});

describe.skipIf(COMMUNITY_URL === undefined)('time series on TimescaleDB Community (needs TEST_TIMESCALE_URL)', () => {
  it('are hypertables with continuous aggregates that are live, columnstore and retention', async () => {
    await using scratch = await createTimescaleDatabase(COMMUNITY_URL);
    const { database } = scratch;
    await migrate(database);
    await expectRollups(database, 'COMMUNITY', async () => {});
    const { rows: jobs } = await database.pool.query<{ proc_name: string; n: bigint }>(
      'select proc_name, count(*) as n from timescaledb_information.jobs where hypertable_name is not null group by proc_name order by proc_name',
    );
    expect(jobs).toEqual([
      { proc_name: 'policy_compression', n: 6n },
      { proc_name: 'policy_refresh_continuous_aggregate', n: 14n },
      { proc_name: 'policy_retention', n: 13n },
    ]);
    await database.pool.query("call refresh_continuous_aggregate('telemetry_pack_1m', null, null)");
    expect(await rollups(database, '1m')).toHaveLength(2);
    await database.pool.query("select count(compress_chunk(c)) from show_chunks('telemetry_pack') c");
    await write(database, [LATE, { ...LATE, seq: 6 }]);
    const { rows } = await database.pool.query('select count(*) as n from telemetry_pack');
    expect(rows).toEqual([{ n: 6n }]);
  });

  it('a database that was plain becomes one of hypertables, with its readings', async () => {
    await using scratch = await createTimescaleDatabase(COMMUNITY_URL);
    const { database } = scratch;
    await migrate(database);
    await write(database, READINGS);
    await database.pool.query('create table telemetry_pack_1m (platform_id text)');
    expect(await prepareTimeSeries(database, log)).toBe('COMMUNITY');
    expect(await rollups(database, '1m')).toHaveLength(2);
  });
});

describe.skipIf(APACHE_URL === undefined)('time series on TimescaleDB Apache (needs TEST_TIMESCALE_APACHE_URL)', () => {
  it('are hypertables, with rollups of our own', async () => {
    await using scratch = await createTimescaleDatabase(APACHE_URL);
    const { database } = scratch;
    await migrate(database);
    await expectRollups(database, 'APACHE', () => rollUpBoth(database));
    await dropOldReadings(database, 'APACHE', T0 + 200 * 86_400_000);
    const { rows } = await database.pool.query('select count(*) as n from telemetry_pack');
    expect(rows).toEqual([{ n: 0n }]);
  });
});
