import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder } from '@corridor/gateway/journal/make-folder';

export type StoredEvent = { bootId: number; seq: number; subject: string; body: string };

/** Events kept per truck until the platform has them; the oldest go when a T-box was away for long. */
const EVENTS_MAX = 500;

/** What T-boxes must not forget: how often each was started, and the events the platform has not confirmed yet. */
export class TboxJournal {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** One file for all T-boxes of a process. */
  static open(path: string): TboxJournal {
    makeFolder(dirname(path));
    const database = new DatabaseSync(path);
    // A crash of the process loses nothing; a power cut may lose the last events of a trip, which carry no money.
    database.exec('pragma journal_mode = wal; pragma synchronous = normal');
    database.exec('create table if not exists boot (truck_id text primary key, boot_id integer not null) strict');
    database.exec(
      'create table if not exists event (truck_id text, boot_id integer, seq integer, subject text not null, body text not null, primary key (truck_id, boot_id, seq)) strict, without rowid',
    );
    return new TboxJournal(database);
  }

  /** Counts a start. @returns its number, from 1 */
  boot(truckId: string): number {
    const row = this.#database
      .prepare('insert into boot values (?, 1) on conflict (truck_id) do update set boot_id = boot_id + 1 returning boot_id')
      .get(truckId);
    return Number(row?.['boot_id']);
  }

  append(truckId: string, event: StoredEvent): void {
    this.#database.prepare('insert into event values (?, ?, ?, ?, ?)').run(truckId, event.bootId, event.seq, event.subject, event.body);
    const { count } = this.#database.prepare('select count(*) as count from event where truck_id = ?').get(truckId) as { count: number };
    if (count <= EVENTS_MAX) return;
    this.#database
      .prepare(
        'delete from event where truck_id = ?1 and (boot_id, seq) in (select boot_id, seq from event where truck_id = ?1 order by boot_id, seq limit ?2)',
      )
      .run(truckId, count - EVENTS_MAX);
  }

  /** Events that the platform did not confirm, in their order. */
  unconfirmed(truckId: string): StoredEvent[] {
    const rows = this.#database
      .prepare('select boot_id, seq, subject, body from event where truck_id = ? order by boot_id, seq')
      .all(truckId);
    return rows.map((row) => ({
      bootId: Number(row['boot_id']),
      seq: Number(row['seq']),
      subject: String(row['subject']),
      body: String(row['body']),
    }));
  }

  /** The platform has everything up to this event. */
  confirm(truckId: string, { bootId, evtSeq }: { bootId: number; evtSeq: number }): void {
    this.#database
      .prepare('delete from event where truck_id = ? and (boot_id < ? or (boot_id = ? and seq <= ?))')
      .run(truckId, bootId, bootId, evtSeq);
  }

  close(): void {
    this.#database.close();
  }
}
