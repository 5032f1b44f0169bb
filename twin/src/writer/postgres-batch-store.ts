import { randomUUID } from 'node:crypto';
import type { Database, Db, DbClient } from '../db/db.ts';
import { inOneTrip, type Statement, StatementFailedError, StatementList } from '../db/one-trip.ts';
import { chainBatch } from '../ledger/ledger-chain.ts';
import type { Log } from '../log.ts';
import { writeAgreements } from './agreement-rows.ts';
import { writeAlarms } from './alarm-rows.ts';
import { type BatchRows, batchRows, chainedTransfer } from './batch-rows.ts';
import { tables } from './batch-tables.ts';
import { writeCharges } from './charge-rows.ts';
import { writeCustody } from './custody-rows.ts';
import { jsonOf, timeText, writePlainRows, writeRows } from './json-rows.ts';
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
const PARTITION_NO = 0;

/** Where a position stands: number and name of a batch; no name before the first one. */
type Place = { readonly batchNo: number; readonly batchId: string | null };

/** Writes batches to PostgreSQL, each in one transaction, each exactly once. */
export class PostgresBatchStore implements BatchStore {
  readonly #options: PostgresBatchStoreOptions;

  constructor(options: PostgresBatchStoreOptions) {
    this.#options = options;
  }

  async prepare(batch: WriterBatch): Promise<ReadyBatch> {
    const place = { batchNo: batch.batchNo, batchId: randomUUID() };
    const list = new StatementList();
    await this.#write(list, batch, place.batchId);
    return { commit: () => this.#commit(place, list.statements) };
  }

  /** Writes a batch and commits it. @throws StoreFailedError */
  async commit(batch: WriterBatch): Promise<void> {
    const ready = await this.prepare(batch);
    await ready.commit();
  }

  async #commit(place: Place & { readonly batchId: string }, statements: readonly Statement[]): Promise<void> {
    const { database, log, patienceMs, onRetry } = this.#options;
    const { batchNo } = place;
    const patience = new Patience({ log, what: `batch ${batchNo}`, ...(patienceMs === undefined ? {} : { patienceMs }) });
    for (;;) {
      try {
        await inOneTrip(database, statements);
        return;
      } catch (cause) {
        if (isOvertaken(cause)) {
          // By an attempt of our own, perhaps, whose commit ended after its connection broke.
          if (await this.#isCommitted(place, patience)) return;
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
    await this.#movePosition(client, batch, batchId);
    await registerAssets(client, platformId, batch.registered, timeText(batch.scopeAtMs));
    await writeRoster(client, platformId, batch.step.effects);
    await writePlainRows(client, tables.swapEvent, platformId, rows.events);
    await writeRows(client, tables.order, platformId, rows.orders);
    await writeQuotes(client, platformId, rows);
    await writeRows(client, tables.orderLine, platformId, rows.lines);
    await writeRows(client, tables.clearingEntry, platformId, rows.clearing);
    await writePlainRows(client, tables.swap, platformId, rows.swaps);
    await writeRows(client, tables.orderBasis, platformId, rows.bases);
    await writeRows(client, tables.transfer, platformId, rows.transfers);
    await chainBatch(
      client,
      { platformId, partitionNo: PARTITION_NO, batchNo: BigInt(batch.batchNo) },
      rows.transfers.map(chainedTransfer),
    );
    await writeRows(client, tables.payment, platformId, rows.payments);
    await writeSettlement(client, platformId, rows.settlement);
    await writeCharges(client, platformId, rows.charges);
    await writeAgreements(client, platformId, rows.agreements);
    await writeCustody(client, platformId, { moves: rows.custody, passed: rows.custodyPassed });
    await writeLots(client, platformId, rows);
    await writeReservations(client, platformId, rows, batch);
    await writeAlarms(client, platformId, rows.alarms);
    await writeRows(client, tables.audit, platformId, rows.audits);
    await writeRows(client, tables.notification, platformId, rows.notifications);
    await writeCommands(client, platformId, rows);
    await writePlainRows(client, tables.transition, platformId, rows.transitions);
    await writePlainRows(client, tables.snapshot, platformId, rows.snapshots);
    await forgetRetired(client, platformId, rows);
    await writePlainRows(client, tables.position, platformId, rows.positions);
    await forgetSources(client, platformId, batch.forgottenSources);
    await clearSuspects(client, platformId, batch.cleared);
  }

  /** First of all: it locks the row, and finds out a second writer. */
  async #movePosition(client: Db, batch: WriterBatch, batchId: string): Promise<void> {
    await client.query({
      name: MOVE_POSITION,
      // Nobody looks at what came of it before the commit, so it has to fail by itself.
      text: `with moved as (
               update ingest_position set stream_seq = $3, batch_no = $4, scope_at = $5, driven = $6, batch_id = $7
                where platform_id = $1 and stream = $2 and batch_no = $4 - 1 returning 1)
             select 1 / count(*) as position_moved from moved`,
      values: [this.#options.platformId, WRITER_STREAM, batch.streamSeq, batch.batchNo, timeText(batch.scopeAtMs), batch.driven, batchId],
    });
  }
}

const MOVE_POSITION = 'batch_move_position';
const DIVISION_BY_ZERO = '22012';

/** The position was not where the last batch left it. */
const isOvertaken = (cause: unknown): boolean =>
  cause instanceof StatementFailedError && cause.statement === MOVE_POSITION && cause.cause.code === DIVISION_BY_ZERO;

async function writeQuotes(client: Db, platformId: string, rows: BatchRows): Promise<void> {
  if (rows.quotes.length === 0) return;
  await client.query({
    name: 'batch_order_quote',
    text: `update swap_order o set quote = r.quote from json_to_recordset($1::json) as r(order_id text, quote json)
            where o.platform_id = $2 and o.order_id = r.order_id`,
    values: [jsonOf(rows.quotes), platformId],
  });
}

async function writeLots(client: Db, platformId: string, rows: BatchRows): Promise<void> {
  if (rows.lotPackIds.length === 0) return;
  await client.query({
    name: 'batch_lots_clear',
    text: 'delete from energy_lot where platform_id = $1 and pack_id = any($2)',
    values: [platformId, rows.lotPackIds],
  });
  await writeRows(client, tables.energyLot, platformId, rows.lots);
}

async function writeReservations(client: Db, platformId: string, rows: BatchRows, batch: WriterBatch): Promise<void> {
  await writeRows(client, tables.reservation, platformId, rows.reservations);
  if (rows.endedOrderIds.length === 0) return;
  await client.query({
    name: 'batch_reservation_end',
    text: `update reservation r set ended_at = $3, end_reason = o.state
             from swap_order o
            where r.platform_id = $1 and r.order_id = any($2) and r.ended_at is null
              and o.platform_id = r.platform_id and o.order_id = r.order_id`,
    values: [platformId, rows.endedOrderIds, timeText(batch.scopeAtMs)],
  });
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

async function forgetRetired(client: Db, platformId: string, rows: BatchRows): Promise<void> {
  if (rows.retired.length === 0) return;
  await client.query({
    name: 'batch_snapshot_retire',
    text: `delete from actor_snapshot s using json_to_recordset($1::json) as r(machine text, id text)
            where s.platform_id = $2 and s.machine = r.machine and s.id = r.id`,
    values: [jsonOf(rows.retired), platformId],
  });
}

async function forgetSources(client: Db, platformId: string, sources: readonly string[]): Promise<void> {
  if (sources.length === 0) return;
  await client.query({ text: `delete from source_position where platform_id = $1 and src = any($2)`, values: [platformId, sources] });
}
