-- Whose rows are whose, in the database itself: what a query of the HTTP side forgets to filter, it does not get. That side reads as
-- corridor_app, which owns nothing, in transactions that say for whom (corridor.rights, corridor.principal, corridor.driver). Whoever says
-- nothing sees nothing. The writer owns the tables and is not bound by this.
do $$
begin
  create role corridor_app nologin;
exception
  when duplicate_object or unique_violation then null; -- another database of the same server made it
  when insufficient_privilege then
    raise exception 'the role corridor_app is missing and % may not create roles', current_user
      using hint = 'as a superuser: create role corridor_app nologin; grant corridor_app to the role of DATABASE_URL';
end $$;
do $$
begin
  execute format('grant corridor_app to %I', current_user);
exception
  when insufficient_privilege then
    -- Whoever made the role beforehand granted it too.
    if not pg_has_role(current_user, 'corridor_app', 'member') then raise; end if;
end $$;

create function caller_rights() returns text language sql stable parallel safe as $$ select coalesce(current_setting('corridor.rights', true), '') $$;
-- Principal whose books the caller may read; null for drivers, guests and the platform.
create function caller_principal() returns text language sql stable parallel safe as $$ select nullif(current_setting('corridor.principal', true), '') $$;
create function caller_driver() returns text language sql stable parallel safe as $$ select nullif(current_setting('corridor.driver', true), '') $$;
create function caller_sees_all() returns boolean language sql stable parallel safe as $$ select caller_rights() = 'ALL' $$;

-- The functions below look into tables that the caller may not read whole, so they run as their owner; they tell of the caller only.
-- PL/pgSQL, because it keeps its plans: as SQL functions, one in another, they would be planned anew for each row.
create function caller_owned(platform text, kind text, id text, at timestamptz) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return caller_sees_all() or exists (
    select from ownership o where o.platform_id = platform and o.asset_kind = kind and o.asset_id = id and o.principal_id = caller_principal()
       and at >= o.valid_from and (o.valid_until is null or at < o.valid_until));
