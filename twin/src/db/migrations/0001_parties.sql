-- Who takes part. Every key begins with the platform: child and peer platforms share tables later.
-- Money is bigint fen, energy bigint Wh, prices bigint nano-yuan per kWh, times timestamptz in scope time unless said
-- otherwise. `definition` is the row as it was registered, in the form of the network file.

create table platform (
  platform_id   text primary key,
  name          text not null,
  registered_at timestamptz not null
);

create table principal (
  platform_id     text not null references platform,
  principal_id    text not null,
  kind            text not null check (kind in ('PLATFORM', 'STATION_OPERATOR', 'BATTERY_OWNER', 'CARRIER')),
  name            text not null,
  name_zh         text not null,
  definition      jsonb not null,
  registered_at   timestamptz not null,
  deregistered_at timestamptz,
  primary key (platform_id, principal_id)
);

-- People and services that signed in; who they are is said by their token.
create table app_user (
  platform_id  text not null references platform,
  user_id      text not null,
  principal_id text,
  roles        text[] not null,
  name         text not null,
  first_seen_at timestamptz not null,
  last_seen_at  timestamptz not null,
  primary key (platform_id, user_id),
  foreign key (platform_id, principal_id) references principal
);

create table driver (
  platform_id     text not null references platform,
  driver_id       text not null,
  carrier_id      text not null,
  name            text not null,
  id_token        text not null,
  id_token_type   text not null,
  certified_until date not null,
  truck_ids       text[] not null,
  definition      jsonb not null,
  registered_at   timestamptz not null,
  deregistered_at timestamptz,
  primary key (platform_id, driver_id),
  foreign key (platform_id, carrier_id) references principal
);
-- Tokens are compared without regard to case.
create unique index driver_token on driver (platform_id, lower(id_token), id_token_type) where deregistered_at is null;
