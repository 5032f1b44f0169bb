-- A carrier reads the rates of the stations that its contracts reach, those that begin while one of them is in force: of a contract that is
-- over what held then, and nothing that is new. Alliances never change once they are agreed, so that they have no such end.

-- By station, `<platform>:<station>`, the last day on which a contract of the caller reaches it.
create function caller_reach() returns jsonb
  language sql stable parallel safe security definer set search_path = public, pg_temp as $$
  select coalesce(jsonb_object_agg(station, last_day), '{}')
    from (select c.platform_id || ':' || s.id as station, max(c.valid_until) as last_day
            from contract c cross join jsonb_array_elements_text(c.definition->'allianceIds') as i(id)
            join alliance a on a.platform_id = c.platform_id and a.alliance_id = i.id and a.state = 'APPROVED'
           cross join unnest(alliance_reach(a.platform_id, a.definition, 'stationIds', '{}')) as s(id)
           where c.carrier_id = caller_principal() and c.state = 'APPROVED' group by 1) reached $$;

create or replace view seen_agreement with (security_barrier) as
  select g.*
    from agreement g
   where (select caller_sees_all())
      or (select caller_principal()) = any(g.party_ids)
      or (g.state = 'APPROVED' and (select caller_principal()) is not null and case
            when g.kind = 'TIME_OF_USE' and not g.definition ? 'stationId' then true
            when g.kind in ('TIME_OF_USE', 'STATION_RATE')
              then g.begins_on <= ((select caller_reach())->>(g.platform_id || ':' || (g.definition->>'stationId')))::date
            when g.kind = 'ALLIANCE' then g.platform_id || ':' || g.agreement_id = any((select caller_alliances())::text[])
            else false end);

drop function caller_stations();
