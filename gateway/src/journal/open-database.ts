import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { JournalError } from './journal-errors.ts';
import { makeFolder } from './make-folder.ts';

/** What SQLite answers in `errcode` (sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

function sqliteCode(cause: unknown): number | null {
  const code = (cause as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : null;
}

/** An error of SQLite as one line that says what to do. */
export function asJournalError(cause: unknown, path: string): JournalError {
  if (cause instanceof JournalError) return cause;
  const code = sqliteCode(cause);
  if (code === SQLITE_BUSY || code === SQLITE_LOCKED) {
    return new JournalError('JOURNAL_IN_USE', path, `${path} is in use by another gateway process; stop that one first`, { cause });
  }
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) {
    const advice = 'move the file away and start again, then compare the station with the platform';
    return new JournalError('JOURNAL_DAMAGED', path, `${path} is damaged; ${advice}`, { cause });
  }
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new JournalError(existsSync(path) ? 'JOURNAL_WRITE_FAILED' : 'JOURNAL_UNREADABLE', path, `${path}: ${detail}`, { cause });
}

/**
 * Opens a database file for this process alone. Exclusive locking makes a second gateway on the same folder fail at once,
 * and a killed one leaves no lock behind.
 * @param synchronous FULL = every commit is on the disk when it returns; NORMAL = a power cut may lose the last commits, never the file
 * @throws JournalError
 */
export function openDatabase(path: string, synchronous: 'FULL' | 'NORMAL', tables: string): DatabaseSync {
  let db: DatabaseSync | null = null;
  try {
    makeFolder(dirname(path), 0o700);
    db = new DatabaseSync(path);
    db.exec(`pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = ${synchronous}; pragma busy_timeout = 0;`);
    db.exec('begin exclusive; commit;');
    const [check] = db.prepare('pragma quick_check(1)').all() as { quick_check: string }[];
    if (check?.quick_check !== 'ok')
      throw new JournalError('JOURNAL_DAMAGED', path, `${path} is damaged: ${check?.quick_check ?? 'no answer'}`);
    db.exec(tables);
    return db;
  } catch (cause) {
    if (db?.isOpen === true) db.close();
    throw asJournalError(cause, path);
  }
}
