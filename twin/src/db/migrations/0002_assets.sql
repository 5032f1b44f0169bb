-- What takes part. Where a pack is stands in `custody`, what it is worth in `energy_lot`.

create table station (
  platform_id     text not null references platform,
  station_id      text not null,
  operator_id     text not null,
  name            text not null,
  name_zh         text not null,
  chainage_m      double precision not null,
  lat             double precision not null,
  lon             double precision not null,
  grid_region     text not null,
  definition      jsonb not null,
  registered_at   timestamptz not null,
  deregistered_at timestamptz,
  primary key (platform_id, station_id),
  foreign key (platform_id, operator_id) references principal
);

create table bay (
  platform_id text not null,
  bay_id      text not null,
  station_id  text not null,
  bay_no      integer not null check (bay_no >= 1),
  primary key (platform_id, bay_id),
  foreign key (platform_id, station_id) references station
);

create table slot (
  platform_id text not null,
  slot_id     text not null,
  station_id  text not null,
  evse_id     integer not null check (evse_id >= 1),
  primary key (platform_id, slot_id),
  unique (platform_id, station_id, evse_id),
  foreign key (platform_id, station_id) references station
);

create table pack_type (
  platform_id text not null references platform,
  type_code   text not null,
  nominal_wh  bigint not null check (nominal_wh > 0),
  definition  jsonb not null,
  primary key (platform_id, type_code)
);

create table pack (
  platform_id     text not null references platform,
  pack_id         text not null,
  type_code       text not null,
  owner_id        text not null,
  definition      jsonb not null,
  registered_at   timestamptz not null,
  deregistered_at timestamptz,
  primary key (platform_id, pack_id),
  foreign key (platform_id, type_code) references pack_type,
  foreign key (platform_id, owner_id) references principal
);

create table truck (
  platform_id     text not null references platform,
  truck_id        text not null,
  carrier_id      text not null,
  vin             text not null,
  plate           text not null,
  rfid            text not null,
  interface_type  text not null,
  -- Shown from a recording, never dispatched.
  replayed        boolean not null,
  definition      jsonb not null,
  registered_at   timestamptz not null,
  deregistered_at timestamptz,
  primary key (platform_id, truck_id),
  foreign key (platform_id, carrier_id) references principal
);

-- Whose an asset was, and when: history stays visible to a former owner for its own interval.
create table ownership (
  platform_id  text not null references platform,
  asset_kind   text not null check (asset_kind in ('STATION', 'PACK', 'TRUCK')),
  asset_id     text not null,
  principal_id text not null,
  valid_from   timestamptz not null,
  valid_until  timestamptz check (valid_until > valid_from),
  primary key (platform_id, asset_kind, asset_id, valid_from),
  foreign key (platform_id, principal_id) references principal
);
create unique index ownership_now on ownership (platform_id, asset_kind, asset_id) where valid_until is null;
create index ownership_principal on ownership (platform_id, principal_id, asset_kind);
