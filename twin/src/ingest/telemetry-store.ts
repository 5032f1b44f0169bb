import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, inTransaction } from '../db/db.ts';
import type { Log } from '../log.ts';
import { mayPass } from '../writer/passing-failure.ts';
import { StoreFailedError } from '../writer/store-failed.ts';
import type { RefusedReading, TelemetryLoad } from './telemetry-load.ts';
import { isRowRefused, writePastRefused, writeRows } from './write-past-refused.ts';

const STREAM = 'TELE';
const RETRY_MS = 250;
const PATIENCE_MS = 120_000;

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

  private constructor(options: TelemetryStoreOptions, position: { batchNo: number; streamSeq: number }) {
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
    const giveUpMs = performance.now() + PATIENCE_MS;
    const batchNo = this.#batchNo + 1;
    let refused: readonly RefusedReading[] = [];
    let isSplit = false;
    for (;;) {
      try {
        refused = await this.#writeOnce(load, batchNo, isSplit);
        break;
      } catch (cause) {
        if (!isSplit && isRowRefused(cause)) {
          isSplit = true;
          continue;
        }
        if (!mayPass(cause))
          throw cause instanceof StoreFailedError ? cause : new StoreFailedError('telemetry is refused by the database', { cause });
        this.#options.log.warn({ err: cause }, 'telemetry is not known to be committed; asking the database');
        this.#options.onRetry();
        if (await this.#isCommitted(batchNo, giveUpMs)) break;
      }
    }
    this.#batchNo = batchNo;
    return refused;
  }

  async #writeOnce(load: TelemetryLoad, batchNo: number, isSplit: boolean): Promise<readonly RefusedReading[]> {
    const { database, platformId, scopeNowMs } = this.#options;
    return inTransaction(database, async (client) => {
      const { rowCount } = await client.query({
        name: 'telemetry_move_position',
        text: `update ingest_position set stream_seq = $3, batch_no = $4, scope_at = $5
                where platform_id = $1 and stream = $2 and batch_no = $4 - 1`,
        values: [platformId, STREAM, load.streamSeq, batchNo, new Date(scopeNowMs())],
      });
      if (rowCount !== 1) throw new StoreFailedError('the position of the telemetry is not where it was left: somebody else writes');
      if (isSplit) return writePastRefused(client, platformId, load.readings());
      await writeRows(client, load);
      return [];
    });
  }

  async #isCommitted(batchNo: number, giveUpMs: number): Promise<boolean> {
    for (;;) {
      try {
        const stored = (await storedPosition(this.#options)).batchNo;
        if (stored === batchNo) return true;
        if (stored === batchNo - 1) return false;
        throw new StoreFailedError('the position of the telemetry is not where it was left: somebody else writes');
      } catch (cause) {
        if (!mayPass(cause)) throw cause;
      }
      if (performance.now() > giveUpMs) throw new StoreFailedError('the database stayed away for too long');
      await sleep(RETRY_MS);
    }
  }
}

async function storedPosition({ database, platformId }: TelemetryStoreOptions): Promise<{ batchNo: number; streamSeq: number }> {
  const { rows } = await database.pool.query<{ batch_no: bigint; stream_seq: bigint }>(
    'select batch_no, stream_seq from ingest_position where platform_id = $1 and stream = $2',
    [platformId, STREAM],
  );
  const row = rows[0];
  if (!row) throw new StoreFailedError('the position of the telemetry is gone from the database');
  return { batchNo: Number(row.batch_no), streamSeq: Number(row.stream_seq) };
}
