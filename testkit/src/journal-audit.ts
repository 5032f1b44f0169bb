import type pg from 'pg';
import { type JournalledEvent, type JournalledSwap, journalledSwaps } from './journal-copy.ts';

/** Last event of a boot of a source, `station:HH1`. */
export interface Tail {
  source: string;
  bootId: number;
  seq: number;
}

/** Where each journal ends: what the platform must have reached. */
export function tailsOf(events: readonly JournalledEvent[]): Tail[] {
  const tails = new Map<string, Tail>();
  for (const { stationId, bootId, seq } of events) tails.set(stationId, { source: `station:${stationId}`, bootId, seq });
  return [...tails.values()];
}

/** Sources whose journal the platform has not taken to its end. */
export async function tailsMissing(db: pg.Client, tails: readonly Tail[]): Promise<string[]> {
  const { rows } = await db.query<{ src: string; boot_id: number; seq: string }>(
    `select src, boot_id, seq::text as seq from source_position where lane = 'evt'`,
  );
  const positions = new Map(rows.map(({ src, boot_id, seq }) => [src, { bootId: boot_id, seq: Number(seq) }]));
  return tails.flatMap(({ source, bootId, seq }) => {
    const at = positions.get(source);
    const isThere = at !== undefined && (at.bootId > bootId || (at.bootId === bootId && at.seq >= seq));
    return isThere ? [] : [`${source} is at ${at ? `${at.bootId}:${at.seq}` : 'nothing'} of ${bootId}:${seq}`];
  });
}

/** Every journalled event is in the database, once, as it was journalled. */
export async function eventFindings(db: pg.Client, journalled: readonly JournalledEvent[]): Promise<string[]> {
  const { rows } = await db.query<{
    src: string;
    boot_id: number;
    seq: string;
    subject: string;
    payload: string | null;
    refusal: string | null;
  }>(`select src, boot_id, seq::text as seq, subject, payload, refusal from swap_event where src like 'station:%'`);
  const stored = new Map(rows.map((row) => [`${row.src}:${row.boot_id}:${row.seq}`, row]));
  return journalled.flatMap(({ stationId, bootId, seq, subject, data }) => {
    const key = `station:${stationId}:${bootId}:${seq}`;
    const row = stored.get(key);
    if (!row) return [`event ${key} (${subject}) is journalled and not stored`];
    if (row.refusal !== null) return [`event ${key} (${subject}) was refused: ${row.refusal}`];
    const content: unknown = row.payload === null ? null : (JSON.parse(row.payload) as { data: unknown }).data;
    const isSame = row.subject === subject && JSON.stringify(content) === JSON.stringify(data);
    return isSame ? [] : [`event ${key} (${subject}) is stored as something else (${row.subject})`];
  });
}

interface OrderRow {
  order_id: string;
  station_id: string;
  request_id: number;
  state: string;
  reason: string | null;
}

const CLOSING = ['CLEARED', 'SETTLED', 'ABNORMAL', 'REPAIRED', 'WRITTEN_OFF'];
const OPEN = ['CREATED', 'QUOTED', 'HELD', 'IN_PROGRESS', 'MEASURED', 'BILLED'];
const TERMINAL = ['completed', 'rejected', 'aborted_safe', 'aborted_no_pack', 'battery_out_timeout', 'failed'];

/**
 * Every swap that a gateway journalled: when packs moved and it is over, exactly one bill or one abnormal order; when it
 * was over before, at most one order, and none that is open.
 */
export async function swapFindings(db: pg.Client, journalled: readonly JournalledEvent[]): Promise<string[]> {
  const { rows } = await db.query<OrderRow>(
    'select order_id, station_id, request_id, state, reason from swap_order where request_id is not null',
  );
  const orders = new Map<string, OrderRow[]>();
  for (const row of rows) {
    const key = `${row.station_id}-${row.request_id}`;
    orders.set(key, [...(orders.get(key) ?? []), row]);
  }
  return journalledSwaps(journalled).flatMap((swap) => swapFinding(swap, orders.get(`${swap.stationId}-${swap.requestId}`) ?? []));
}

function swapFinding({ stationId, requestId, events }: JournalledSwap, orders: readonly OrderRow[]): string[] {
  const said = orders.map(({ order_id, state, reason }) => `${order_id} ${state} ${reason ?? ''}`.trim()).join('; ') || 'nothing';
  const name = `swap ${stationId}-${requestId} (${events.at(-1)})`;
  const closing = orders.filter(({ state }) => CLOSING.includes(state)).length;
  const open = orders.filter(({ state }) => OPEN.includes(state)).length;
  const packsMoved = events.includes('battery_in') || events.includes('battery_out');
  const isOver = events.some((event) => TERMINAL.includes(event));
  if (closing + open > 1) return [`${name} has more than one order: ${said}`];
  if (isOver && open > 0) return [`${name} is over and its order is open: ${said}`];
  if (isOver && packsMoved && closing !== 1) return [`${name} moved packs and ended as ${said}`];
  if (packsMoved && orders.length === 0) return [`${name} moved packs and has no order`];
  return [];
}
