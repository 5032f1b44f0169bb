import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { silentLog } from '../log.ts';
import { type Database, openDatabase } from './db.ts';

/** A server with TimescaleDB, as a role that may create databases and the extension; unset: its tests are skipped. */
export const TIMESCALE_URL = process.env['TEST_TIMESCALE_URL'];

/**
 * A database of its own on that server, dropped at the end of the scope.
 * @param licence under which TimescaleDB runs there; null: as the server has it
 */
export async function createTimescaleDatabase(
  licence: 'timescale' | 'apache' | null,
): Promise<{ database: Database; [Symbol.asyncDispose](): Promise<void> }> {
  const name = `corridor_${randomUUID().replaceAll('-', '')}`;
  await run(`create database ${name} template template0`);
  if (licence !== null) await run(`alter database ${name} set timescaledb.license = '${licence}'`);
  const url = new URL(TIMESCALE_URL ?? '');
  url.pathname = `/${name}`;
  const database = openDatabase({ url: url.href, log: silentLog(), name: 'test' });
  return {
    database,
    async [Symbol.asyncDispose]() {
      await database.close();
      await run(`drop database ${name} with (force)`);
    },
  };
}

async function run(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: TIMESCALE_URL });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
