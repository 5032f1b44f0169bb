import { violated } from '@corridor/protocols/assert';
import type { EquipmentColumn, EquipmentRow, Presence } from '@corridor/protocols/http/equipment';

/** What a list of equipment is narrowed to; null narrows nothing. */
export interface EquipmentSieve {
  /** Part of a name, a place, a state, an owner or a flag. */
  readonly text: string | null;
  readonly presence: Presence | null;
  readonly isFlagged: boolean;
}

export interface EquipmentOrder {
  readonly column: EquipmentColumn;
  readonly isDescending: boolean;
}

/** Where a row stands in an order: what it is sorted by, null for what is unknown, then its id. */
export type EquipmentPlace = readonly [value: string | number | null, id: string];

/** @param namesOf a principal, in all languages */
export function sieved(rows: readonly EquipmentRow[], sieve: EquipmentSieve, namesOf: (id: string) => readonly string[]): EquipmentRow[] {
  const wanted = sieve.text?.trim().toLowerCase() ?? '';
  const owners = new Map<string, boolean>();
  const isOwnerFound = (id: string): boolean => {
    const known = owners.get(id);
    if (known !== undefined) return known;
    const isFound = [id, ...namesOf(id)].some((each) => each.toLowerCase().includes(wanted));
    owners.set(id, isFound);
    return isFound;
  };
  return rows.filter((row) => {
    if (sieve.presence !== null && row.presence !== sieve.presence) return false;
    if (sieve.isFlagged && row.q.length === 0) return false;
    if (wanted === '') return true;
    const has = (text: string) => text.toLowerCase().includes(wanted);
    if (has(row.id) || has(row.state) || (row.place !== null && has(row.place.id)) || row.q.some(has)) return true;
    return row.ownerId !== null && isOwnerFound(row.ownerId);
  });
}

/** A row as of now, of one that looks its values up. */
export const copyOf = (row: EquipmentRow): EquipmentRow => ({
  kind: row.kind,
  id: row.id,
  ownerId: row.ownerId,
  place: row.place,
  state: row.state,
  presence: row.presence,
  tempC: row.tempC,
  voltageV: row.voltageV,
  currentA: row.currentA,
  powerW: row.powerW,
  energyWh: row.energyWh,
  socPercent: row.socPercent,
  sohPercent: row.sohPercent,
  sohEstimate: row.sohEstimate,
  reportedAt: row.reportedAt,
  q: row.q,
});

export function placeOf(row: EquipmentRow, column: EquipmentColumn): EquipmentPlace {
  return [valueOf(row, column), row.id];
}

/** The rows after a place, in order. A value may move a row over the place while one reads on: it is then told twice, or at the next reading. */
export function rowsAfter(
  rows: readonly EquipmentRow[],
  { column, isDescending }: EquipmentOrder,
  { after, limit }: { after: EquipmentPlace | null; limit: number },
): EquipmentRow[] {
  const from = after === null ? null : keyOf(after, column);
  const first: { readonly row: EquipmentRow; readonly key: Key }[] = [];
  for (const row of rows) {
    const key = keyOfRow(row, column);
    if (from !== null && compared(key, from, isDescending) <= 0) continue;
    const last = first.at(-1);
    if (first.length === limit && last !== undefined && compared(key, last.key, isDescending) >= 0) continue;
    first.splice(placeAmong(first, key, isDescending), 0, { row, key });
    if (first.length > limit) first.pop();
  }
  return first.map(({ row }) => row);
}

/** Behind all that stand before it or beside it. */
function placeAmong(sorted: readonly { readonly key: Key }[], key: Key, isDescending: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = sorted[middle] ?? violated('a place outside of the list');
    if (compared(key, other.key, isDescending) < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

function valueOf(row: EquipmentRow, column: EquipmentColumn): string | number | null {
  switch (column) {
    case 'place':
      return row.place?.id ?? null;
    case 'sohEstimate':
      return row.sohEstimate?.sohPercent ?? null;
    case 'q':
      return row.q.length === 0 ? null : row.q.join(' ');
    default:
      return row[column];
  }
}

interface Key {
  readonly value: string | number | null;
  readonly id: string;
}

const DIGITS = 12;
/** `HH1-2` stands before `HH1-10`: once for each row, where a collator would be asked at each comparison. */
const natural = (text: string): string => text.replaceAll(/\d+/g, (digits) => digits.padStart(DIGITS, '0'));

/** Names and states of a network of 100,000 things; more are written anew. */
const KEPT_MAX = 400_000;
const kept = new Map<string, string>();
/** Names stay the same from request to request. */
function naturalOfRow(text: string): string {
  const known = kept.get(text);
  if (known !== undefined) return known;
  if (kept.size >= KEPT_MAX) kept.clear();
  const made = natural(text);
  kept.set(text, made);
  return made;
}

const keyOfRow = (row: EquipmentRow, column: EquipmentColumn): Key => keyWith(placeOf(row, column), column, naturalOfRow);
const keyOf = (place: EquipmentPlace, column: EquipmentColumn): Key => keyWith(place, column, natural);
/** Times are in order as they are written. */
const keyWith = ([value, id]: EquipmentPlace, column: EquipmentColumn, naturalOf: (text: string) => string): Key => ({
  value: typeof value === 'string' && column !== 'reportedAt' ? naturalOf(value) : value,
  id: naturalOf(id),
});

/** What is unknown stands at the end either way. */
function compared(one: Key, other: Key, isDescending: boolean): number {
  const byId = one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
  if (one.value === null || other.value === null) return one.value === other.value ? byId : one.value === null ? 1 : -1;
  if (one.value === other.value) return byId;
  const order = one.value < other.value ? -1 : 1;
  return isDescending ? -order : order;
}
