import { randomUUID } from 'node:crypto';
import type { Database, Db, DbClient } from '../db/db.ts';
import { StatementFailedError, Trip, TripLine } from '../db/one-trip.ts';
import { type Statement, StatementList } from '../db/statement-list.ts';
import { chainedBatch } from '../ledger/ledger-chain.ts';
import type { Log } from '../log.ts';
import { writeAgreements } from './agreement-rows.ts';
import { writeAlarms } from './alarm-rows.ts';
import { writeShelves } from './alarm-shelf-rows.ts';
import { type BatchRows, batchRows, chainedTransfer } from './batch-rows.ts';
import { tables } from './batch-tables.ts';
import { writeCharges } from './charge-rows.ts';
import { writeCustody } from './custody-rows.ts';
import { foldedStatements, MOVE_POSITION, movePosition } from './folded-statements.ts';
import { jsonOf, timeText, writePlainRows, writeRows } from './json-rows.ts';
import { writeNotificationActs } from './notification-rows.ts';
import { mayPass } from './passing-failure.ts';
import { Patience } from './patience.ts';
import { registerAssets } from './register-assets.ts';
import { writeRoster } from './roster-rows.ts';
import { writeSettlement } from './settlement-rows.ts';
import { StoreFailedError } from './store-failed.ts';
import { clearSuspects } from './suspects.ts';
import type { BatchStore, ReadyBatch, WriterBatch } from './writer-batch.ts';

export interface PostgresBatchStoreOptions {
  database: Database;
  platformId: string;
  scope: string;
  log: Log;
  /** How long the database may be away, full or busy before the process ends, wall ms. */
  patienceMs?: number;
  onRetry?: () => void;
}

/** Row of `ingest_position` that the writer moves. */
export const WRITER_STREAM = 'EVT';
/** One writer, one partition. */
export const WRITER_PARTITION_NO = 0;

/** Where a position stands: number and name of a batch; no name before the first one. */
type Place = { readonly batchNo: number; readonly batchId: string | null };
type Named = Place & { readonly batchId: string };

/** Writes batches to PostgreSQL, each in one transaction, each exactly once. */
export class PostgresBatchStore implements BatchStore {
  readonly #options: PostgresBatchStoreOptions;
  readonly #line: TripLine;
  /** Batches that are sent and have no end yet: id -> number. */
  readonly #underWay = new Map<string, number>();

  constructor(options: PostgresBatchStoreOptions) {
    this.#options = options;
    this.#line = new TripLine(options.database);
  }

  async prepare(batch: WriterBatch): Promise<ReadyBatch> {
    const place = { batchNo: batch.batchNo, batchId: randomUUID() };
    const list = new StatementList();
    await this.#write(list, batch, place.batchId);
    const trip = new Trip(foldedStatements(list.statements));
    return { commit: (before) => this.#commit(place, trip, before) };
  }

  /** Writes a batch and commits it. @throws StoreFailedError */
  async commit(batch: WriterBatch): Promise<void> {
    const ready = await this.prepare(batch);
    await ready.commit(null);
  }

  async #commit(place: Named, trip: Trip, before: Promise<void> | null): Promise<void> {
    this.#underWay.set(place.batchId, place.batchNo);
    try {
      const sent = this.#line.send(trip);
      // It may end while the one before it is still tried again.
      sent.catch(() => undefined);
      await before;
      await this.#committed(place, trip, { sent, isBehind: before !== null });
    } finally {
      this.#underWay.delete(place.batchId);
    }
  }

  /** Tries until it is committed. `isBehind`: it was sent before the end of the batch that it follows, and fails with that one's first attempt. */
  async #committed(place: Named, trip: Trip, { sent, isBehind }: { sent: Promise<void>; isBehind: boolean }): Promise<void> {
    const { log, patienceMs, onRetry } = this.#options;
    const { batchNo } = place;
    const patience = new Patience({ log, what: `batch ${batchNo}`, ...(patienceMs === undefined ? {} : { patienceMs }) });
    for (let attempt = sent, mayFollow = isBehind; ; attempt = this.#line.send(trip), mayFollow = false) {
      try {
        await attempt;
        return;
      } catch (cause) {
        if (isOvertaken(cause)) {
          // By an attempt of our own, perhaps, whose commit ended after its connection broke.
          if (await this.#isCommitted(place, patience)) return;
          if (mayFollow) continue;
          throw new StoreFailedError(`batch ${batchNo} does not follow the last one in the database: somebody else writes`, { cause });
        }
        if (!mayPass(cause)) throw new StoreFailedError(`batch ${batchNo} is refused by the database`, { cause, inputAtFault: true });
        onRetry?.();
        await patience.wait(cause);
        if (await this.#isCommitted(place, patience)) return;
      }
    }
  }

  /** Writes a batch inside a transaction of the caller. */
  async writeInto(client: DbClient, batch: WriterBatch): Promise<void> {
    await this.#write(client, batch, randomUUID());
  }

  /** @throws StoreFailedError when the database stays away, or another writer wrote */
  async #isCommitted({ batchNo, batchId }: Place, patience: Patience): Promise<boolean> {
    const stored = await this.#stored(patience);
    if (stored.batchId === batchId) return true;
    // What was sent behind it is stored over it only.
    if (stored.batchId !== null && (this.#underWay.get(stored.batchId) ?? 0) > batchNo) return true;
    if (stored.batchNo === batchNo - 1) return false;
    throw new StoreFailedError(`the database stands at batch ${stored.batchNo}, expected ${batchNo - 1}: somebody else writes`);
  }

  /** Where the database stands; asks until it answers. */
  async #stored(patience: Patience): Promise<Place> {
    for (;;) {
      try {
        const { rows } = await this.#options.database.pool.query<{ batch_no: bigint; batch_id: string | null }>({
          text: 'select batch_no, batch_id from ingest_position where platform_id = $1 and stream = $2',
          values: [this.#options.platformId, WRITER_STREAM],
        });
        return { batchNo: Number(rows[0]?.batch_no ?? 0n), batchId: rows[0]?.batch_id ?? null };
      } catch (cause) {
        if (!mayPass(cause)) throw cause;
        await patience.wait(cause);
      }
    }
  }

