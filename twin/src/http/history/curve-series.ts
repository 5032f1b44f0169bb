import type { RolledUpTable, RollupTable } from '../../db/rollup-spec.ts';

/** A field of a curve: its column in the readings, and the aggregates that a rollup keeps of it. */
export interface CurveField {
  readonly name: string;
  readonly column: string;
  /** Where it is kept beside the rollup that bears the name of the readings; null: in that one. */
  readonly beside: RollupTable | null;
  /** Columns of the rollup for mean, least and greatest. */
  readonly kept: { readonly mean: string; readonly low: string; readonly high: string };
}
export interface CurveSeries {
  readonly table: RolledUpTable;
  readonly fields: readonly CurveField[];
}

const field = (name: string, column: string, mean: string, low = mean, high = mean): CurveField => ({
  name,
  column,
  beside: null,
  kept: { mean, low, high },
});
/** Mean, least and greatest where they are kept under the usual names. */
const whole = (name: string, column: string, beside: RollupTable | null = null): CurveField => ({
  ...field(name, column, `${column}_avg`, `${column}_min`, `${column}_max`),
  beside,
});

export const CURVES = {
  packs: {
    table: 'telemetry_pack',
    fields: [
      whole('socPercent', 'soc_percent'),
      field('sohPercent', 'soh_percent', 'soh_percent_last'),
      field('energyWh', 'energy_wh', 'energy_wh_last'),
      whole('powerW', 'power_w'),
      field('voltageV', 'voltage_v', 'voltage_v_avg'),
      field('currentA', 'current_a', 'current_a_avg'),
      field('tempMaxC', 'cell_tmax_c', 'cell_tmax_c_avg', 'cell_tmax_c_avg', 'cell_tmax_c_max'),
    ],
  },
  slots: {
    table: 'telemetry_slot',
    fields: [
      field('powerW', 'power_w', 'power_w_avg', 'power_w_avg', 'power_w_max'),
      field('setpointW', 'setpoint_w', 'setpoint_w_avg'),
      whole('voltageV', 'voltage_v', 'telemetry_slot_electric'),
      whole('currentA', 'current_a', 'telemetry_slot_electric'),
      field('meterWh', 'meter_wh', 'meter_wh_max'),
      field('plugTempC', 'plug_temp_c', 'plug_temp_c_max'),
    ],
  },
  meters: {
    table: 'telemetry_meter',
    fields: [
      field('powerW', 'power_w', 'power_w_avg', 'power_w_avg', 'power_w_max'),
      field('importWh', 'import_wh', 'import_wh_max'),
      field('exportWh', 'export_wh', 'export_wh_max'),
    ],
  },
  trucks: {
    table: 'telemetry_truck',
    fields: [
      field('socPercent', 'soc_percent', 'soc_percent_last', 'soc_percent_min', 'soc_percent_last'),
      field('speedKmh', 'speed_kmh', 'speed_kmh_avg', 'speed_kmh_avg', 'speed_kmh_max'),
      field('motorPowerW', 'motor_power_w', 'motor_power_w_avg', 'motor_power_w_avg', 'motor_power_w_max'),
      whole('voltageV', 'pack_voltage_v', 'telemetry_truck_electric'),
      whole('currentA', 'pack_current_a', 'telemetry_truck_electric'),
    ],
  },
  stations: {
    table: 'telemetry_station',
    fields: [
      field('gridPowerW', 'grid_power_w', 'grid_power_w_avg', 'grid_power_w_avg', 'grid_power_w_max'),
      field('gridLimitW', 'grid_limit_w', 'grid_limit_w_min'),
      field('pvPowerW', 'pv_power_w', 'pv_power_w_avg', 'pv_power_w_avg', 'pv_power_w_max'),
      field('auxPowerW', 'aux_power_w', 'aux_power_w_avg'),
      field('queueLength', 'queue_length', 'queue_length_avg', 'queue_length_avg', 'queue_length_max'),
      field('readyPacks', 'ready_packs', 'ready_packs_avg', 'ready_packs_min', 'ready_packs_avg'),
    ],
  },
} as const satisfies Record<string, CurveSeries>;
export type CurveKind = keyof typeof CURVES;
