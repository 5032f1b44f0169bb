-- Who and what takes part: applied for, certified, active, suspended, left (actors/src/roster). What came with the first start has no
-- row until it first changes, and is active.
create table registration (
  platform_id   text not null references platform,
  kind          text not null check (kind in ('PRINCIPAL', 'STATION', 'PACK', 'TRUCK', 'DRIVER')),
  entity_id     text not null,
  state         text not null check (state in ('APPLIED', 'REJECTED', 'CERTIFIED', 'ACTIVE', 'SUSPENDED', 'DEREGISTERED')),
  -- Whose it is, or is to be; of a principal itself.
  principal_id  text not null,
  -- As it was applied for, without identity data.
  definition    jsonb not null,
  -- Names and numbers of people, AES-256-GCM; `identity_shown` is what may be shown of them.
  identity      bytea,
  identity_key  text,
  identity_shown jsonb,
  -- Why it was rejected or suspended.
  reason        text,
  -- Its number at the certifier, and when that is asked next, wall time.
  check_no      text,
  next_check_at timestamptz,
  checks        integer not null default 0,
  applied_by    text not null,
  applied_at    timestamptz not null,
  changed_at    timestamptz not null,
  primary key (platform_id, kind, entity_id),
  check ((identity is null) = (identity_key is null))
);
create index registration_principal on registration (platform_id, principal_id, kind, entity_id);
create index registration_check on registration (platform_id, next_check_at) where next_check_at is not null;

-- A thing is offered by whom it belongs to and taken by the buyer; it changes hands in the writer's order.
create table ownership_offer (
  platform_id       text not null references platform,
  offer_id          text not null,
  asset_kind        text not null check (asset_kind in ('STATION', 'PACK', 'TRUCK')),
  asset_id          text not null,
  from_principal_id text not null,
  to_principal_id   text not null check (to_principal_id <> from_principal_id),
  state             text not null check (state in ('OPEN', 'ACCEPTED', 'WITHDRAWN')),
  offered_by        text not null,
  offered_at        timestamptz not null,
  ended_by          text,
  ended_at          timestamptz,
  primary key (platform_id, offer_id),
  foreign key (platform_id, from_principal_id) references principal,
  foreign key (platform_id, to_principal_id) references principal
);
create unique index ownership_offer_open on ownership_offer (platform_id, asset_kind, asset_id) where state = 'OPEN';

alter table registration enable row level security;
alter table ownership_offer enable row level security;
create policy read_own on registration for select to corridor_app
  using ((select caller_sees_all()) or principal_id = caller_principal() or (kind = 'DRIVER' and entity_id = caller_driver()));
create policy read_own on ownership_offer for select to corridor_app
  using ((select caller_sees_all()) or caller_principal() in (from_principal_id, to_principal_id));
-- Not the sealed identity: it is opened for one request at a time, and that is written down. Nor the token of a driver.
grant select (platform_id, kind, entity_id, state, principal_id, identity_shown, reason, applied_by, applied_at, changed_at) on registration to corridor_app;
grant select on ownership_offer to corridor_app;

-- What was done to a driver is his carrier's to read.
create function caller_employs(platform text, driver text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return caller_sees_all() or exists (select from driver d where d.platform_id = platform and d.driver_id = driver and d.carrier_id = caller_principal());
end $$;
create policy read_drivers on audit_log for select to corridor_app using (entity_kind = 'driver' and caller_employs(platform_id, entity_id));
