-- What was agreed, and what it costs. Versions are never changed: a new one begins at its date.

create table alliance (
  platform_id   text not null references platform,
  alliance_id   text not null,
  name          text not null,
  definition    jsonb not null,
  registered_at timestamptz not null,
  primary key (platform_id, alliance_id)
);

create table contract (
  platform_id   text not null references platform,
  contract_id   text not null,
  carrier_id    text not null,
  valid_from    date not null,
  valid_until   date not null check (valid_until >= valid_from),
  state         text not null default 'APPROVED' check (state in ('DRAFT', 'APPROVED', 'ENDED')),
  definition    jsonb not null,
  registered_at timestamptz not null,
  approved_by   text,
  primary key (platform_id, contract_id),
  foreign key (platform_id, carrier_id) references principal
);
create index contract_carrier on contract (platform_id, carrier_id, valid_from);

create table tariff (
  platform_id    text not null references platform,
  tariff_id      text not null,
  kind           text not null check (kind in ('TIME_OF_USE', 'STATION_RATE', 'BATTERY_RATE')),
  -- Grid region, station or battery owner that it is for.
  subject_id     text not null,
  effective_from date not null,
  state          text not null default 'APPROVED' check (state in ('DRAFT', 'APPROVED', 'WITHDRAWN')),
  definition     jsonb not null,
  registered_at  timestamptz not null,
  approved_by    text,
  primary key (platform_id, tariff_id)
);
create index tariff_subject on tariff (platform_id, kind, subject_id, effective_from);
