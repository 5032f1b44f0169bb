-- Whether a row is the caller's was asked of every row of a list by a function, some 20 us each: a carrier's list of commands took seconds where
-- most commands were for others. What he ever had is now looked up once for a query, and only rows of it are asked about.
create function caller_assets() returns text[] language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return array(select asset_id from ownership where principal_id = caller_principal()
               union select unnest(truck_ids) from driver where driver_id = caller_driver());
end $$;

drop policy read_own on outbox;
create policy read_own on outbox for select to corridor_app
  using ((select caller_sees_all()) or (split_part(subject, '.', 5) in (select unnest(caller_assets()))
         and caller_sees(platform_id, split_part(subject, '.', 4), split_part(subject, '.', 5), issued_at)));
drop policy read_own on lane_gap;
create policy read_own on lane_gap for select to corridor_app
  using ((select caller_sees_all()) or (split_part(source, ':', 2) in (select unnest(caller_assets()))
         and caller_sees(platform_id, split_part(source, ':', 1), split_part(source, ':', 2), from_at)));
-- An hour is told to whose the gateway was at its end.
drop policy read_own on lane_hour;
create policy read_own on lane_hour for select to corridor_app
  using ((select caller_sees_all()) or (split_part(source, ':', 2) in (select unnest(caller_assets()))
         and caller_sees(platform_id, split_part(source, ':', 1), split_part(source, ':', 2), hour + interval '1 hour' - interval '1 ms')));
-- Packs also concern who has them, orders and swaps who has a part in them. Bays and slots are named by their station.
drop policy read_own on alarm;
create policy read_own on alarm for select to corridor_app
  using ((select caller_sees_all()) or ((scope in ('pack', 'order', 'swap', 'account') or scope_id in (select unnest(caller_assets()))
          or regexp_replace(scope_id, '-[^-]*$', '') in (select unnest(caller_assets())))
         and (caller_sees(platform_id, scope, scope_id, null) or (scope = 'pack' and caller_holds_pack(platform_id, scope_id)))));
drop policy read_own on alarm_past;
create policy read_own on alarm_past for select to corridor_app
  using ((select caller_sees_all()) or ((scope in ('pack', 'order', 'swap', 'account') or scope_id in (select unnest(caller_assets()))
          or regexp_replace(scope_id, '-[^-]*$', '') in (select unnest(caller_assets())))
         and caller_sees(platform_id, scope, scope_id, raised_at)));
