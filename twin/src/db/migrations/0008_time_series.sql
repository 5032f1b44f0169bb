-- Time series: one reading, one row. Hypertables where the server has TimescaleDB, plain tables elsewhere. The unique key
-- serves three: a reading that comes again is recognised, the history of one entity is one range, and there is no second
-- index to keep at 40,000 rows a second. Rollups are made beside the migrations, by what the server can do.
--
-- `ts_event` is scope time as corrected for the clock of the source, `ts_ingest` wall time. Quantities are in the unit
-- of their name; powers and currents are positive into the pack. Unknown is null.

-- `src`: station or truck whose gateway reported it.
create table telemetry_pack (
  platform_id      text not null,
  pack_id          text not null,
  src              text not null,
  type_code        text not null,
  location_kind    text not null,
  location_id      text not null,
  soc_percent      real,
  soh_percent      real,
  energy_wh        integer,
  voltage_v        real,
  current_a        real,
  power_w          real,
  cell_vmax_v      real,
  cell_vmin_v      real,
  cell_tmax_c      real,
  cell_tmin_c      real,
  insulation_ohm   real,
  contactor_closed boolean not null,
  cycles           real not null,
  throughput_wh    bigint not null,
  fault_codes      text[] not null,
  ts_event         timestamptz not null,
  ts_ingest        timestamptz not null,
  boot_id          integer not null,
  seq              bigint not null,
  backfill         boolean not null,
  q                text[] not null,
  unique (platform_id, pack_id, ts_event, src, boot_id, seq)
);
create index telemetry_pack_ingest on telemetry_pack using brin (ts_ingest);

create table telemetry_slot (
  platform_id      text not null,
  station_id       text not null,
  evse_id          integer not null,
  slot_state       text not null,
  pack_id          text,
  charging_state   text not null,
  setpoint_w       real not null,
  power_w          real not null,
  voltage_v        real,
  current_a        real,
  meter_wh         bigint not null,
  plug_temp_c      real,
  smoke            boolean not null,
  door_open        boolean not null,
  ts_event         timestamptz not null,
  ts_ingest        timestamptz not null,
  boot_id          integer not null,
  seq              bigint not null,
  backfill         boolean not null,
  q                text[] not null,
  unique (platform_id, station_id, evse_id, ts_event, boot_id, seq)
);
create index telemetry_slot_ingest on telemetry_slot using brin (ts_ingest);

create table telemetry_station (
  platform_id      text not null,
  station_id       text not null,
  state            text not null,
  ready_packs      integer not null,
  charging_packs   integer not null,
  empty_slots      integer not null,
  queue_length     integer not null,
  est_wait_ms      bigint not null,
  grid_power_w     real not null,
  grid_limit_w     real not null,
  pv_power_w       real not null,
  aux_power_w      real not null,
  active_tariff_period text,
  ambient_c        real,
  wind_mps         real,
  comms_rtt_ms     real,
  ts_event         timestamptz not null,
  ts_ingest        timestamptz not null,
  boot_id          integer not null,
  seq              bigint not null,
  backfill         boolean not null,
  q                text[] not null,
  unique (platform_id, station_id, ts_event, boot_id, seq)
);
create index telemetry_station_ingest on telemetry_station using brin (ts_ingest);

create table telemetry_truck (
  platform_id      text not null,
  truck_id         text not null,
  lat              double precision,
  lon              double precision,
  alt_m            real,
  chainage_m       double precision,
  direction        text,
  speed_kmh        real,
  heading_deg      real,
  odometer_m       double precision,
  vehicle_state    text not null,
  gross_mass_kg    real,
  pack_id          text,
  soc_percent      real,
  soc_source       text not null,
  pack_voltage_v   real,
  pack_current_a   real,
  motor_power_w    real,
  aux_power_w      real,
  ambient_c        real,
  alarm_bits       bigint not null,
  alarm_level      smallint not null,
  destination_station_id text,
  trip_id          text,
  ts_event         timestamptz not null,
  ts_ingest        timestamptz not null,
  boot_id          integer not null,
  seq              bigint not null,
  backfill         boolean not null,
  q                text[] not null,
  unique (platform_id, truck_id, ts_event, boot_id, seq)
);
create index telemetry_truck_ingest on telemetry_truck using brin (ts_ingest);

-- PV reports of a site stand here too, as meter `<station>-PV` that feeds in.
create table telemetry_meter (
  platform_id      text not null,
  station_id       text not null,
  meter_id         text not null,
  kind             text not null,
  import_wh        bigint,
  export_wh        bigint,
  power_w          real not null,
  ts_event         timestamptz not null,
  ts_ingest        timestamptz not null,
  boot_id          integer not null,
  seq              bigint not null,
  backfill         boolean not null,
  q                text[] not null,
  unique (platform_id, station_id, meter_id, ts_event, boot_id, seq)
);
create index telemetry_meter_ingest on telemetry_meter using brin (ts_ingest);

-- `lock_sensors`: four letters, L(ocked) U(nlocked) ? (unknown), for locks 1 to 4.
create table telemetry_bay (
  platform_id      text not null,
  station_id       text not null,
  bay_id           text not null,
  bay_state        text not null,
  truck_id         text,
  step             text,
  crane_x_m        real not null,
  crane_y_m        real not null,
  crane_z_m        real not null,
  load_kg          real not null,
  lock_sensors     text not null,
  hv_off           boolean not null,
  wheel_chock      boolean not null,
  person_detected  boolean not null,
  ts_event         timestamptz not null,
  ts_ingest        timestamptz not null,
  boot_id          integer not null,
  seq              bigint not null,
  backfill         boolean not null,
  q                text[] not null,
  unique (platform_id, bay_id, ts_event, boot_id, seq)
);
create index telemetry_bay_ingest on telemetry_bay using brin (ts_ingest);

-- Changes of state of actors, in scope time; `ordinal` tells apart those of one instant.
create table actor_transition (
  platform_id text not null,
  machine     text not null,
  id          text not null,
  at          timestamptz not null,
  batch_no    bigint not null,
  ordinal     integer not null,
  from_state  text not null,
  to_state    text not null,
  event       text not null,
  unique (platform_id, machine, id, at, batch_no, ordinal)
);

-- How far the maintained rollups have come, by wall time of ingest.
create table rollup_position (
  rollup       text primary key,
  rolled_until timestamptz not null
);
