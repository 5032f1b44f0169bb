-- Who only has a line of an order sees of it in the database what HTTP shows him: the order, its own changes of state, his line and share. Not the
-- swap, what was kept for it, the meter or what people did to it: that is for whose truck, station or pack it was. As `tookPart` and `maySeeOrder`
-- of the program say (twin/src/projection/order-parties.ts).
create function caller_moved(platform text, carrier text, driver text, station text, packs text[], at timestamptz) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return case caller_rights()
    when 'ALL' then true
    when 'CARRIER' then carrier = caller_principal()
    when 'DRIVER' then driver = caller_driver()
    when 'STATION_OPERATOR' then caller_owned(platform, 'STATION', station, at)
    when 'BATTERY_OWNER' then exists (select from unnest(packs) as p(id) where caller_owned(platform, 'PACK', p.id, at))
    else false end;
end $$;
create or replace function caller_has_order(platform text, order_no text, carrier text, driver text, station text, packs text[], at timestamptz)
  returns boolean language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return caller_moved(platform, carrier, driver, station, packs, at)
    or (caller_rights() in ('STATION_OPERATOR', 'BATTERY_OWNER') and caller_shares(platform, order_no));
end $$;
create function caller_moved_in(platform text, order_no text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return exists (select from swap_order o where o.platform_id = platform and o.order_id = order_no
     and caller_moved(o.platform_id, o.carrier_id, o.driver_id, o.station_id, array[o.return_pack_id, o.issue_pack_id], o.created_at));
end $$;
create or replace function caller_sees_swap(platform text, id text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return exists (select from swap w where w.platform_id = platform and w.swap_id = id
     and (caller_owned(platform, 'STATION', w.station_id, w.began_at) or caller_moved_in(platform, w.order_id)));
end $$;
-- Of alarms and the audit log: whom it concerns what became of an order.
create or replace function caller_sees(platform text, kind text, id text, at timestamptz) returns boolean
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
    when kind = 'order' then caller_moved_in(platform, id)
    else false end;
end $$;

create or replace view seen_actor_transition with (security_barrier) as
  select * from actor_transition t where (select caller_sees_all())
     or case when t.machine = 'order' then caller_sees_order(t.platform_id, t.id) else caller_sees(t.platform_id, t.machine, t.id, t.at) end;
-- The state of its swap is part of an order; who drove is told to his carrier.
create or replace view seen_order with (security_barrier) as
  select platform_id, order_id, state, reason, initiation, station_id, bay_id, request_id, truck_id,
         case when caller_rights() in ('ALL', 'CARRIER', 'DRIVER') then driver_id end as driver_id, carrier_id, return_pack_id, issue_pack_id,
         case when caller_rights() in ('ALL', 'CARRIER', 'DRIVER') then quoted_fen end as quoted_fen,
         case when caller_rights() in ('ALL', 'CARRIER', 'DRIVER') then held_fen end as held_fen,
         case when caller_rights() in ('ALL', 'CARRIER', 'DRIVER') then payable_fen end as payable_fen,
         case when caller_rights() in ('ALL', 'CARRIER', 'DRIVER') then released_fen end as released_fen,
         case caller_rights()
           when 'BATTERY_OWNER' then case when caller_owned(platform_id, 'PACK', return_pack_id, created_at) then energy_in_wh end
           when 'STATION_OPERATOR' then case when caller_owned(platform_id, 'STATION', station_id, created_at) then energy_in_wh end
           else energy_in_wh end as energy_in_wh,
         case caller_rights()
           when 'BATTERY_OWNER' then case when caller_owned(platform_id, 'PACK', issue_pack_id, created_at) then energy_out_wh end
           when 'STATION_OPERATOR' then case when caller_owned(platform_id, 'STATION', station_id, created_at) then energy_out_wh end
           else energy_out_wh end as energy_out_wh,
         case when caller_rights() in ('ALL', 'CARRIER') then quote end as quote, created_at, updated_at,
         (select w.state from swap w where w.platform_id = o.platform_id and w.order_id = o.order_id limit 1) as swap_state
    from swap_order o
   where (select caller_sees_all())
      or caller_has_order(platform_id, order_id, carrier_id, driver_id, station_id, array[return_pack_id, issue_pack_id], created_at);
revoke select (driver_id) on swap_order from corridor_app;
-- Of a bill that is not theirs nobody reads what it comes to: who pays it and the drivers see how its total is made up.
create or replace view seen_order_split with (security_barrier) as
  select platform_id, order_id, component, sum(quantity)::bigint as quantity, min(unit) as unit, sum(amount_fen)::bigint as amount_fen,
         min(tax_rate_basis_points) as tax_rate_basis_points, min(line_no) as first_line_no
    from order_line l where caller_rights() in ('ALL', 'CARRIER', 'DRIVER') and caller_sees_order(l.platform_id, l.order_id)
   group by platform_id, order_id, component;

drop policy read_own on swap_event;
create policy read_own on swap_event for select to corridor_app
  using (caller_rights() <> 'DRIVER' and ((select caller_sees_all()) or caller_sees_swap(platform_id, swap_id)));
drop function caller_took_part(text, text);
drop policy read_own on reservation;
create policy read_own on reservation for select to corridor_app using (caller_moved_in(platform_id, order_id));
-- No route shows these to anybody but the platform: energy that was measured is both owners', and at what a pack was charged the operators'.
drop policy read_own on meter_difference;
create policy read_platform on meter_difference for select to corridor_app using ((select caller_sees_all()));
drop policy read_own on energy_lot;
create policy read_platform on energy_lot for select to corridor_app using ((select caller_sees_all()));
-- What was done to an order is the business of who pays it, and of whose station it was: an entry of a repair tells what was measured of both packs.
-- A correction's entry tells by how much each line changed, others' too: who earns from it reads its own in the correction.
drop policy read_own on audit_log;
create policy read_own on audit_log for select to corridor_app
  using (caller_rights() <> 'DRIVER' and case
    when entity_kind = 'order' then (caller_rights() in ('ALL', 'CARRIER') or (caller_rights() = 'STATION_OPERATOR' and action <> 'correction.book'))
                                and caller_sees(platform_id, entity_kind, entity_id, at)
    else caller_sees(platform_id, entity_kind, entity_id, at) or (entity_kind = 'principal' and entity_id = caller_principal()) end);
