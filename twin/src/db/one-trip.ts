import { assert } from '@corridor/protocols/assert';
import pg from 'pg';
import { CommitUnknownError, type Database, type Db, isShutdown } from './db.ts';

/** A statement with its parameters, ready to be sent. */
export interface Statement {
  /** Of the prepared statement; one that is not named is parsed each time. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly (string | Buffer | null)[];
}

/** A statement of a list failed, and the whole of it was rolled back. `cause` is what the server says. */
export class StatementFailedError extends Error {
  readonly code = 'STATEMENT_FAILED';
  /** Of the list, as it was written down. */
  readonly statement: string;
  override readonly cause: pg.DatabaseError;
  constructor(statement: string, cause: pg.DatabaseError) {
    super(`${statement}: ${cause.message}`);
    this.statement = statement;
    this.cause = cause;
  }
}

/** What a query would give is not known while it is only written down. */
const NOT_YET: pg.QueryResult<never> = Object.defineProperties(
  { command: '', oid: 0, fields: [], rows: [], rowCount: null },
  Object.fromEntries(
    ['rows', 'rowCount'].map((name) => [
      name,
      {
        get: () => assert(false, `${name} of a statement that is not sent yet`),
      },
    ]),
  ),
);

/** Takes queries down instead of running them; what reads their results cannot be written down. */
export class StatementList implements Db {
  readonly statements: Statement[] = [];

  async query<Row extends pg.QueryResultRow>({ name, text, values }: pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    this.statements.push({ name: name ?? '', text, values: (values ?? []).map(parameterOf) });
    return NOT_YET;
  }
}

/**
 * Runs statements as one transaction in one round trip: all of them go out together and the server answers once. The time that a
 * transaction of many small statements takes is mostly that of waiting for each of its answers.
 * @throws StatementFailedError when everything was rolled back
 * @throws CommitUnknownError when the connection broke or the server goes down: it may be committed
 */
export async function inOneTrip(database: Database, statements: readonly Statement[]): Promise<void> {
  const client = await database.pool.connect();
  let isBroken = true;
  // The statements hear it too; without a listener the process would end.
  const ignore = () => undefined;
  client.on('error', ignore);
  try {
    const trip = new OneTrip([BEGIN, ...statements, COMMIT]);
    client.query(trip);
    await trip.done;
    isBroken = false;
  } finally {
    client.off('error', ignore);
    // One whose transaction failed is not worth mending.
    client.release(isBroken);
  }
}

const BEGIN: Statement = { name: 'begin', text: 'begin', values: [] };
const COMMIT: Statement = { name: 'commit', text: 'commit', values: [] };

/** Statements that a connection knows by name already. */
const prepared = new WeakMap<pg.Connection, Set<string>>();
/** The driver's own names are others. */
const NAME_PREFIX = 'one_trip.';

/** What the driver sends and whom it tells the answers. After a failure the server skips everything up to the one sync at the end. */
class OneTrip implements pg.Submittable {
  readonly done: Promise<void>;
  readonly #statements: readonly Statement[];
  readonly #outcome = Promise.withResolvers<void>();
  #completed = 0;
  #connection: pg.Connection | null = null;

  constructor(statements: readonly Statement[]) {
    this.#statements = statements;
    this.done = this.#outcome.promise;
  }

  submit(connection: pg.Connection): void {
    this.#connection = connection;
    const known = prepared.get(connection) ?? new Set();
    const parsed = new Set(known);
    connection.stream.cork();
    for (const { name, text, values } of this.#statements) {
      const statement = name === '' ? '' : NAME_PREFIX + name;
      if (name === '' || !parsed.has(name)) connection.parse({ name: statement, text, types: [] }, true);
      if (name !== '') parsed.add(name);
      connection.bind({ statement, values: [...values] }, true);
      connection.execute(null, true);
    }
    connection.sync();
    connection.stream.uncork();
  }

  handleCommandComplete(): void {
    this.#completed += 1;
  }

  /** Rows are of no interest. */
  handleDataRow(): void {}

  handleError(cause: Error): void {
    const failed = this.#statements[this.#completed];
    this.#outcome.reject(
      cause instanceof pg.DatabaseError && !isShutdown(cause) && failed !== undefined
        ? new StatementFailedError(failed.name || failed.text, cause)
        : new CommitUnknownError(cause),
    );
  }

  handleReadyForQuery(): void {
    const connection = this.#connection;
    assert(
      connection !== null && this.#completed === this.#statements.length,
      `${this.#completed} of ${this.#statements.length} statements ran`,
    );
    const names = this.#statements.flatMap(({ name }) => (name === '' ? [] : [name]));
    prepared.set(connection, new Set([...(prepared.get(connection) ?? []), ...names]));
    this.#outcome.resolve();
  }
}

/** @throws InvariantError on what has no one text: a number that is none, an object */
function parameterOf(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return arrayText(value);
  assert(
    typeof value === 'bigint' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)),
    `${typeof value} as a parameter`,
  );
  return String(value);
}

const arrayText = (items: readonly unknown[]): string =>
  `{${items
    .map((item) => {
      const text = parameterOf(item);
      assert(!Buffer.isBuffer(text), 'bytes in a list');
      return text === null ? 'NULL' : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
    })
    .join(',')}}`;
