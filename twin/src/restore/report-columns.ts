/** Rows of the time series, `t`, as their messages said it: fields of a JSON object. */
export const TRUCK = `'truckId', t.truck_id, 'vin', null, 'plate', null, 'lat', t.lat, 'lon', t.lon, 'altM', t.alt_m, 'chainageM', t.chainage_m,
  'direction', t.direction, 'speedKmh', t.speed_kmh, 'headingDeg', t.heading_deg, 'odometerM', t.odometer_m, 'vehicleState', t.vehicle_state,
  'grossMassKg', t.gross_mass_kg, 'packId', t.pack_id, 'socPercent', t.soc_percent, 'socSource', t.soc_source, 'packVoltageV', t.pack_voltage_v,
  'packCurrentA', t.pack_current_a, 'motorPowerW', t.motor_power_w, 'auxPowerW', t.aux_power_w, 'ambientC', t.ambient_c,
  'alarmBits', t.alarm_bits, 'alarmLevel', t.alarm_level, 'destinationStationId', t.destination_station_id, 'tripId', t.trip_id`;
export const PACK = `'packId', t.pack_id, 'typeCode', t.type_code, 'location', json_build_object('kind', t.location_kind, 'id', t.location_id),
  'socPercent', t.soc_percent, 'sohPercent', t.soh_percent, 'energyWh', t.energy_wh, 'voltageV', t.voltage_v, 'currentA', t.current_a,
  'powerW', t.power_w, 'cellVmaxV', t.cell_vmax_v, 'cellVminV', t.cell_vmin_v, 'cellTmaxC', t.cell_tmax_c, 'cellTminC', t.cell_tmin_c,
  'insulationOhm', t.insulation_ohm, 'contactor', case when t.contactor_closed then 'CLOSED' else 'OPEN' end, 'cycles', t.cycles,
  'throughputWh', t.throughput_wh, 'faultCodes', t.fault_codes`;
export const SLOT = `'evseId', t.evse_id, 'slotState', t.slot_state, 'packId', t.pack_id, 'chargingState', t.charging_state,
  'setpointW', t.setpoint_w, 'powerW', t.power_w, 'voltageV', t.voltage_v, 'currentA', t.current_a, 'meterWh', t.meter_wh,
  'plugTempC', t.plug_temp_c, 'smoke', t.smoke, 'doorOpen', t.door_open`;
export const STATION = `'stationId', t.station_id, 'state', t.state, 'readyPacks', t.ready_packs, 'chargingPacks', t.charging_packs,
  'emptySlots', t.empty_slots, 'queueLength', t.queue_length, 'estWaitMs', t.est_wait_ms, 'gridPowerW', t.grid_power_w,
  'gridLimitW', t.grid_limit_w, 'pvPowerW', t.pv_power_w, 'auxPowerW', t.aux_power_w, 'activeTariffPeriod', t.active_tariff_period,
  'ambientC', t.ambient_c, 'windMps', t.wind_mps, 'commsRttMs', t.comms_rtt_ms`;

const lock = (no: number): string =>
  `'l${no}', case substr(t.lock_sensors, ${no}, 1) when 'L' then 'LOCKED' when 'U' then 'UNLOCKED' else 'UNKNOWN' end`;
export const BAY = `'stationId', t.station_id, 'bayId', t.bay_id, 'bayState', t.bay_state, 'truckId', t.truck_id, 'step', t.step,
  'craneXM', t.crane_x_m, 'craneYM', t.crane_y_m, 'craneZM', t.crane_z_m, 'loadKg', t.load_kg,
  'lockSensors', json_build_object(${[1, 2, 3, 4].map(lock).join(', ')}), 'hvOff', t.hv_off, 'wheelChock', t.wheel_chock,
  'personDetected', t.person_detected`;
/** It stands in the series as a meter that feeds in. */
export const PV = `'stationId', t.station_id, 'powerW', -t.power_w, 'energyWh', t.export_wh`;
