create table swap_order (
  platform_id    text not null references platform,
  order_id       text not null,
  state          text not null check (state in ('CREATED', 'QUOTED', 'HELD', 'IN_PROGRESS', 'MEASURED', 'BILLED', 'CLEARED',
                   'SETTLED', 'REJECTED', 'CANCELLED', 'ABNORMAL', 'REPAIRED', 'WRITTEN_OFF')),
  reason         text,
  initiation     text not null check (initiation in ('LOCAL', 'REMOTE')),
  station_id     text not null,
  bay_id         text,
  request_id     integer,
  truck_id       text not null,
  driver_id      text,
  carrier_id     text,
  return_pack_id text,
  issue_pack_id  text,
  quoted_fen     bigint,
  held_fen       bigint,
  payable_fen    bigint,
  released_fen   bigint,
  energy_in_wh   bigint,
  energy_out_wh  bigint,
  -- Lines of the quote, as they were shown.
  quote          json,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  -- Whatever ends wrongly says why.
  check (state not in ('REJECTED', 'CANCELLED', 'ABNORMAL') or reason is not null),
  primary key (platform_id, order_id)
);
create index swap_order_time on swap_order (platform_id, created_at desc, order_id desc);
create index swap_order_carrier on swap_order (platform_id, carrier_id, created_at desc);
create index swap_order_station on swap_order (platform_id, station_id, created_at desc);
create index swap_order_truck on swap_order (platform_id, truck_id, created_at desc);
create index swap_order_open on swap_order (platform_id, state)
  where state not in ('CLEARED', 'SETTLED', 'REJECTED', 'CANCELLED', 'REPAIRED', 'WRITTEN_OFF');

create table order_line (
  platform_id          text not null,
  order_id             text not null,
  line_no              integer not null check (line_no >= 1),
  component            text not null,
  leg                  text not null check (leg in ('OUT', 'IN', 'NONE')),
  description          text not null,
  -- Signed; a credit is negative.
  quantity             bigint not null,
  unit                 text not null,
  -- Per kWh, or per swap.
  unit_price_nano_yuan bigint not null,
  amount_fen           bigint not null,
  tax_rate_basis_points integer not null check (tax_rate_basis_points between 0 and 10000),
  beneficiary_id       text not null,
  period               text,
  pack_id              text,
  -- The calculation in words and figures, to recompute by hand.
  derivation           text not null,
  primary key (platform_id, order_id, line_no),
  foreign key (platform_id, order_id) references swap_order
);

create table swap (
  platform_id    text not null references platform,
  swap_id        text not null,
  station_id     text not null,
  request_id     integer not null,
  bay_id         text not null,
  state          text not null,
  step           integer not null,
  truck_id       text,
  order_id       text,
  return_pack_id text,
  issue_pack_id  text,
  reason         text,
  began_at       timestamptz not null,
  updated_at     timestamptz not null,
  ended_at       timestamptz,
  primary key (platform_id, swap_id)
);
create index swap_order_of on swap (platform_id, order_id) where order_id is not null;
create index swap_open on swap (platform_id, station_id) where ended_at is null;
create index swap_time on swap (platform_id, station_id, began_at desc);

-- A charged pack kept for a truck.
create table reservation (
  platform_id text not null references platform,
  order_id    text not null,
  station_id  text not null,
  truck_id    text not null,
  pack_id     text not null,
  evse_id     integer not null,
  reserved_at timestamptz not null,
  expires_at  timestamptz,
  ended_at    timestamptz,
  end_reason  text,
  primary key (platform_id, order_id)
);
create unique index reservation_pack on reservation (platform_id, pack_id) where ended_at is null;

-- Energy in a pack by price, first in the list first used: an order is split over tariff periods by these.
create table energy_lot (
  platform_id             text not null references platform,
  pack_id                 text not null,
  lot_no                  integer not null check (lot_no >= 0),
  energy_wh               bigint not null check (energy_wh >= 0),
  period                  text not null,
  price_nano_yuan_per_kwh bigint not null check (price_nano_yuan_per_kwh >= 0),
  station_id              text not null,
  source                  text not null check (source in ('GRID', 'PV', 'OPENING')),
  changed_at              timestamptz not null,
  primary key (platform_id, pack_id, lot_no)
);

-- Where each pack is and was. A pack is in exactly one open place.
create table custody (
  platform_id text not null references platform,
  custody_no  bigint generated always as identity,
  pack_id     text not null,
  place_kind  text not null check (place_kind in ('TRUCK', 'SLOT', 'TRANSFER', 'STORE')),
  place_id    text not null,
  since       timestamptz not null,
  until       timestamptz,
  order_id    text,
  cause       text not null check (cause in ('SWAP', 'INVENTORY', 'CORRECTION', 'REGISTRATION')),
  primary key (platform_id, custody_no),
  check (until >= since)
);
create unique index custody_open on custody (platform_id, pack_id) where until is null;
create index custody_pack on custody (platform_id, pack_id, since);
create index custody_place on custody (platform_id, place_kind, place_id, since);
