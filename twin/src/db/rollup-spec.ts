import type { TelemetryTable } from './telemetry-table.ts';

/** What is kept of the readings of a minute and of an hour. */
export type Aggregate = 'avg' | 'min' | 'max' | 'last';
export type RollupSpec = {
  /** Readings that it is made from. */
  of: RolledUpTable;
  /** What a row is about, beside the platform. */
  keys: readonly string[];
  /** Column -> aggregates; each becomes a column `<column>_<aggregate>`. Unknown values (null) count for nothing. */
  measures: Readonly<Record<string, readonly Aggregate[]>>;
};
export type RolledUpTable = Exclude<TelemetryTable, 'telemetry_bay'>;
/**
 * A rollup bears the name of its readings. What one lacked at first stands in a second one beside it: a continuous aggregate takes no new
 * columns, and made anew it would lose what is older than the readings are kept.
 */
export type RollupTable = RolledUpTable | 'telemetry_slot_electric' | 'telemetry_truck_electric';

export const ROLLUPS: Readonly<Record<RollupTable, RollupSpec>> = {
  telemetry_pack: {
    of: 'telemetry_pack',
    keys: ['pack_id'],
    measures: {
      soc_percent: ['avg', 'min', 'max', 'last'],
      soh_percent: ['last'],
      energy_wh: ['last'],
      power_w: ['avg', 'min', 'max'],
      voltage_v: ['avg'],
      current_a: ['avg'],
      cell_vmin_v: ['min'],
      cell_vmax_v: ['max'],
      cell_tmin_c: ['min'],
      cell_tmax_c: ['avg', 'max'],
      insulation_ohm: ['min'],
      cycles: ['last'],
      throughput_wh: ['last'],
      location_kind: ['last'],
      location_id: ['last'],
    },
  },
  telemetry_slot: {
    of: 'telemetry_slot',
    keys: ['station_id', 'evse_id'],
    measures: {
      power_w: ['avg', 'max'],
      setpoint_w: ['avg'],
      meter_wh: ['min', 'max'],
      plug_temp_c: ['max'],
      pack_id: ['last'],
      charging_state: ['last'],
    },
  },
  telemetry_station: {
    of: 'telemetry_station',
    keys: ['station_id'],
    measures: {
      ready_packs: ['avg', 'min', 'last'],
      charging_packs: ['avg', 'last'],
      empty_slots: ['avg', 'last'],
      queue_length: ['avg', 'max', 'last'],
      est_wait_ms: ['avg', 'max'],
      grid_power_w: ['avg', 'max'],
      grid_limit_w: ['min'],
      pv_power_w: ['avg', 'max'],
      aux_power_w: ['avg'],
      ambient_c: ['avg'],
      state: ['last'],
    },
  },
  telemetry_truck: {
    of: 'telemetry_truck',
    keys: ['truck_id'],
    measures: {
      chainage_m: ['last'],
      lat: ['last'],
      lon: ['last'],
      speed_kmh: ['avg', 'max'],
      odometer_m: ['min', 'max'],
      soc_percent: ['min', 'last'],
      gross_mass_kg: ['last'],
      motor_power_w: ['avg', 'max'],
      pack_id: ['last'],
      vehicle_state: ['last'],
    },
  },
  telemetry_meter: {
    of: 'telemetry_meter',
    keys: ['station_id', 'meter_id'],
    measures: { import_wh: ['min', 'max'], export_wh: ['min', 'max'], power_w: ['avg', 'max'] },
  },
  telemetry_slot_electric: {
    of: 'telemetry_slot',
    keys: ['station_id', 'evse_id'],
    // The pack tells whose a row is.
    measures: { voltage_v: ['avg', 'min', 'max'], current_a: ['avg', 'min', 'max'], pack_id: ['last'] },
  },
  telemetry_truck_electric: {
    of: 'telemetry_truck',
    keys: ['truck_id'],
    measures: { pack_voltage_v: ['avg', 'min', 'max'], pack_current_a: ['avg', 'min', 'max'] },
  },
};

export const ROLLUP_TABLES = Object.keys(ROLLUPS) as RollupTable[];
export const ROLLUP_WIDTHS = { '1m': '1 minute', '1h': '1 hour' } as const;
export type RollupWidth = keyof typeof ROLLUP_WIDTHS;
export const rollupName = (table: RollupTable, width: RollupWidth) => `${table}_${width}`;
export const rollupKeys = (table: RollupTable): string[] => ['platform_id', ...ROLLUPS[table].keys, 'bucket'];

/** Columns of a rollup behind its keys, in order. */
export function rollupColumns(table: RollupTable): string[] {
  const measures = Object.entries(ROLLUPS[table].measures);
  return ['samples', ...measures.flatMap(([column, aggregates]) => aggregates.map((aggregate) => `${column}_${aggregate}`))];
}

/** Select list of {@link rollupColumns}. `last` is TimescaleDB's own aggregate where that is there. */
export function rollupExpressions(table: RollupTable, dialect: 'timescale' | 'plain'): string[] {
  const expressionOf = (column: string, aggregate: Aggregate): string => {
    if (aggregate === 'avg') return `avg(${column})::float8`;
    if (aggregate !== 'last') return `${aggregate}(${column})`;
    if (dialect === 'timescale') return `last(${column}, ts_event) filter (where ${column} is not null)`;
    return `(array_agg(${column} order by ts_event desc, boot_id desc, seq desc) filter (where ${column} is not null))[1]`;
  };
  const measures = Object.entries(ROLLUPS[table].measures);
  const list = measures.flatMap(([column, aggregates]) =>
    aggregates.map((aggregate) => `${expressionOf(column, aggregate)} as ${column}_${aggregate}`),
  );
  return ['count(*) as samples', ...list];
}
