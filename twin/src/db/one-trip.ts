import { assert } from '@corridor/protocols/assert';
import pg from 'pg';
import { serialize } from 'pg-protocol';
import { CommitUnknownError, type Database, type DbClient, isShutdown } from './db.ts';
import type { Statement } from './statement-list.ts';

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

/** The driver's own names are others. */
const NAME_PREFIX = 'one_trip.';
const nameOf = ({ name }: Statement): string => (name === '' ? '' : NAME_PREFIX + name);

/**
 * Statements that are one transaction, as the bytes that go to the server: all of them go out together and it answers once, for the time
 * that a transaction of many small statements takes is mostly that of waiting for each of its answers. The bytes are made when the
 * statements are known, so that sending them is one write. Statements before one sync are one transaction, which the server begins with the
 * first and commits at the sync.
 */
export class Trip {
  readonly statements: readonly Statement[];
  /** Of each statement its parameters. */
  readonly #binds: readonly Buffer[];
  /** When the connection has all statements. */
  readonly #whole: Buffer;

  constructor(statements: readonly Statement[]) {
    this.statements = statements;
    this.#binds = statements.map((statement) => serialize.bind({ statement: nameOf(statement), values: [...statement.values] }));
    this.#whole = Buffer.concat([...this.#binds.flatMap((bind) => [bind, EXECUTE]), SYNC]);
  }

  /** @param known names of statements that the connection has; those of this one are added */
  bytes(known: Set<string>): Buffer {
    if (this.statements.every(({ name }) => known.has(name))) return this.#whole;
    const parts = this.statements.flatMap((statement, index) => {
      const bind = this.#binds[index];
      assert(bind !== undefined, `no parameters of ${statement.name}`);
      if (known.has(statement.name)) return [bind, EXECUTE];
      if (statement.name !== '') known.add(statement.name);
      return [serialize.parse({ name: nameOf(statement), text: statement.text }), bind, EXECUTE];
    });
    return Buffer.concat([...parts, SYNC]);
  }
}

const EXECUTE = serialize.execute();
const SYNC = serialize.sync();

/** A connection that is held while trips are under way on it. */
interface Held {
  readonly client: Promise<DbClient>;
  /** Under way, or waiting for the connection. */
  trips: number;
  /** Where the last one was written to; null: it waits in the driver still. */
  connection: pg.Connection | null;
  isBroken: boolean;
}

/**
 * Trips behind each other on one connection: one may be sent while the server is still at the one before it, and is taken up as soon as
 * that is done, which for a commit is a round trip earlier than if its answer were awaited. Each is a transaction of its own and has an
 * end of its own: what follows one that failed is run all the same, so it has to fail by itself.
 */
export class TripLine {
  readonly #database: Database;
  #held: Held | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Resolves when the trip is committed.
   * @throws StatementFailedError when everything of it was rolled back
   * @throws CommitUnknownError when the connection broke, the server goes down or the trip before it failed: it may be committed, now or in a moment
   */
  async send(trip: Trip): Promise<void> {
    this.#held ??= { client: this.#database.pool.connect(), trips: 0, connection: null, isBroken: false };
    const held = this.#held;
    held.trips += 1;
    let client: DbClient | null = null;
    try {
      client = await held.client;
      const sent = new SentTrip(trip);
      // The driver submits it when the one before it has its answer: by then the server has long begun.
      if (held.connection !== null) sent.write(held.connection);
      client.query(sent);
      held.connection = sent.connection;
      await sent.done;
    } catch (cause) {
      const wasBroken = held.isBroken;
      held.isBroken = true;
      // Statements that it takes for known were perhaps never prepared, so what failed in it says nothing.
      throw wasBroken && cause instanceof StatementFailedError ? new CommitUnknownError(cause) : cause;
    } finally {
      held.trips -= 1;
      // One whose transaction failed is not worth mending.
      if (this.#held === held && (held.trips === 0 || held.isBroken)) this.#held = null;
      if (held.trips === 0) client?.release(held.isBroken);
    }
  }
}

/** Names of the statements that a connection has, or will have when what was sent is run. */
const prepared = new WeakMap<pg.Connection, Set<string>>();

/** What the driver sends and whom it tells the answers. After a failure the server skips everything up to the one sync at the end. */
class SentTrip implements pg.Submittable {
  readonly done: Promise<void>;
  readonly #trip: Trip;
  readonly #outcome = Promise.withResolvers<void>();
  #completed = 0;
  #connection: pg.Connection | null = null;

  constructor(trip: Trip) {
    this.#trip = trip;
    this.done = this.#outcome.promise;
  }

  /** Where it was written to; null: not yet. */
  get connection(): pg.Connection | null {
    return this.#connection;
  }

  submit(connection: pg.Connection): void {
    if (this.#connection === null) this.write(connection);
  }

  write(connection: pg.Connection): void {
    this.#connection = connection;
    const known = prepared.get(connection) ?? new Set<string>();
    prepared.set(connection, known);
    // What cannot be written is lost with the connection, which the driver says.
    if (connection.stream.writable) connection.stream.write(this.#trip.bytes(known));
  }

  handleCommandComplete(): void {
    this.#completed += 1;
  }

  /** Rows are of no interest. */
  handleDataRow(): void {}

  /**
   * The server rolled it back only if it goes on: with FATAL, whatever its code and whatever its word for that in the language of the server,
   * it ends the connection, and if that was at the commit nobody knows how far the commit came.
   */
  handleError(cause: Error): void {
    const connection = this.#connection;
    if (!(cause instanceof pg.DatabaseError) || isShutdown(cause) || connection === null || !connection.stream.readable) {
      this.#outcome.reject(new CommitUnknownError(cause));
      return;
    }
    const failed = this.#trip.statements[this.#completed];
    // The first of the two settles it: the next answer that is ready is that to its own sync.
    connection.once('readyForQuery', () =>
      this.#outcome.reject(new StatementFailedError(failed === undefined ? 'commit' : failed.name || failed.text, cause)),
    );
    connection.once('end', () => this.#outcome.reject(new CommitUnknownError(cause)));
  }

  handleReadyForQuery(): void {
    const { length } = this.#trip.statements;
    assert(this.#completed === length, `${this.#completed} of ${length} statements ran`);
    this.#outcome.resolve();
  }
}
