import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { BUFFER_TABLES } from './journal-schema.ts';
import { openDatabase } from './open-database.ts';

/** A telemetry message of the outage buffer; `dataText` is JSON. */
export type BufferedMessage = { id: number; subject: string; bootId: number; seq: number; schema: string; atMs: number; dataText: string };

/**
 * Telemetry that could not be sent, oldest dropped first when full (and counted). 100,000 messages are more than two days
 * of one station; outages are shorter than a day.
 */
export class TelemetryBuffer {
  readonly #db: DatabaseSync;
  readonly #sql: ReturnType<typeof prepare>;
  readonly #messagesMax: number;
  #count: number;
  #dropped = 0;

  /** @throws JournalError */
  constructor(options: { dir: string; messagesMax?: number }) {
    this.#db = openDatabase(join(options.dir, 'telemetry-buffer.db'), 'NORMAL', BUFFER_TABLES);
    this.#sql = prepare(this.#db);
    this.#messagesMax = options.messagesMax ?? 100_000;
    this.#count = (this.#sql.count.get() as { n: number }).n;
  }

  get size(): number {
    return this.#count;
  }

  /** Messages dropped since the start because the buffer was full. */
  get dropped(): number {
    return this.#dropped;
  }

  add(message: Omit<BufferedMessage, 'id'>): void {
    this.#sql.add.run(message.subject, message.bootId, message.seq, message.schema, Math.round(message.atMs), message.dataText);
    this.#count += 1;
    if (this.#count <= this.#messagesMax) return;
    this.#sql.dropOldest.run();
    this.#count -= 1;
    this.#dropped += 1;
  }

  oldest(): BufferedMessage | null {
    const row = this.#sql.oldest.get() as
      | { id: number; subject: string; boot_id: number; seq: number; schema: string; at_ms: number; data: string }
      | undefined;
    if (!row) return null;
    const { id, subject, seq, schema } = row;
    return { id, subject, bootId: row.boot_id, seq, schema, atMs: row.at_ms, dataText: row.data };
  }

  remove(id: number): void {
    const { changes } = this.#sql.remove.run(id);
    this.#count -= Number(changes);
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }
}

function prepare(db: DatabaseSync) {
  return {
    add: db.prepare('insert into message (subject, boot_id, seq, schema, at_ms, data) values (?, ?, ?, ?, ?, ?)'),
    count: db.prepare('select count(*) as n from message'),
    dropOldest: db.prepare('delete from message where id = (select min(id) from message)'),
    oldest: db.prepare('select id, subject, boot_id, seq, schema, at_ms, data from message order by id limit 1'),
    remove: db.prepare('delete from message where id = ?'),
  };
}
