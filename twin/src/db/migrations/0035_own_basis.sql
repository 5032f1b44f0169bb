-- What a bill was made of, as far as the caller is paid by it: whole for who pays and the platform; else an operator sees what lay in the packs
-- at his own station, not the owners' rates, an owner his own packs, not at what they were charged, and who only issued an offer or funds a
-- discount neither. The table itself shows all of a bill, so nobody reads it any more.
create function seen_leg(leg json, of_station boolean) returns json language plpgsql stable parallel safe as $$
begin
  if json_typeof(leg) = 'null' then return leg; end if;
  if not of_station and leg->>'ownerId' is distinct from caller_principal() then return null; end if;
  return leg::jsonb || case when of_station then '{}' else '{"lots": null}' end::jsonb
                    || case when leg->>'ownerId' = caller_principal() then '{}' else '{"rentNanoYuanPerKwh": null}' end::jsonb;
end $$;
create function seen_basis(platform text, basis json) returns json language plpgsql stable parallel safe as $$
declare
  of_station boolean;
begin
  if caller_rights() in ('ALL', 'CARRIER') then return basis; end if;
  of_station := caller_owned(platform, 'STATION', basis->>'stationId', to_timestamp((basis->>'ratedAtMs')::numeric / 1000));
  return basis::jsonb || jsonb_build_object('usage', null, 'out', seen_leg(basis->'out', of_station), 'in', seen_leg(basis->'in', of_station));
end $$;
create view seen_order_basis with (security_barrier) as
  select platform_id, order_id, seen_basis(platform_id, basis) as basis, json_typeof(basis->'out') = 'null' as is_credit, billed_at
    from order_basis b
   where (select caller_sees_all()) or (caller_rights() <> 'DRIVER' and caller_sees_order(platform_id, order_id));
drop policy read_own on order_basis;
revoke select on order_basis from corridor_app;
grant select on seen_order_basis to corridor_app;
