import pg from 'pg';
import type { Log } from '../log.ts';

/** What queries run on: a pool, or the connection of a transaction. Always the first argument, never a default. */
export interface Db {
  query<Row extends pg.QueryResultRow>(config: pg.QueryConfig): Promise<pg.QueryResult<Row>>;
}

/** A connection that one caller has for itself: a transaction, a COPY. */
export type DbClient = pg.PoolClient;

export type Database = {
  readonly pool: pg.Pool;
  close(): Promise<void>;
};

/** `bigint` columns are money, energies and counters: JavaScript bigint, where the driver's own default is text. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, BigInt);
const INT8_LIST = 1016;
types.setTypeParser(INT8_LIST, (text: string) =>
  text === '{}'
    ? []
    : text
        .slice(1, -1)
        .split(',')
        .map((item) => (item === 'NULL' ? null : BigInt(item))),
);

/** How long a query waits for a connection, one that is free or a new one, wall ms: a machine that is busy for seconds is no failure. */
const CONNECT_WITHIN_MS = 15_000;

export function openDatabase(options: {
  url: string;
  log: Log;
  name: string;
  connectionsMax?: number;
  connectWithinMs?: number;
}): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.name,
    max: options.connectionsMax ?? 10,
    connectionTimeoutMillis: options.connectWithinMs ?? CONNECT_WITHIN_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    types,
  });
  // The server may end a connection together with its first answer, before whoever asked for it can listen: its first query fails then.
  // Without a listener the process would end.
  pool.on('connect', (client) => client.on('error', () => undefined));
  // A connection that breaks while nobody uses it is replaced.
  pool.on('error', (cause) => options.log.warn({ err: cause }, 'a database connection was lost'));
  return { pool, close: () => pool.end() };
}

/** The database cannot be reached or refuses us. */
export class DatabaseUnreachableError extends Error {
  readonly code = 'DATABASE_UNREACHABLE';
  constructor(options: { url: string; cause: unknown }) {
    const reason =
      options.cause instanceof Error ? options.cause.message || ('code' in options.cause ? String(options.cause.code) : '') : 'unknown';
    super(`The database at ${withoutPassword(options.url)} cannot be used (${reason}): check DATABASE_URL and that the server runs.`, {
      cause: options.cause,
    });
  }
}

/** PostgreSQL is too old. */
export class DatabaseTooOldError extends Error {
  readonly code = 'DATABASE_TOO_OLD';
}

const OLDEST_VERSION = 150_000;

/** Asks the server once, so that a wrong address is one clear line. @throws DatabaseUnreachableError, DatabaseTooOldError */
export async function assertDatabaseUsable(database: Database, url: string): Promise<void> {
  let version: number;
  try {
    const { rows } = await database.pool.query<{ server_version_num: string }>('show server_version_num');
    version = Number(rows[0]?.server_version_num);
  } catch (cause) {
    throw new DatabaseUnreachableError({ url, cause });
  }
  if (version < OLDEST_VERSION) {
    throw new DatabaseTooOldError(`The database is PostgreSQL ${Math.floor(version / 10_000)}: 15 or newer is needed.`);
  }
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    return `${parsed.hostname}:${parsed.port || '5432'}${parsed.pathname}`;
  } catch {
    return 'DATABASE_URL'; // not a URL: it may still hold a password, so it is not repeated
  }
}

/**
 * The connection broke while the commit was under way: whether it is committed must be asked of the database before
 * anything goes on.
 */
export class CommitUnknownError extends Error {
  readonly code = 'COMMIT_UNKNOWN';
  constructor(cause: unknown) {
    super('the connection broke during the commit', { cause });
  }
}

/**
 * Runs `work` in one transaction. Committed when it returns, rolled back when it throws.
 * @throws CommitUnknownError when only the outcome of the commit itself is unknown
 */
export async function inTransaction<T>(database: Database, work: (client: DbClient) => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  let isBroken = false;
  // While it is in use, a connection that breaks says so here and to its query: without a listener the process would end.
  const noteBroken = () => {
    isBroken = true;
  };
  client.on('error', noteBroken);
  try {
    await client.query('begin');
    const result = await work(client);
    try {
      await client.query('commit');
    } catch (cause) {
      // An answer of a server that goes on is a known outcome: a constraint checked at commit rolled everything back. With FATAL it ends the
      // connection, and how far the commit came is not known.
      const isKnown = cause instanceof pg.DatabaseError && !isShutdown(cause) && (await rolledBack(client));
      isBroken = true;
      throw isKnown ? cause : new CommitUnknownError(cause);
    }
    return result;
  } catch (cause) {
    if (!isBroken) isBroken = !(await rolledBack(client));
    throw cause;
  } finally {
    client.off('error', noteBroken);
    client.release(isBroken);
  }
}

/** Class 57P: the server goes down; the commit may or may not have reached its log. */
export const isShutdown = (cause: pg.DatabaseError) => cause.code?.startsWith('57P') === true;

/** @returns false when the connection is gone, which rolls back as well */
async function rolledBack(client: DbClient): Promise<boolean> {
  try {
    await client.query('rollback');
    return true;
  } catch {
    return false; // the cause is thrown by the caller
  }
}
