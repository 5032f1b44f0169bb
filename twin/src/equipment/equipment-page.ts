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
  return rows.filter((row) => {
    if (sieve.presence !== null && row.presence !== sieve.presence) return false;
    if (sieve.isFlagged && row.q.length === 0) return false;
    if (wanted === '') return true;
    const owner = row.ownerId === null ? [] : [row.ownerId, ...namesOf(row.ownerId)];
    return [row.id, row.state, row.place?.id ?? '', ...owner, ...row.q].some((each) => each.toLowerCase().includes(wanted));
  });
}

export function placeOf(row: EquipmentRow, column: EquipmentColumn): EquipmentPlace {
  return [valueOf(row, column), row.id];
}

/** The rows after a place, in order. A value may move a row over the place while one reads on: it is then told twice, or at the next reading. */
export function rowsAfter(
  rows: readonly EquipmentRow[],
  { column, isDescending }: EquipmentOrder,
  { after, limit }: { after: EquipmentPlace | null; limit: number },
): EquipmentRow[] {
  const from = after === null ? null : keyOf(after);
  return rows
    .map((row) => ({ row, key: keyOf(placeOf(row, column)) }))
    .filter(({ key }) => from === null || compared(key, from, isDescending) > 0)
    .sort((one, other) => compared(one.key, other.key, isDescending))
    .slice(0, limit)
    .map(({ row }) => row);
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
const keyOf = ([value, id]: EquipmentPlace): Key => ({ value: typeof value === 'string' ? natural(value) : value, id: natural(id) });

/** What is unknown stands at the end either way. */
function compared(one: Key, other: Key, isDescending: boolean): number {
  const byId = one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
  if (one.value === null || other.value === null) return one.value === other.value ? byId : one.value === null ? 1 : -1;
  if (one.value === other.value) return byId;
  const order = one.value < other.value ? -1 : 1;
  return isDescending ? -order : order;
}
