import { randomUUID } from 'node:crypto';
import { assert } from '@corridor/protocols/assert';
import pg from 'pg';
import { silentLog } from '../log.ts';
import { type Database, openDatabase } from './db.ts';

/**
 * Servers with TimescaleDB, as a role that may create databases and the extension: one under the Community licence, one with
 * `timescaledb.license=apache`. Unset: their tests are skipped.
 */
export const COMMUNITY_URL = process.env['TEST_TIMESCALE_URL'];
export const APACHE_URL = process.env['TEST_TIMESCALE_APACHE_URL'];

/** A database of its own on such a server, dropped at the end of the scope. */
export async function createTimescaleDatabase(
  serverUrl: string | undefined,
): Promise<{ database: Database; [Symbol.asyncDispose](): Promise<void> }> {
  assert(serverUrl !== undefined, 'the address of a server with TimescaleDB');
  const name = `corridor_${randomUUID().replaceAll('-', '')}`;
  await run(serverUrl, `create database ${name} template template0`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const database = openDatabase({ url: url.href, log: silentLog(), name: 'test' });
  return {
    database,
    async [Symbol.asyncDispose]() {
      await database.close();
      await run(serverUrl, `drop database ${name} with (force)`);
    },
  };
}

async function run(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