end $$;
create function caller_owns(platform text, kind text, id text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return caller_sees_all() or exists (
    select from ownership o where o.platform_id = platform and o.asset_kind = kind and o.asset_id = id and o.principal_id = caller_principal()
       and o.valid_until is null);
end $$;
create function caller_drives(platform text, truck text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return exists (select from driver d where d.platform_id = platform and d.driver_id = caller_driver() and truck = any(d.truck_ids)
                    and d.deregistered_at is null);
end $$;
-- Whoever issued an offer or funds a discount has a part in orders of others.
create function caller_shares(platform text, order_no text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return exists (select from clearing_entry c where c.platform_id = platform and c.order_id = order_no and c.principal_id = caller_principal());
end $$;
create function caller_has_order(platform text, order_no text, carrier text, driver text, station text, packs text[], at timestamptz) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return case caller_rights()
    when 'ALL' then true
    when 'CARRIER' then carrier = caller_principal()
    when 'DRIVER' then driver = caller_driver()
    when 'STATION_OPERATOR' then caller_owned(platform, 'STATION', station, at) or caller_shares(platform, order_no)
    when 'BATTERY_OWNER' then caller_shares(platform, order_no)
      or exists (select from unnest(packs) as p(id) where caller_owned(platform, 'PACK', p.id, at))
    else false end;
end $$;
create function caller_sees_order(platform text, id text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return exists (select from swap_order o where o.platform_id = platform and o.order_id = id
     and caller_has_order(o.platform_id, o.order_id, o.carrier_id, o.driver_id, o.station_id, array[o.return_pack_id, o.issue_pack_id], o.created_at));
end $$;
create function caller_sees_swap(platform text, id text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return exists (select from swap w where w.platform_id = platform and w.swap_id = id
     and (caller_owned(platform, 'STATION', w.station_id, w.began_at) or caller_sees_order(platform, w.order_id)));
end $$;
create function caller_has_account(platform text, id text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return caller_sees_all() or exists (select from account a where a.platform_id = platform and a.account_id = id
     and a.principal_id = caller_principal());
end $$;
-- Who has a pack now: the operator of the station, the carrier or the driver of the truck.
create function caller_holds_pack(platform text, pack text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return exists (select from custody c where c.platform_id = platform and c.pack_id = pack and c.until is null and
    case when c.place_kind = 'TRUCK' then caller_owns(platform, 'TRUCK', c.place_id) or caller_drives(platform, c.place_id)
         when c.place_kind in ('SLOT', 'TRANSFER') then caller_owns(platform, 'STATION', regexp_replace(c.place_id, '-[^-]*$', ''))
         else false end);
end $$;
-- Things by the names that alarms and actors have. `at`: of something that happened then; null: now.
create function caller_sees(platform text, kind text, id text, at timestamptz) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return caller_sees_all() or case
    when kind = 'station' then caller_owned(platform, 'STATION', id, coalesce(at, 'infinity'))
    when kind in ('bay', 'slot') then caller_owned(platform, 'STATION', regexp_replace(id, '-[^-]*$', ''), coalesce(at, 'infinity'))
    when kind = 'swap' then caller_sees_swap(platform, id) or caller_owned(platform, 'STATION', regexp_replace(id, '-[^-]*$', ''), coalesce(at, 'infinity'))
    when kind = 'gateway' then caller_owned(platform, 'STATION', id, coalesce(at, 'infinity'))
                            or caller_owned(platform, 'TRUCK', id, coalesce(at, 'infinity')) or caller_drives(platform, id)
    when kind = 'truck' then caller_owned(platform, 'TRUCK', id, coalesce(at, 'infinity')) or caller_drives(platform, id)
    when kind = 'pack' then caller_owned(platform, 'PACK', id, coalesce(at, 'infinity'))
    when kind = 'account' then id = caller_principal()
    when kind = 'order' then caller_sees_order(platform, id)
    else false end;
end $$;

-- Every table is closed first; what has no policy below is not for the HTTP side's readers at all.
do $$
declare
  name text;
begin
  for name in
    select c.relname from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'schema_migration'
       -- Time series are hypertables where the server can: they are read through the views at the end.
       and c.relname not like 'telemetry\_%' and c.relname <> 'actor_transition' and c.relname not like '%\_rollup%'
  loop
    execute format('alter table %I enable row level security', name);
  end loop;
end $$;

grant usage on schema public to corridor_app;

-- Who takes part, and where, is known to all who are signed in.
create policy read_all on principal for select to corridor_app using (true);
create policy read_all on station for select to corridor_app using (true);
create policy read_all on bay for select to corridor_app using (true);
create policy read_all on slot for select to corridor_app using (true);
create policy read_all on pack_type for select to corridor_app using (true);
grant select on principal, station, bay, slot, pack_type to corridor_app;

create policy read_own on pack for select to corridor_app using (caller_owns(platform_id, 'PACK', pack_id) or caller_holds_pack(platform_id, pack_id));
create policy read_own on truck for select to corridor_app
  using (caller_owns(platform_id, 'TRUCK', truck_id) or caller_drives(platform_id, truck_id));
create policy read_own on driver for select to corridor_app
  using ((select caller_sees_all()) or carrier_id = caller_principal() or driver_id = caller_driver());
create policy read_own on ownership for select to corridor_app using ((select caller_sees_all()) or principal_id = caller_principal());
grant select on pack, truck, ownership to corridor_app;
-- Not the token: it is the driver's key.
grant select (platform_id, driver_id, carrier_id, name, certified_until, truck_ids, registered_at, deregistered_at) on driver to corridor_app;

create policy read_own on swap_order for select to corridor_app
  using (caller_has_order(platform_id, order_id, carrier_id, driver_id, station_id, array[return_pack_id, issue_pack_id], created_at));
create policy read_own on order_line for select to corridor_app
  using (case when caller_rights() = 'CARRIER' then caller_sees_order(platform_id, order_id)
              else caller_sees_all() or beneficiary_id = caller_principal() end);
create policy read_own on order_basis for select to corridor_app using (caller_rights() <> 'DRIVER' and caller_sees_order(platform_id, order_id));
create policy read_own on clearing_entry for select to corridor_app using ((select caller_sees_all()) or principal_id = caller_principal());
create policy read_own on dispute for select to corridor_app using (caller_rights() <> 'DRIVER' and caller_sees_order(platform_id, order_id));
create policy read_own on swap for select to corridor_app using (caller_sees_swap(platform_id, swap_id));
create policy read_own on swap_event for select to corridor_app
  using (caller_rights() <> 'DRIVER' and ((select caller_sees_all()) or caller_sees_swap(platform_id, swap_id)));
create policy read_own on reservation for select to corridor_app using (caller_sees_order(platform_id, order_id));
create policy read_own on energy_lot for select to corridor_app using (caller_owns(platform_id, 'PACK', pack_id));
create policy read_own on custody for select to corridor_app using (caller_owned(platform_id, 'PACK', pack_id, since));
-- Orders with what the caller may see of them: what is paid is shown to who pays, the energy of a pack not to the owners of others.
create view seen_order with (security_barrier) as
  select platform_id, order_id, state, reason, initiation, station_id, bay_id, request_id, truck_id, driver_id, carrier_id, return_pack_id,
         issue_pack_id,
         case when caller_rights() in ('ALL', 'CARRIER', 'DRIVER') then quoted_fen end as quoted_fen,
         case when caller_rights() in ('ALL', 'CARRIER', 'DRIVER') then held_fen end as held_fen,
         case when caller_rights() in ('ALL', 'CARRIER', 'DRIVER') then payable_fen end as payable_fen,
         case when caller_rights() in ('ALL', 'CARRIER', 'DRIVER') then released_fen end as released_fen,
         case when caller_rights() <> 'BATTERY_OWNER' or caller_owned(platform_id, 'PACK', return_pack_id, created_at) then energy_in_wh end
           as energy_in_wh,
         case when caller_rights() <> 'BATTERY_OWNER' or caller_owned(platform_id, 'PACK', issue_pack_id, created_at) then energy_out_wh end
           as energy_out_wh,
         case when caller_rights() in ('ALL', 'CARRIER') then quote end as quote, created_at, updated_at
    from swap_order o
   where (select caller_sees_all())
      or caller_has_order(platform_id, order_id, carrier_id, driver_id, station_id, array[return_pack_id, issue_pack_id], created_at);

-- How the total of an order is made up, without whose it is and at which rates: what a driver sees of a bill.
create view seen_order_split with (security_barrier) as
  select platform_id, order_id, component, sum(quantity)::bigint as quantity, min(unit) as unit, sum(amount_fen)::bigint as amount_fen,
         min(tax_rate_basis_points) as tax_rate_basis_points, min(line_no) as first_line_no
    from order_line l where caller_sees_order(l.platform_id, l.order_id)
   group by platform_id, order_id, component;
-- The table itself without its money: what else is asked of it comes through the view.
grant select (platform_id, order_id, state, reason, initiation, station_id, bay_id, request_id, truck_id, driver_id, carrier_id, return_pack_id,
              issue_pack_id, created_at, updated_at) on swap_order to corridor_app;
grant select on seen_order, seen_order_split, order_line, order_basis, clearing_entry, dispute, swap, swap_event, reservation, energy_lot, custody to corridor_app;

create policy read_own on account for select to corridor_app using ((select caller_sees_all()) or principal_id = caller_principal());
create policy read_own on transfer for select to corridor_app
  using (caller_has_account(platform_id, debit_account_id) or caller_has_account(platform_id, credit_account_id));
-- Hashes, by which everybody can check that nothing was changed.
create policy read_all on ledger_batch for select to corridor_app using ((select caller_sees_all()) or caller_principal() is not null);
create policy read_own on statement for select to corridor_app using ((select caller_sees_all()) or principal_id = caller_principal());
create policy read_own on payment for select to corridor_app using ((select caller_sees_all()) or principal_id = caller_principal());
grant select on account, transfer, ledger_batch, statement, payment to corridor_app;

create policy read_own on alarm for select to corridor_app
  using (caller_sees(platform_id, scope, scope_id, null) or (scope = 'pack' and caller_holds_pack(platform_id, scope_id)));
create policy read_own on notification for select to corridor_app
  using ((select caller_sees_all()) or recipient = 'principal:' || caller_principal() or recipient = 'driver:' || caller_driver()
         or (split_part(recipient, ':', 1) in ('truck', 'station') and caller_sees(platform_id, split_part(recipient, ':', 1), split_part(recipient, ':', 2), null)));
create policy read_own on audit_log for select to corridor_app
  using (caller_rights() <> 'DRIVER' and (caller_sees(platform_id, entity_kind, entity_id, at)
         or (entity_kind = 'principal' and entity_id = caller_principal())));
grant select on alarm, notification, audit_log to corridor_app;

-- Time series, each for its interval of ownership.
create view seen_telemetry_pack with (security_barrier) as
  select * from telemetry_pack t where (select caller_sees_all()) or caller_owned(t.platform_id, 'PACK', t.pack_id, t.ts_event);
create view seen_telemetry_slot with (security_barrier) as
  select * from telemetry_slot t where (select caller_sees_all()) or caller_owned(t.platform_id, 'STATION', t.station_id, t.ts_event)
      or (t.pack_id is not null and caller_owned(t.platform_id, 'PACK', t.pack_id, t.ts_event));
create view seen_telemetry_station with (security_barrier) as
  select * from telemetry_station t where (select caller_sees_all()) or caller_owned(t.platform_id, 'STATION', t.station_id, t.ts_event);
create view seen_telemetry_truck with (security_barrier) as
  select * from telemetry_truck t where (select caller_sees_all()) or caller_owned(t.platform_id, 'TRUCK', t.truck_id, t.ts_event) or caller_drives(t.platform_id, t.truck_id);
create view seen_actor_transition with (security_barrier) as
  select * from actor_transition t where (select caller_sees_all()) or caller_sees(t.platform_id, t.machine, t.id, t.at);
grant select on seen_telemetry_pack, seen_telemetry_slot, seen_telemetry_station, seen_telemetry_truck, seen_actor_transition to corridor_app;
