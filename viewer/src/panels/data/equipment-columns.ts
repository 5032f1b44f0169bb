import { EQUIPMENT_COLUMNS, type EquipmentColumn, type EquipmentKind, type EquipmentRow } from '@corridor/protocols/http/equipment';

const LEFT_OUT: Readonly<Record<EquipmentKind, readonly EquipmentColumn[]>> = {
  pack: [],
  slot: ['sohPercent', 'sohEstimate'],
  meter: ['tempC', 'voltageV', 'currentA', 'socPercent', 'sohPercent', 'sohEstimate'],
  truck: ['energyWh', 'sohPercent', 'sohEstimate', 'place'],
};
export const columnsOf = (kind: EquipmentKind): EquipmentColumn[] => EQUIPMENT_COLUMNS.filter((name) => !LEFT_OUT[kind].includes(name));

export const NUMERIC: ReadonlySet<EquipmentColumn> = new Set([
  'tempC',
  'voltageV',
  'currentA',
  'powerW',
  'energyWh',
  'socPercent',
  'sohPercent',
  'sohEstimate',
]);

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
