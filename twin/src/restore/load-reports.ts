import type { PackReading } from '@corridor/protocols/tele/packs';
import type { StationTelemetry } from '@corridor/protocols/tele/station';
import type { TruckTelemetry } from '@corridor/protocols/tele/truck';
import type { Db } from '../db/db.ts';
import { LatestReports, type Report } from '../projection/latest-reports.ts';

interface Head {
  ts_event: Date;
  boot_id: number;
  seq: bigint;
  q: string[];
}
type TruckRow = Head & { truck_id: string; content: TruckTelemetry['data'] };

/** Last row of each entity: one look into the index of the time series for each. */
const lastOf = (entities: string, table: string, id: string, content: string): string => `
  select e.${id}, t.ts_event, t.boot_id, t.seq, t.q, json_build_object(${content}) as content
    from ${entities} e
    cross join lateral (select * from ${table} x where x.platform_id = e.platform_id and x.${id} = e.${id} order by x.ts_event desc limit 1) t
   where e.platform_id = $1`;

const TRUCK = `'truckId', t.truck_id, 'vin', null, 'plate', null, 'lat', t.lat, 'lon', t.lon, 'altM', t.alt_m, 'chainageM', t.chainage_m,
  'direction', t.direction, 'speedKmh', t.speed_kmh, 'headingDeg', t.heading_deg, 'odometerM', t.odometer_m, 'vehicleState', t.vehicle_state,
  'grossMassKg', t.gross_mass_kg, 'packId', t.pack_id, 'socPercent', t.soc_percent, 'socSource', t.soc_source, 'packVoltageV', t.pack_voltage_v,
  'packCurrentA', t.pack_current_a, 'motorPowerW', t.motor_power_w, 'auxPowerW', t.aux_power_w, 'ambientC', t.ambient_c,
  'alarmBits', t.alarm_bits, 'alarmLevel', t.alarm_level, 'destinationStationId', t.destination_station_id, 'tripId', t.trip_id`;
const PACK = `'packId', t.pack_id, 'typeCode', t.type_code, 'location', json_build_object('kind', t.location_kind, 'id', t.location_id),
  'socPercent', t.soc_percent, 'sohPercent', t.soh_percent, 'energyWh', t.energy_wh, 'voltageV', t.voltage_v, 'currentA', t.current_a,
  'powerW', t.power_w, 'cellVmaxV', t.cell_vmax_v, 'cellVminV', t.cell_vmin_v, 'cellTmaxC', t.cell_tmax_c, 'cellTminC', t.cell_tmin_c,
  'insulationOhm', t.insulation_ohm, 'contactor', case when t.contactor_closed then 'CLOSED' else 'OPEN' end, 'cycles', t.cycles,
  'throughputWh', t.throughput_wh, 'faultCodes', t.fault_codes`;
const STATION = `'stationId', t.station_id, 'state', t.state, 'readyPacks', t.ready_packs, 'chargingPacks', t.charging_packs,
  'emptySlots', t.empty_slots, 'queueLength', t.queue_length, 'estWaitMs', t.est_wait_ms, 'gridPowerW', t.grid_power_w,
  'gridLimitW', t.grid_limit_w, 'pvPowerW', t.pv_power_w, 'auxPowerW', t.aux_power_w, 'activeTariffPeriod', t.active_tariff_period,
  'ambientC', t.ambient_c, 'windMps', t.wind_mps, 'commsRttMs', t.comms_rtt_ms`;

/** What was reported last before the restart, so that the scene is not empty until everybody has spoken again. */
export async function loadReports(db: Db, platformId: string): Promise<LatestReports> {
  const reports = new LatestReports();
  const query = async <Row extends Head>(text: string): Promise<Row[]> =>
    (await db.query<Row & { [column: string]: unknown }>({ text, values: [platformId] })).rows;
  for (const row of await query<TruckRow>(lastOf('truck', 'telemetry_truck', 'truck_id', TRUCK))) {
    reports.truck.set(row.truck_id, reportOf(row, row.content));
    reports.lastSeenMs.set(`truck:${row.truck_id}`, row.ts_event.getTime());
  }
  type PackRow = Head & { pack_id: string; content: PackReading };
  for (const row of await query<PackRow>(lastOf('pack', 'telemetry_pack', 'pack_id', PACK)))
    reports.pack.set(row.pack_id, reportOf(row, row.content));
  type StationRow = Head & { station_id: string; content: StationTelemetry['data'] };
  for (const row of await query<StationRow>(lastOf('station', 'telemetry_station', 'station_id', STATION))) {
    reports.station.set(row.station_id, reportOf(row, row.content));
    reports.lastSeenMs.set(`station:${row.station_id}`, row.ts_event.getTime());
  }
  return reports;
}

const reportOf = <Data>({ ts_event, boot_id, seq, q }: Head, data: Data): Report<Data> => ({
  atMs: ts_event.getTime(),
  bootId: boot_id,
  seq: Number(seq),
  q,
  data,
});