  async #write(client: Db, batch: WriterBatch, batchId: string): Promise<void> {
    const { platformId, scope } = this.#options;
    const rows = batchRows(batch, scope);
    const position = this.#movePosition(batch, batchId, rows);
    await client.query({ ...position, values: [...position.values] });
    await registerAssets(client, platformId, batch.registered, timeText(batch.scopeAtMs));
    await writeRoster(client, platformId, batch.step.effects);
    await writePlainRows(client, tables.swapEvent, platformId, rows.events);
    await writeRows(client, tables.order, platformId, rows.orders);
    await writeRows(client, tables.orderLine, platformId, rows.lines);
    await writeRows(client, tables.clearingEntry, platformId, rows.clearing);
    await writePlainRows(client, tables.swap, platformId, rows.swaps);
    await writeRows(client, tables.orderBasis, platformId, rows.bases);
    await writeRows(client, tables.transfer, platformId, rows.transfers);
    await writeRows(client, tables.payment, platformId, rows.payments);
    await writeSettlement(client, platformId, rows.settlement);
    await writeCharges(client, platformId, rows.charges);
    await writeAgreements(client, platformId, rows.agreements);
    await writeCustody(client, platformId, { moves: rows.custody, passed: rows.custodyPassed });
    await writeLots(client, platformId, rows);
    await writeReservations(client, platformId, rows);
    await writeAlarms(client, platformId, rows.alarms);
    await writeShelves(client, platformId, batch.step.effects);
    await writeRows(client, tables.audit, platformId, rows.audits);
    await writeRows(client, tables.notification, platformId, rows.notifications);
    await writeNotificationActs(client, platformId, batch.step.effects);
    await writeCommands(client, platformId, rows);
    await writePlainRows(client, tables.transition, platformId, rows.transitions);
    await writePlainRows(client, tables.snapshot, platformId, rows.snapshots);
    await writeRows(client, tables.snapshotRetired, platformId, rows.retired);
    await writePlainRows(client, tables.position, platformId, rows.positions);
    await forgetSources(client, platformId, batch.forgottenSources);
    await clearSuspects(client, platformId, batch.cleared);
  }

  #movePosition(batch: WriterBatch, batchId: string, { transfers }: BatchRows): Statement {
    const { platformId } = this.#options;
    const { batchNo, streamSeq, scopeAtMs, driven } = batch;
    const place = { platformId, partitionNo: WRITER_PARTITION_NO, batchNo: BigInt(batchNo) };
    return movePosition(
      [platformId, WRITER_STREAM, String(streamSeq), String(batchNo), timeText(scopeAtMs), String(driven), batchId],
      chainedBatch(place, transfers.map(chainedTransfer)),
    );
  }
}

const DIVISION_BY_ZERO = '22012';

/** The position was not where the last batch left it. */
const isOvertaken = (cause: unknown): boolean =>
  cause instanceof StatementFailedError && cause.statement.startsWith(MOVE_POSITION) && cause.cause.code === DIVISION_BY_ZERO;

/** Each pack's lots as they are now, over those it had; one that had more loses the rest. */
async function writeLots(client: Db, platformId: string, rows: BatchRows): Promise<void> {
  await writeRows(client, tables.energyLot, platformId, rows.lots);
  await writeRows(client, tables.lotsBeyond, platformId, rows.lotCounts);
}

async function writeReservations(client: Db, platformId: string, rows: BatchRows): Promise<void> {
  await writeRows(client, tables.reservation, platformId, rows.reservations);
  await writeRows(client, tables.reservationEnd, platformId, rows.reservationEnds);
}

async function writeCommands(client: Db, platformId: string, rows: BatchRows): Promise<void> {
  await writeRows(client, tables.outbox, platformId, rows.commands);
  if (rows.commandUpdates.length === 0) return;
  // In order, the last one of a command wins; an answer that comes after its end changes nothing.
  await client.query({
    name: 'batch_outbox_update',
    text: `update outbox o
              set state = r.state, detail = r.detail,
                  replied_at = coalesce(o.replied_at, r.at),
                  ended_at = case when r.state = 'ACCEPTED' then o.ended_at else r.at end
             from (select distinct on (command_id) command_id, state, detail, at
                     from (select row_number() over () as no, x.*
                             from json_to_recordset($1::json) as x(command_id text, state text, detail text, at timestamptz)) ordered
                    order by command_id, no desc) r
            where o.platform_id = $2 and o.command_id = r.command_id and o.state not in ('DONE', 'FAILED')`,
    values: [jsonOf(rows.commandUpdates), platformId],
  });
}

async function forgetSources(client: Db, platformId: string, sources: readonly string[]): Promise<void> {
  if (sources.length === 0) return;
  await client.query({ text: `delete from source_position where platform_id = $1 and src = any($2)`, values: [platformId, sources] });
}
