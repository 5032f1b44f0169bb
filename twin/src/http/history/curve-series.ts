import type { RollupTable } from '../../db/rollup-spec.ts';

/** A field of a curve: its column in the readings, and the aggregates that rollups keep of it. */
export interface CurveField {
  readonly name: string;
  readonly column: string;
  /** Columns of the rollups for mean, least and greatest; null: rollups keep nothing of it. */
  readonly kept: { readonly mean: string; readonly low: string; readonly high: string } | null;
}
export interface CurveSeries {
  readonly table: RollupTable;
  readonly fields: readonly CurveField[];
}

const field = (name: string, column: string, mean?: string, low = mean, high = mean): CurveField => ({
  name,
  column,
  kept: mean === undefined || low === undefined || high === undefined ? null : { mean, low, high },
});
/** Mean, least and greatest where they are kept under the usual names. */
const whole = (name: string, column: string): CurveField => field(name, column, `${column}_avg`, `${column}_min`, `${column}_max`);

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
      field('voltageV', 'voltage_v'),
      field('currentA', 'current_a'),
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
      field('voltageV', 'pack_voltage_v'),
      field('currentA', 'pack_current_a'),
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
