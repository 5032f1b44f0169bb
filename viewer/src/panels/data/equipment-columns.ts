import type { EquipmentKind, EquipmentRow } from '@corridor/protocols/http/equipment';

export const COLUMN_NAMES = [
  'id',
  'presence',
  'state',
  'place',
  'tempC',
  'voltageV',
  'currentA',
  'powerW',
  'energyWh',
  'socPercent',
  'sohPercent',
  'sohEstimate',
  'ownerId',
  'reportedAt',
  'q',
] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];

const LEFT_OUT: Readonly<Record<EquipmentKind, readonly ColumnName[]>> = {
  pack: [],
  slot: ['sohPercent', 'sohEstimate'],
  meter: ['tempC', 'voltageV', 'currentA', 'socPercent', 'sohPercent', 'sohEstimate'],
  truck: ['energyWh', 'sohPercent', 'sohEstimate', 'place'],
};
export const columnsOf = (kind: EquipmentKind): ColumnName[] => COLUMN_NAMES.filter((name) => !LEFT_OUT[kind].includes(name));

export const NUMERIC: ReadonlySet<ColumnName> = new Set([
  'tempC',
  'voltageV',
  'currentA',
  'powerW',
  'energyWh',
  'socPercent',
  'sohPercent',
  'sohEstimate',
]);

export interface Sorting {
  readonly column: ColumnName;
  readonly descending: boolean;
}
export interface Sieve {
  readonly text: string;
  readonly presence: string;
  readonly flaggedOnly: boolean;
}

/** What a column is sorted by; null: unknown, at the end either way. */
function sortKeyOf(row: EquipmentRow, column: ColumnName): number | string | null {
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

const collator = new Intl.Collator('en', { numeric: true });

export function sorted(rows: readonly EquipmentRow[], { column, descending }: Sorting): EquipmentRow[] {
  return rows.toSorted((one, other) => {
    const [a, b] = [sortKeyOf(one, column), sortKeyOf(other, column)];
    if (a === null || b === null) return a === b ? collator.compare(one.id, other.id) : a === null ? 1 : -1;
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
    return (descending ? -order : order) || collator.compare(one.id, other.id);
  });
}

/** The rows that were shown in the order in which they stood, new ones behind them: a row does not move away under the pointer. */
export function inOrderOf(rows: readonly EquipmentRow[], before: readonly string[]): EquipmentRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const kept = before.flatMap((id) => byId.get(id) ?? []);
  const known = new Set(before);
  return [...kept, ...rows.filter(({ id }) => !known.has(id))];
}

/** @param nameOf a principal, as it is shown */
export function sieved(rows: readonly EquipmentRow[], { text, presence, flaggedOnly }: Sieve, nameOf: (id: string) => string): EquipmentRow[] {
  const wanted = text.trim().toLowerCase();
  return rows.filter((row) => {
    if (presence !== '' && row.presence !== presence) return false;
    if (flaggedOnly && row.q.length === 0) return false;
    if (wanted === '') return true;
    const owner = row.ownerId === null ? [] : [row.ownerId, nameOf(row.ownerId)];
    return [row.id, row.state, row.place?.id ?? '', ...owner, ...row.q].some((each) => each.toLowerCase().includes(wanted));
  });
}

/** For a spreadsheet: figures without units, which stand in the head. */
export function csvRows(rows: readonly EquipmentRow[]): string[][] {
  const cell = (value: number | string | null): string => (value === null ? '' : String(value));
  return [
    [
      'kind',
      'id',
      'presence',
      'state',
      'place',
      'temp_c',
      'voltage_v',
      'current_a',
      'power_w',
      'energy_wh',
      'soc_percent',
      'soh_percent_bms',
      'soh_percent_estimated',
      'soh_low_percent',
      'soh_high_percent',
      'soh_pairs',
      'soh_method',
      'owner',
      'reported_at',
      'flags',
    ],
    ...rows.map((row) => [
      row.kind,
      row.id,
      row.presence,
      row.state,
      cell(row.place?.id ?? null),
      cell(row.tempC),
      cell(row.voltageV),
      cell(row.currentA),
      cell(row.powerW),
      cell(row.energyWh),
      cell(row.socPercent),
      cell(row.sohPercent),
      cell(row.sohEstimate?.sohPercent ?? null),
      cell(row.sohEstimate?.lowPercent ?? null),
      cell(row.sohEstimate?.highPercent ?? null),
      cell(row.sohEstimate?.pairs ?? null),
      cell(row.sohEstimate?.method ?? null),
      cell(row.ownerId),
      cell(row.reportedAt),
      row.q.join(' '),
    ]),
  ];
}
