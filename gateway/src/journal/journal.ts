import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { assert } from '@corridor/protocols/assert';
import type { CommandReply, CommandResult, CommandVerb } from '@corridor/protocols/cmd/command';
import type { QualityFlag } from '@corridor/protocols/envelope';
import { JournalError } from './journal-errors.ts';
import { JournalLog } from './journal-log.ts';
import { JOURNAL_TABLES, JOURNAL_VERSION } from './journal-schema.ts';
import { asJournalError, openDatabase } from './open-database.ts';

/** An event before it has its number. */
export type NewEvent = { subject: string; schema: string; atMs: number; data: unknown; q?: readonly QualityFlag[] };
/** An event of the EVT lane as it stands in the journal; `dataText` and `qText` are JSON. */
export type JournalledEvent = {
  id: number;
  bootId: number;
  seq: number;
  subject: string;
  schema: string;
  atMs: number;
  qText: string;
  dataText: string;
};
export type EventPosition = { bootId: number; evtSeq: number };
export type StageTwo = Omit<CommandResult['data'], 'commandId'>;
export type CommandRecord = { commandId: string; verb: CommandVerb; args: unknown; reply: CommandReply; result: StageTwo | null };

/** What may be written together. All of a transaction is on the disk, or nothing. */
export type JournalTransaction = {
  event(event: NewEvent): { bootId: number; seq: number };
  putState(key: string, value: unknown): void;
  deleteState(key: string): void;
  putCommand(command: { commandId: string; verb: CommandVerb; args: unknown; reply: CommandReply; receivedAtMs: number }): void;
  putResult(commandId: string, result: StageTwo): void;
  /** Odd and never used before: a swap that begins at the station. */
  nextRequestId(): number;
  /** Opens an entry of the station's own order log: `<stationId>-<bootId>-<n>`. */
  openOrder(entry: { requestId: number; truckId: string | null; atMs: number; record: unknown }): string;
  /** Closes the entry opened under `openedAs`; the swap may have got its final number later. */
  closeOrder(openedAs: number, entry: { requestId: number; truckId: string | null; atMs: number; outcome: string; record: unknown }): void;
};

export type JournalOptions = {
  dir: string;
  stationId: string;
  /** Acknowledged events are kept this long [ms scope time], so that a platform restored from a backup gets them again. */
  keepAckedMs?: number;
};

const KEEP_ACKED_MS = 8 * 24 * 3_600_000;
/** Commands are remembered this long [ms scope time] after they came: far beyond any expiry. */
const KEEP_COMMANDS_MS = 8 * 24 * 3_600_000;
const FORGET_EVERY_MS = 3_600_000;

type EventRow = { id: number; boot_id: number; seq: number; subject: string; schema: string; at_ms: number; q: string; data: string };
type CommandRow = { command_id: string; verb: string; args: string; reply: string; result: string | null };

function prepare(db: DatabaseSync) {
  const columns = 'id, boot_id, seq, subject, schema, at_ms, q, data';
  return {
    meta: db.prepare('select value from meta where key = ?'),
    putMeta: db.prepare('insert into meta values (?, ?) on conflict (key) do update set value = excluded.value'),
    addEvent: db.prepare('insert into event (boot_id, seq, subject, schema, at_ms, q, data) values (?, ?, ?, ?, ?, ?, ?)'),
    eventsAfter: db.prepare(`select ${columns} from event where id > ? order by id limit ?`),
    lastEvent: db.prepare('select boot_id, seq from event order by id desc limit 1'),
    lastId: db.prepare('select coalesce(max(id), 0) as id from event'),
    idAtOrBefore: db.prepare('select id from event where boot_id = ? and seq <= ? order by seq desc limit 1'),
    idOfEarlierBoots: db.prepare('select coalesce(max(id), 0) as id from event where boot_id < ?'),
    position: db.prepare('select boot_id, seq from event where id = ?'),
    countAfter: db.prepare('select count(*) as n from event where id > ?'),
    forgetEvents: db.prepare('delete from event where id <= ? and at_ms < ? and id < (select max(id) from event)'),
    renumber: db.prepare('update event set boot_id = ?, seq = ? where id = ?'),
    putState: db.prepare('insert into state values (?, ?) on conflict (key) do update set value = excluded.value'),
    deleteState: db.prepare('delete from state where key = ?'),
    state: db.prepare('select value from state where key = ?'),
    states: db.prepare('select key, value from state where key >= ? and key < ? order by key'),
    addCommand: db.prepare('insert into command (command_id, verb, received_at_ms, args, reply) values (?, ?, ?, ?, ?)'),
    putResult: db.prepare('update command set result = ? where command_id = ? and result is null'),
    command: db.prepare('select command_id, verb, args, reply, result from command where command_id = ?'),
    openCommands: db.prepare(
      'select command_id, verb, args, reply, result from command where result is null order by received_at_ms, command_id',
    ),
    forgetCommands: db.prepare('delete from command where result is not null and received_at_ms < ?'),
    addOrder: db.prepare('insert into order_log (order_no, request_id, truck_id, opened_at_ms, record) values (?, ?, ?, ?, ?)'),
    closeOrder: db.prepare(
      'update order_log set request_id = ?, truck_id = ?, ended_at_ms = ?, outcome = ?, record = ? where request_id = ?',
    ),
    order: db.prepare('select 1 from order_log where request_id = ?'),
  };
}

