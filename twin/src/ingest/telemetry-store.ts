import { randomUUID } from 'node:crypto';
import { writeLaneChanges } from '../completeness/lane-book.queries.ts';
import { type Database, inTransaction } from '../db/db.ts';
import type { Log } from '../log.ts';
import { mayPass } from '../writer/passing-failure.ts';
import { Patience } from '../writer/patience.ts';
import { StoreFailedError } from '../writer/store-failed.ts';
import type { RefusedReading, TelemetryLoad } from './telemetry-load.ts';
import { isRowRefused, writePastRefused, writeRows } from './write-past-refused.ts';

const STREAM = 'TELE';

export interface TelemetryStoreOptions {
  database: Database;
  platformId: string;
  log: Log;
  scopeNowMs: () => number;
  onRetry: () => void;
}

/** Writes telemetry in transactions of its own, with the position of its stream, each load exactly once. */
export class TelemetryStore {
  readonly #options: TelemetryStoreOptions;
  #batchNo: number;
  readonly streamSeq: number;

  private constructor(options: TelemetryStoreOptions, position: StoredPosition) {
    this.#options = options;
    this.#batchNo = position.batchNo;
    this.streamSeq = position.streamSeq;
  }

  /** Finds the position, or makes it. */
  static async open(options: TelemetryStoreOptions): Promise<TelemetryStore> {
    const { database, platformId, scopeNowMs } = options;
    await database.pool.query(
      `insert into ingest_position (platform_id, stream, stream_seq, batch_no, scope_at, driven)
       values ($1, $2, 0, 0, $3, false) on conflict do nothing`,
      [platformId, STREAM, new Date(scopeNowMs())],
    );
    return new TelemetryStore(options, await storedPosition(options));
  }

  /**
   * Writes a load, but for the rows that the database does not take: one wrong value of one source stops nobody.
   * @returns the readings that were left out
   * @throws StoreFailedError when the load can never be written
   */
  async write(load: TelemetryLoad): Promise<readonly RefusedReading[]> {
    const { log, onRetry } = this.#options;
    const batchNo = this.#batchNo + 1;
    const place = { batchNo, batchId: randomUUID() };
    const patience = new Patience({ log, what: 'telemetry' });
    let refused: readonly RefusedReading[] = [];
    let isSplit = false;
    for (;;) {
      try {
        refused = await this.#writeOnce(load, place, isSplit);
        break;
      } catch (cause) {
        if (!isSplit && isRowRefused(cause)) {
          isSplit = true;
          continue;
        }
        // By an attempt of our own, perhaps, whose commit ended after its connection broke.
        if (cause instanceof PositionMovedError) {
          if (await this.#isCommitted(place, patience)) break;
          throw elsewhere(cause);
        }
        if (!mayPass(cause)) throw new StoreFailedError('telemetry is refused by the database', { cause });
        onRetry();
        await patience.wait(cause);
        if (await this.#isCommitted(place, patience)) break;
      }
    }
    this.#batchNo = batchNo;
    return refused;
  }

  async #writeOnce(
    load: TelemetryLoad,
    { batchNo, batchId }: { batchNo: number; batchId: string },
    isSplit: boolean,
  ): Promise<readonly RefusedReading[]> {
    const { database, platformId, scopeNowMs } = this.#options;
    return inTransaction(database, async (client) => {
      const { rowCount } = await client.query({
        name: 'telemetry_move_position',
        text: `update ingest_position set stream_seq = $3, batch_no = $4, scope_at = $5, batch_id = $6
                where platform_id = $1 and stream = $2 and batch_no = $4 - 1`,
        values: [platformId, STREAM, load.streamSeq, batchNo, new Date(scopeNowMs()), batchId],
      });
      if (rowCount !== 1) throw new PositionMovedError();
      if (load.lanes !== null) await writeLaneChanges(client, platformId, load.lanes);
      if (isSplit) return writePastRefused(client, platformId, load.readings());
      await writeRows(client, load);
      return [];
    });
  }

  /** @throws StoreFailedError when the database stays away, or somebody else writes */
  async #isCommitted({ batchNo, batchId }: { batchNo: number; batchId: string }, patience: Patience): Promise<boolean> {
    for (;;) {
      try {
        const stored = await storedPosition(this.#options);
        if (stored.batchId === batchId) return true;
        if (stored.batchNo === batchNo - 1) return false;
        throw elsewhere(null);
      } catch (cause) {
        if (!mayPass(cause)) throw cause;
        await patience.wait(cause);
      }
    }
  }
}

/** The position is not where the last load left it. */
class PositionMovedError extends Error {
  readonly code = 'POSITION_MOVED';
}

const elsewhere = (cause: unknown) =>
  new StoreFailedError('the position of the telemetry is not where it was left: somebody else writes', { cause });

type StoredPosition = { readonly batchNo: number; readonly streamSeq: number; readonly batchId: string | null };

async function storedPosition({ database, platformId }: TelemetryStoreOptions): Promise<StoredPosition> {
  const { rows } = await database.pool.query<{ batch_no: bigint; stream_seq: bigint; batch_id: string | null }>(
    'select batch_no, stream_seq, batch_id from ingest_position where platform_id = $1 and stream = $2',
    [platformId, STREAM],
  );
  const row = rows[0];
  if (!row) throw new StoreFailedError('the position of the telemetry is gone from the database');
  return { batchNo: Number(row.batch_no), streamSeq: Number(row.stream_seq), batchId: row.batch_id };
}
