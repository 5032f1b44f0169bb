import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestPostgres } from '@corridor/testkit/test-postgres';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { backUp, restoreBackup } from './backup.ts';
import { type Database, openDatabase } from './db.ts';
import { migrate } from './migrate.ts';
import { prepareTimeSeries } from './time-series.ts';
import { COMMUNITY_URL, createTimescaleDatabase } from './timescale-database.fixture.ts';

const log = silentLog();

const SEED = `
  insert into platform values ('PF', 'Platform "Nord" \\ 平台', now());
  insert into principal values ('PF', 'C1', 'CARRIER', 'Carrier', '承运商', '{"a": [1, null]}', now());
  insert into account (platform_id, account_id, principal_id, kind, floor_fen, opened_at) values
    ('PF', 'RAIL_sandbox', null, 'RAIL', null, now()), ('PF', 'C1_prepaid', 'C1', 'PREPAID', 0, now()), ('PF', 'C1_held', 'C1', 'HELD', 0, now());
  insert into transfer (platform_id, key, kind, debit_account_id, credit_account_id, amount_fen, at, batch_no) values
    ('PF', 'topup:1', 'TOP_UP', 'RAIL_sandbox', 'C1_prepaid', 9007199254740993, now(), 1),
    ('PF', 'order:1:hold', 'HOLD', 'C1_prepaid', 'C1_held', 31000, now(), 2);
  insert into swap_event values ('PF', 'station:HH1', 1, 1, 1, 'evs.v1.live.station.HH1.evt.swap.arrived', 'HH1-1', now(), now(), false, null, E'{"text":"tab\\tline\\nend"}');
  insert into telemetry_meter values ('PF', 'HH1', 'HH1-GRID', 'GRID', 5, null, 1.5, now(), now(), 1, 1, false, '{LATE,GAP}');`;

/** All rows of what matters, to compare. */
async function content(database: Database): Promise<unknown> {
  const tables = ['platform', 'principal', 'account', 'transfer', 'swap_event', 'telemetry_meter'];
  return Promise.all(
    tables.map(async (table) => (await database.pool.query<Record<string, unknown>>(`select * from ${table} order by 1, 2`)).rows),
  );
}

async function withDatabases(work: (source: Database, target: Database) => Promise<void>): Promise<void> {
  await using postgres = await startTestPostgres();
  const admin = openDatabase({ url: postgres.adminUrl, log, name: 'test' });
  await admin.pool.query('create database target owner corridor');
  await admin.close();
  const source = openDatabase({ url: postgres.url, log, name: 'test' });
  const target = openDatabase({ url: postgres.url.replace(/\/corridor$/, '/target'), log, name: 'test' });
  try {
    await migrate(source);
    await source.pool.query(SEED);
    await work(source, target);
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}

describe('backup', () => {
  it('brings everything back into an empty database, where the books go on', () =>
    withDatabases(async (source, target) => {
      using folder = temporaryFolder();
      const dir = join(folder.path, 'backup');
      await backUp(source, dir, log);
      await source.pool.query("insert into platform values ('P2', 'after the backup', now())");
      await restoreBackup(target, dir, log);
      await source.pool.query("delete from platform where platform_id = 'P2'");
      expect(await content(target)).toEqual(await content(source));
      await target.pool.query(`insert into transfer (platform_id, key, kind, debit_account_id, credit_account_id, amount_fen, at, batch_no)
        values ('PF', 'order:1:release', 'RELEASE', 'C1_held', 'C1_prepaid', 31000, now(), 3)`);
      const { rows } = await target.pool.query("select account_id, balance_fen from account where kind <> 'RAIL' order by account_id");
      expect(rows).toEqual([
        { account_id: 'C1_held', balance_fen: 0n },
        { account_id: 'C1_prepaid', balance_fen: 9_007_199_254_740_993n },
      ]);
      await expect(target.pool.query("update transfer set amount_fen = 1 where key = 'topup:1'")).rejects.toThrow('never change');
    }));

  it('is put back whole or not at all, into an empty database only', () =>
    withDatabases(async (source, target) => {
      using folder = temporaryFolder();
      const dir = join(folder.path, 'backup');
      await backUp(source, dir, log);
      await expect(backUp(source, dir, log)).rejects.toThrow('is not empty');
      await expect(restoreBackup(source, dir, log)).rejects.toThrow('not empty');
      const file = join(dir, 'transfer.copy.gz');
      const good = readFileSync(file);
      writeFileSync(file, gzipSync(gunzipSync(good).toString().replace('31000', '31001')));
      await expect(restoreBackup(target, dir, log)).rejects.toMatchObject({
        code: 'BACKUP_UNUSABLE',
        message: expect.stringContaining('transfer'),
      });
      const { rows } = await target.pool.query('select count(*) as n from platform');
      expect(rows).toEqual([{ n: 0n }]);
      writeFileSync(file, good);
      await restoreBackup(target, dir, log);
      expect(await content(target)).toEqual(await content(source));
    }));

  it('says what is no backup', () =>
    withDatabases(async (_source, target) => {
      using folder = temporaryFolder();
      await expect(restoreBackup(target, folder.path, log)).rejects.toMatchObject({
        code: 'BACKUP_UNUSABLE',
        message: expect.stringContaining('holds no backup'),
      });
    }));
});

describe.skipIf(COMMUNITY_URL === undefined)('backup across servers (needs TEST_TIMESCALE_URL)', () => {
  it('goes from a server without TimescaleDB into one with it, and back', () =>
    withDatabases(async (source, target) => {
      using folder = temporaryFolder();
      await using scratch = await createTimescaleDatabase(COMMUNITY_URL);
      await backUp(source, join(folder.path, 'one'), log);
      await restoreBackup(scratch.database, join(folder.path, 'one'), log);
      await prepareTimeSeries(scratch.database, log);
      expect(await content(scratch.database)).toEqual(await content(source));
      await backUp(scratch.database, join(folder.path, 'two'), log);
      await restoreBackup(target, join(folder.path, 'two'), log);
      expect(await content(target)).toEqual(await content(source));
    }));
});
