import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from './temporary-folder.ts';

/** An event as the gateway of a station journalled it. */
export interface JournalledEvent {
  stationId: string;
  bootId: number;
  seq: number;
  subject: string;
  data: { requestId?: number };
}

/**
 * Reads the journals of gateways whose process is gone, from a copy, so that what it left behind stays as it is.
 * @param gatewaysDir one folder for each station
 */
export function readJournals(gatewaysDir: string): JournalledEvent[] {
  if (!existsSync(gatewaysDir)) return [];
  return readdirSync(gatewaysDir).flatMap((stationId) => readJournal(join(gatewaysDir, stationId), stationId));
}

function readJournal(dir: string, stationId: string): JournalledEvent[] {
  using copy = temporaryFolder();
  for (const name of ['journal.db', 'journal.db-wal']) {
    if (existsSync(join(dir, name))) copyFileSync(join(dir, name), join(copy.path, name));
  }
  if (!existsSync(join(copy.path, 'journal.db'))) return [];
  const db = new DatabaseSync(join(copy.path, 'journal.db'));
  try {
    const hasEvents = db.prepare(`select 1 from sqlite_master where name = 'event'`).get() !== undefined;
    if (!hasEvents) return [];
    return db
      .prepare('select boot_id, seq, subject, data from event order by id')
      .all()
      .map((row) => ({
        stationId,
        bootId: Number(row['boot_id']),
        seq: Number(row['seq']),
        subject: String(row['subject']),
        data: JSON.parse(String(row['data'])) as JournalledEvent['data'],
      }));
  } finally {
    db.close();
  }
}

/** Name of a swap's event, null for other events. */
export function swapEventOf({ subject }: JournalledEvent): string | null {
  const [, , , , , lane, topic, event] = subject.split('.');
  return lane === 'evt' && topic === 'swap' ? (event ?? null) : null;
}

export interface JournalledSwap {
  stationId: string;
  requestId: number;
  events: string[];
}

/** Swaps by station and number, with their events in order. */
export function journalledSwaps(events: readonly JournalledEvent[]): JournalledSwap[] {
  const swaps = new Map<string, JournalledSwap>();
  for (const event of events) {
    const name = swapEventOf(event);
    const { requestId } = event.data;
    if (name === null || requestId === undefined) continue;
    const key = `${event.stationId}-${requestId}`;
    const swap = swaps.get(key) ?? { stationId: event.stationId, requestId, events: [] };
    swap.events.push(name);
    swaps.set(key, swap);
  }
  return [...swaps.values()];
}
