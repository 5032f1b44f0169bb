-- What the live data console shows beside readings: the state of health as estimated from them, and how completely each source was heard.

-- Ends of rests of a pack, found in its readings. `energy_wh`: stored since the rest before, positive into the pack; null where readings
-- between them are missing. Each row rests on readings that may be gone.
create table pack_rest (
  platform_id     text not null,
  pack_id         text not null,
  at              timestamptz not null,
  rested_ms       bigint not null,
  soc_percent     real not null,
  sigma_percent   real not null,
  energy_wh       double precision,
  energy_sigma_wh double precision not null,
  primary key (platform_id, pack_id, at)
);
-- One row for each time that new rests told something new; `low_percent` to `high_percent` holds 95 %.
create table pack_soh (
  platform_id   text not null,
  pack_id       text not null,
  estimated_at  timestamptz not null,
  method        text not null,
  soh_percent   real not null,
  low_percent   real not null,
  high_percent  real not null,
  pairs         integer not null,
  first_rest_at timestamptz not null,
  last_rest_at  timestamptz not null,
  primary key (platform_id, pack_id, estimated_at)
);

-- Numbers that a source has given to its messages, by lane and boot. `source`: `station:HH1`, `truck:T001`.
create table lane_boot (
  platform_id text not null,
  source      text not null,
  lane        text not null,
  boot_id     integer not null,
  first_seq   bigint not null,
  last_seq    bigint not null,
  last_at     timestamptz not null,
  primary key (platform_id, source, lane, boot_id)
);
-- Numbers that never came, from one to another, both missing; between the times of the messages before and after them.
create table lane_gap (
  platform_id text not null,
  source      text not null,
  lane        text not null,
  boot_id     integer not null,
  first_seq   bigint not null,
  last_seq    bigint not null,
  from_at     timestamptz not null,
  until_at    timestamptz not null,
  primary key (platform_id, source, lane, boot_id, first_seq)
);
create index lane_gap_time on lane_gap (platform_id, until_at);
-- Messages by the hour in which they happened; what came again or was refused by the hour in which it came.
create table lane_hour (
  platform_id text not null,
  source      text not null,
  lane        text not null,
  hour        timestamptz not null,
  received    integer not null,
  late        integer not null,
  backfilled  integer not null,
  duplicates  integer not null,
  refused     integer not null,
  primary key (platform_id, source, lane, hour)
);

alter table pack_rest enable row level security;
alter table pack_soh enable row level security;
alter table lane_boot enable row level security;
alter table lane_gap enable row level security;
alter table lane_hour enable row level security;
-- Whoever has a pack now sees what it is worth, as he sees what its BMS says; but for the cab, which sees neither.
create policy read_own on pack_rest for select to corridor_app
  using (caller_owned(platform_id, 'PACK', pack_id, at) or (caller_rights() = 'STATION_OPERATOR' and caller_holds_pack(platform_id, pack_id)));
create policy read_own on pack_soh for select to corridor_app
  using (caller_owned(platform_id, 'PACK', pack_id, estimated_at)
         or (caller_rights() = 'STATION_OPERATOR' and caller_holds_pack(platform_id, pack_id)));
create policy read_own on lane_gap for select to corridor_app
  using (caller_sees(platform_id, split_part(source, ':', 1), split_part(source, ':', 2), from_at));
-- An hour is told to whose the gateway was at its end.
create policy read_own on lane_hour for select to corridor_app
  using (caller_sees(platform_id, split_part(source, ':', 1), split_part(source, ':', 2), hour + interval '1 hour' - interval '1 ms'));
grant select on pack_rest, pack_soh, lane_gap, lane_hour to corridor_app;

-- Readings that something is wrong with: to be marked in a chart whose points are means.
create view flagged_telemetry_pack with (security_barrier) as
  select platform_id, pack_id, ts_event, q from telemetry_pack t
   where q <> '{}' and ((select caller_sees_all()) or caller_owned(t.platform_id, 'PACK', t.pack_id, t.ts_event));
create view flagged_telemetry_slot with (security_barrier) as
  select platform_id, station_id, evse_id, ts_event, q from telemetry_slot t
   where q <> '{}' and ((select caller_sees_all()) or caller_owned(t.platform_id, 'STATION', t.station_id, t.ts_event)
      or (t.pack_id is not null and caller_owned(t.platform_id, 'PACK', t.pack_id, t.ts_event)));
create view flagged_telemetry_station with (security_barrier) as
  select platform_id, station_id, ts_event, q from telemetry_station t
   where q <> '{}' and ((select caller_sees_all()) or caller_owned(t.platform_id, 'STATION', t.station_id, t.ts_event));
create view flagged_telemetry_truck with (security_barrier) as
  select platform_id, truck_id, ts_event, q from telemetry_truck t
   where q <> '{}' and ((select caller_sees_all()) or caller_owned(t.platform_id, 'TRUCK', t.truck_id, t.ts_event)
      or caller_drives(t.platform_id, t.truck_id));
grant select on flagged_telemetry_pack, flagged_telemetry_slot, flagged_telemetry_station, flagged_telemetry_truck to corridor_app;
create view seen_telemetry_meter with (security_barrier) as
  select * from telemetry_meter t where (select caller_sees_all()) or caller_owned(t.platform_id, 'STATION', t.station_id, t.ts_event);
create view flagged_telemetry_meter with (security_barrier) as
  select platform_id, station_id, meter_id, ts_event, q from telemetry_meter t
   where q <> '{}' and ((select caller_sees_all()) or caller_owned(t.platform_id, 'STATION', t.station_id, t.ts_event));
grant select on seen_telemetry_meter, flagged_telemetry_meter to corridor_app;
