-- Alliances that are made of others: who agrees to one, and what a carrier sees by it, goes by where it reaches, as `allianceReach` and
-- `partiesOf` of the program say.

-- What an alliance opens, `stationIds` or `packOwnerIds`: its own and its members', and of a sub-network only what the one around it opens too.
-- One that leads back to itself, or is not in force, adds nothing.
create function alliance_reach(platform text, alliance jsonb, field text, above text[]) returns text[]
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
declare
  seen  text[] := above || (alliance->>'id');
  found text[];
  other jsonb;
begin
  if alliance is null or alliance->>'id' = any(above) then return '{}'; end if;
  found := array(select jsonb_array_elements_text(coalesce(alliance->field, '[]')));
  for other in
    select a.definition from jsonb_array_elements_text(coalesce(alliance->'unionOf', '[]')) as m(id)
      join alliance a on a.platform_id = platform and a.alliance_id = m.id and a.state = 'APPROVED'
  loop
    found := found || alliance_reach(platform, other, field, seen);
  end loop;
  if alliance ? 'withinId' then
    select a.definition into other from alliance a
     where a.platform_id = platform and a.alliance_id = alliance->>'withinId' and a.state = 'APPROVED';
    found := array(select unnest(found) intersect select unnest(alliance_reach(platform, other, field, seen)));
  end if;
  return found;
end $$;

-- The alliances that contracts of the caller name, and all those that these are made of, as `<platform>:<alliance>`.
create function caller_alliances() returns text[]
  language sql stable parallel safe security definer set search_path = public, pg_temp as $$
  with recursive named as (
    select c.platform_id, i.id from contract c cross join jsonb_array_elements_text(c.definition->'allianceIds') as i(id)
     where c.carrier_id = caller_principal() and c.state = 'APPROVED'
    union
    select a.platform_id, part.id
      from named n join alliance a on a.platform_id = n.platform_id and a.alliance_id = n.id and a.state = 'APPROVED'
     cross join lateral (select jsonb_array_elements_text(coalesce(a.definition->'unionOf', '[]')) as id
                          union all select a.definition->>'withinId' where a.definition ? 'withinId') part)
  select coalesce(array_agg(platform_id || ':' || id), '{}') from named $$;
-- The stations that contracts of the caller reach, as `<platform>:<station>`.
create function caller_stations() returns text[]
  language sql stable parallel safe security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct c.platform_id || ':' || s.id), '{}')
    from contract c cross join jsonb_array_elements_text(c.definition->'allianceIds') as i(id)
    join alliance a on a.platform_id = c.platform_id and a.alliance_id = i.id and a.state = 'APPROVED'
   cross join unnest(alliance_reach(a.platform_id, a.definition, 'stationIds', '{}')) as s(id)
   where c.carrier_id = caller_principal() and c.state = 'APPROVED' $$;

create or replace view agreement as
  select t.platform_id, t.kind, t.tariff_id as agreement_id, t.subject_id, t.effective_from as begins_on, t.state, t.definition,
         array[case when t.kind = 'BATTERY_RATE' then t.definition->>'ownerId' else coalesce(s.operator_id, t.platform_id) end] as party_ids,
         coalesce(t.drafted_at, t.registered_at) as drafted_at, t.drafted_by, t.approved_at, t.withdrawn_at, t.withdrawn_by
    from tariff t left join station s on s.platform_id = t.platform_id and s.station_id = t.definition->>'stationId'
  union all
  select platform_id, 'CONTRACT', contract_id, carrier_id, valid_from, state, definition, array[platform_id, carrier_id],
         coalesce(drafted_at, registered_at), drafted_by, approved_at, withdrawn_at, withdrawn_by
    from contract
  union all
  select a.platform_id, 'ALLIANCE', a.alliance_id, a.alliance_id, null, a.state, a.definition,
         array(select a.platform_id
                union select s.operator_id
                        from (select jsonb_array_elements_text(a.definition->'stationIds')
                               union select unnest(alliance_reach(a.platform_id, a.definition, 'stationIds', '{}'))) as i(id)
                        join station s on s.platform_id = a.platform_id and s.station_id = i.id
                union select jsonb_array_elements_text(a.definition->'packOwnerIds')
                union select unnest(alliance_reach(a.platform_id, a.definition, 'packOwnerIds', '{}')) order by 1),
         coalesce(a.drafted_at, a.registered_at), a.drafted_by, a.approved_at, a.withdrawn_at, a.withdrawn_by
    from alliance a;

create or replace view seen_agreement with (security_barrier) as
  select g.*
    from agreement g
   where (select caller_sees_all())
      or (select caller_principal()) = any(g.party_ids)
      or (g.state = 'APPROVED' and (select caller_principal()) is not null and case
            when g.kind = 'TIME_OF_USE' and not g.definition ? 'stationId' then true
            when g.kind in ('TIME_OF_USE', 'STATION_RATE')
              then g.platform_id || ':' || (g.definition->>'stationId') = any((select caller_stations())::text[])
            when g.kind = 'ALLIANCE' then g.platform_id || ':' || g.agreement_id = any((select caller_alliances())::text[])
            else false end);