/**
 * The synced journal of one station (SQLite, write-ahead log, synchronous FULL): what was journalled is never lost and is
 * numbered without gaps; an event stays until the platform acknowledged it. One process at a time.
 */
export class Journal {
  readonly path: string;
  /** What people read of it. */
  readonly log: JournalLog;
  readonly #db: DatabaseSync;
  readonly #sql: ReturnType<typeof prepare>;
  readonly #stationId: string;
  readonly #keepAckedMs: number;
  readonly #listeners = new Set<() => void>();
  #bootId: number;
  #seq = 0;
  #orderCount = 0;
  #open = false;
  #acked: EventPosition;
  #ackedWritten: EventPosition;
  #forgottenAtMs = Number.NEGATIVE_INFINITY;
  /** Last event of the boots before this one; null for the first boot. */
  readonly previous: EventPosition | null;

  private constructor(db: DatabaseSync, path: string, options: JournalOptions) {
    this.#db = db;
    this.path = path;
    this.#sql = prepare(db);
    this.log = new JournalLog(db);
    this.#stationId = options.stationId;
    this.#keepAckedMs = options.keepAckedMs ?? KEEP_ACKED_MS;
    const version = Number(this.#meta('version') ?? JOURNAL_VERSION);
    if (version > JOURNAL_VERSION)
      throw new JournalError('JOURNAL_FOREIGN', path, `${path} was written by a newer gateway (version ${version})`);
    const owner = this.#meta('station_id') ?? options.stationId;
    if (owner !== options.stationId)
      throw new JournalError('JOURNAL_FOREIGN', path, `${path} belongs to station ${owner}, not ${options.stationId}`);
    this.#acked = { bootId: Number(this.#meta('acked_boot_id') ?? 0), evtSeq: Number(this.#meta('acked_seq') ?? 0) };
    this.#ackedWritten = this.#acked;
    const last = this.#sql.lastEvent.get() as { boot_id: number; seq: number } | undefined;
    this.previous = last ? { bootId: last.boot_id, evtSeq: last.seq } : null;
    this.#bootId = Math.max(Number(this.#meta('boot_id') ?? 0), last?.boot_id ?? 0) + 1;
  }

  /**
   * Opens the journal and begins a boot: the counter and the boot's first event are written together, so that every boot
   * has at least one event and the next one can name its predecessor.
   * @throws JournalError
   */
  static open(
    options: JournalOptions,
    firstEvent: (boot: { previous: EventPosition | null; journalledEvents: number }) => NewEvent,
  ): Journal {
    const path = join(options.dir, 'journal.db');
    const db = openDatabase(path, 'FULL', JOURNAL_TABLES);
    try {
      const journal = new Journal(db, path, options);
      journal.transaction((tx) => {
        journal.#putMeta('version', String(JOURNAL_VERSION));
        journal.#putMeta('station_id', options.stationId);
        journal.#putMeta('boot_id', String(journal.#bootId));
        tx.event(firstEvent({ previous: journal.previous, journalledEvents: journal.unackedCount() }));
      });
      return journal;
    } catch (cause) {
      if (db.isOpen) db.close();
      throw asJournalError(cause, path);
    }
  }

  get isOpen(): boolean {
    return this.#db.isOpen;
  }

  get bootId(): number {
    return this.#bootId;
  }

  /** Runs after each committed transaction that added an event. */
  onAppended(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Writes what `work` asks for in one synced transaction. An exception of `work` undoes all.
   * @throws JournalError JOURNAL_WRITE_FAILED when the disk refuses: the caller must stop working
   */
  transaction<T>(work: (tx: JournalTransaction) => T): T {
    assert(!this.#open, 'journal transactions do not nest');
    const seqBefore = this.#seq;
    const orderCountBefore = this.#orderCount;
    const ackedWrittenBefore = this.#ackedWritten;
    this.#open = true;
    let result: T;
    try {
      this.#sqlite('begin immediate');
      result = work(this.#writer());
      this.#writeAcked();
      this.#sqlite('commit');
    } catch (cause) {
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('rollback');
      this.#seq = seqBefore;
      this.#orderCount = orderCountBefore;
      this.#ackedWritten = ackedWrittenBefore;
      throw cause;
    } finally {
      this.#open = false;
    }
    if (this.#seq > seqBefore) for (const listener of this.#listeners) listener();
    return result;
  }

  #sqlite(statement: string): void {
    try {
      this.#db.exec(statement);
    } catch (cause) {
      throw asJournalError(cause, this.path);
    }
  }

  #writer(): JournalTransaction {
    const sql = this.#sql;
    return {
      event: ({ subject, schema, atMs, data, q }) => {
        this.#seq += 1;
        sql.addEvent.run(this.#bootId, this.#seq, subject, schema, Math.round(atMs), JSON.stringify(q ?? []), JSON.stringify(data));
        return { bootId: this.#bootId, seq: this.#seq };
      },
      putState: (key, value) => void sql.putState.run(key, JSON.stringify(value)),
      deleteState: (key) => void sql.deleteState.run(key),
      putCommand: ({ commandId, verb, args, reply, receivedAtMs }) =>
        void sql.addCommand.run(commandId, verb, Math.round(receivedAtMs), JSON.stringify(args), JSON.stringify(reply)),
      putResult: (commandId, result) => void sql.putResult.run(JSON.stringify(result), commandId),
      nextRequestId: () => {
        const requestId = Number(this.#meta('request_id') ?? -1) + 2;
        this.#putMeta('request_id', String(requestId));
        return requestId;
      },
      openOrder: ({ requestId, truckId, atMs, record }) => {
        this.#orderCount += 1;
        const orderNo = `${this.#stationId}-${this.#bootId}-${this.#orderCount}`;
        sql.addOrder.run(orderNo, requestId, truckId, Math.round(atMs), JSON.stringify(record));
        return orderNo;
      },
      closeOrder: (openedAs, { requestId, truckId, atMs, outcome, record }) =>
        void sql.closeOrder.run(requestId, truckId, Math.round(atMs), outcome, JSON.stringify(record), openedAs),
    };
  }

  #meta(key: string): string | null {
    return (this.#sql.meta.get(key) as { value: string } | undefined)?.value ?? null;
  }

  #putMeta(key: string, value: string): void {
    this.#sql.putMeta.run(key, value);
  }

  /** Events after `id` in publishing order, at most `limit`. */
  eventsAfter(id: number, limit: number): JournalledEvent[] {
    return (this.#sql.eventsAfter.all(id, limit) as EventRow[]).map((row) => ({
      id: row.id,
      bootId: row.boot_id,
      seq: row.seq,
      subject: row.subject,
      schema: row.schema,
      atMs: row.at_ms,
      qText: row.q,
      dataText: row.data,
    }));
  }

  /** What the platform committed; `{0, 0}` at first. */
  get acked(): EventPosition {
    return this.#acked;
  }

  /** Everything up to this id is acknowledged: publishing goes on after it. */
  ackedId(): number {
    const { bootId, evtSeq } = this.#acked;
    const same = this.#sql.idAtOrBefore.get(bootId, evtSeq) as { id: number } | undefined;
    return same?.id ?? (this.#sql.idOfEarlierBoots.get(bootId) as { id: number }).id;
  }

  lastId(): number {
    return (this.#sql.lastId.get() as { id: number }).id;
  }

  unackedCount(): number {
    return (this.#sql.countAfter.get(this.ackedId()) as { n: number }).n;
  }

  /**
   * The platform committed everything up to `position`. A position behind an earlier one means that it was restored from
   * a backup: what is still here is due again. Written with the next transaction or {@link flush}: an acknowledgement
   * that is lost with the power comes again.
   */
  acknowledge(position: EventPosition): void {
    this.#acked = position;
  }

  /** Writes the acknowledged position, and now and then forgets what is older than the retention. */
  flush(nowMs: number): void {
    const due = nowMs - this.#forgottenAtMs >= FORGET_EVERY_MS;
    const { bootId, evtSeq } = this.#ackedWritten;
    if (!due && bootId === this.#acked.bootId && evtSeq === this.#acked.evtSeq) return;
    this.transaction(() => {
      if (!due) return;
      this.#sql.forgetEvents.run(this.ackedId(), Math.round(nowMs - this.#keepAckedMs));
      this.#sql.forgetCommands.run(Math.round(nowMs - KEEP_COMMANDS_MS));
      this.#forgottenAtMs = nowMs;
    });
  }

  #writeAcked(): void {
    if (this.#acked.bootId === this.#ackedWritten.bootId && this.#acked.evtSeq === this.#ackedWritten.evtSeq) return;
    this.#putMeta('acked_boot_id', String(this.#acked.bootId));
    this.#putMeta('acked_seq', String(this.#acked.evtSeq));
    this.#ackedWritten = this.#acked;
  }

  /** Is this position beyond what the journal ever held? Then the platform knows more of this station than its journal. */
  isBeyond(position: EventPosition, sentId: number): boolean {
    const { bootId, evtSeq } = position;
    if (bootId !== this.#bootId) return bootId > this.#bootId;
    const sent = this.#sql.position.get(sentId) as { boot_id: number; seq: number } | undefined;
    return evtSeq > (sent?.boot_id === bootId ? sent.seq : 0);
  }

  /**
   * The platform knows more of this station than the journal: the journal was lost, or is an old copy. What is not
   * acknowledged moves to a later boot, so that it is not mistaken for old. Of an old copy only the present boot moves: what it
   * holds of earlier ones the platform has.
   */
  moveToBoot(bootId: number): void {
    assert(bootId > this.#bootId, `boot ${bootId} is not after ${this.#bootId}`);
    const isNew = this.#acked.bootId === 0;
    const earlierId = (this.#sql.idOfEarlierBoots.get(this.#bootId) as { id: number }).id;
    const due = this.eventsAfter(isNew ? 0 : Math.max(this.ackedId(), earlierId), Number.MAX_SAFE_INTEGER);
    this.#acked = { bootId, evtSeq: 0 };
    this.transaction(() => {
      for (const [index, event] of due.entries()) this.#sql.renumber.run(bootId, index + 1, event.id);
      this.#putMeta('boot_id', String(bootId));
    });
    this.#bootId = bootId;
    this.#seq = due.length;
  }

  state<T>(key: string): T | null {
    const row = this.#sql.state.get(key) as { value: string } | undefined;
    return row ? (JSON.parse(row.value) as T) : null;
  }

  /** All states whose key begins with `prefix`, by key. */
  states<T>(prefix: string): { key: string; value: T }[] {
    const rows = this.#sql.states.all(prefix, `${prefix}\u{10FFFF}`) as { key: string; value: string }[];
    return rows.map(({ key, value }) => ({ key, value: JSON.parse(value) as T }));
  }

  command(commandId: string): CommandRecord | null {
    const row = this.#sql.command.get(commandId) as CommandRow | undefined;
    return row ? toCommandRecord(row) : null;
  }

  /** Accepted commands without a stage 2 yet, oldest first. */
  openCommands(): CommandRecord[] {
    return (this.#sql.openCommands.all() as CommandRow[]).map(toCommandRecord);
  }

  /** Was there a swap of this number? */
  hasOrder(requestId: number): boolean {
    return this.#sql.order.get(requestId) !== undefined;
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }
}

function toCommandRecord(row: CommandRow): CommandRecord {
  return {
    commandId: row.command_id,
    verb: row.verb as CommandVerb,
    args: JSON.parse(row.args),
    reply: JSON.parse(row.reply) as CommandReply,
    result: row.result === null ? null : (JSON.parse(row.result) as StageTwo),
  };
}
