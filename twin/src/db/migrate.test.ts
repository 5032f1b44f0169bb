import { startTestPostgres } from '@corridor/testkit/test-postgres';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { openDatabase } from './db.ts';
import { type Migration, migrate, readMigrations } from './migrate.ts';

const TABLES =
  `platform principal app_user driver station bay slot pack truck ownership alliance contract tariff energy_lot reservation swap
  swap_order order_line account transfer clearing_entry statement dispute payment custody alarm notification audit_log swap_event
  source_position ingest_position actor_snapshot outbox telemetry_pack telemetry_slot telemetry_station telemetry_truck
  telemetry_meter actor_transition`.split(/\s+/);

describe('migrate', () => {
  it('makes every table of the contract, with the platform in its key, once', async () => {
    await using postgres = await startTestPostgres();
    const database = openDatabase({ url: postgres.url, log: silentLog(), name: 'test' });
    try {
      const both = await Promise.all([migrate(database), migrate(database)]);
      expect(both.flat()).toEqual(readMigrations().map(({ version }) => version));
      const { rows } = await database.pool.query<{ table_name: string }>(
        "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'platform_id' and is_nullable = 'NO'",
      );
      expect(rows.map(({ table_name }) => table_name)).toEqual(expect.arrayContaining(TABLES));
    } finally {
      await database.close();
    }
  });

  it('refuses a changed migration and a database of a newer program, and rolls a failing one back', async () => {
    await using postgres = await startTestPostgres();
    const database = openDatabase({ url: postgres.url, log: silentLog(), name: 'test' });
    const one: Migration = { version: 1, name: 'one', checksum: 'a', sql: 'create table one (a int)' };
    const two: Migration = { version: 2, name: 'two', checksum: 'b', sql: 'create table two (a int); select 1/0' };
    try {
      await migrate(database, [one]);
      await expect(migrate(database, [one, two])).rejects.toMatchObject({
        code: 'MIGRATION_FAILED',
        message: expect.stringContaining('division by zero'),
      });
      const { rows } = await database.pool.query("select to_regclass('two') as found");
      expect(rows).toEqual([{ found: null }]);
      await expect(migrate(database, [{ ...one, checksum: 'changed' }])).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' });
      await expect(migrate(database, [])).rejects.toMatchObject({ code: 'SCHEMA_NEWER' });
      expect(await migrate(database, [one])).toEqual([]);
    } finally {
      await database.close();
    }
  });
});
