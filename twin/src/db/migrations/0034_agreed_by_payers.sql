-- Whoever pays by an agreement agrees to it: of a contract the issuer of its offer and who funds its discounts, of a settlement agreement
-- whose income is shared and every partner. What was agreed before stays as it is, and is shown to them too.

-- As `partiesOfContract` of the program says: both sides first.
create function contract_parties(platform text, carrier text, contract jsonb) returns text[]
  language sql immutable parallel safe as $$
  select array(select id
                 from (select platform as id, 0 as place union all select carrier, 1 union all select contract->'billing'->>'issuerId', 2
                       union all select incentive->>'funderId', 2 from jsonb_array_elements(coalesce(contract->'incentives', '[]')) as i(incentive)) named
                where id is not null group by id order by min(place), id collate "C") $$;

create or replace view agreement as
  select t.platform_id, t.kind, t.tariff_id as agreement_id, t.subject_id, t.effective_from as begins_on, t.state, t.definition,
         array[case when t.kind = 'BATTERY_RATE' then t.definition->>'ownerId' else coalesce(s.operator_id, t.platform_id) end] as party_ids,
         coalesce(t.drafted_at, t.registered_at) as drafted_at, t.drafted_by, t.approved_at, t.withdrawn_at, t.withdrawn_by
    from tariff t left join station s on s.platform_id = t.platform_id and s.station_id = t.definition->>'stationId'
  union all
  select platform_id, 'CONTRACT', contract_id, carrier_id, valid_from, state, definition, contract_parties(platform_id, carrier_id, definition),
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

-- The platform, which carries it out, whose income it is, and its partners, players of a Shapley rule among them.
create function settlement_parties(platform text, principal text, agreement jsonb) returns text[]
  language sql immutable parallel safe as $$
  select array(select id
                 from (select platform as id, 0 as place union all select principal, 1
                       union all select partner->>'partnerId', 2 from jsonb_array_elements(coalesce(agreement->'partners', '[]')) as p(partner)
                       union all select player->>'partnerId', 2
                         from jsonb_array_elements(coalesce(agreement->'partners', '[]')) as p(partner)
                        cross join jsonb_array_elements(coalesce(partner->'players', '[]')) as q(player)) named
                where id is not null group by id order by min(place), id collate "C") $$;
alter table settlement_agreement
  add column party_ids text[] not null generated always as (settlement_parties(platform_id, principal_id, definition)) stored;

drop policy read_own on settlement_agreement;
create policy read_own on settlement_agreement for select to corridor_app
  using ((select caller_sees_all()) or (select caller_principal()) = any(party_ids));

-- Their approvals are kept where those of all others are. Two people of the platform agreed to what was approved before.
alter table agreement_approval drop constraint agreement_approval_kind_check;
alter table agreement_approval add constraint agreement_approval_kind_check
  check (kind in ('TIME_OF_USE', 'STATION_RATE', 'BATTERY_RATE', 'CONTRACT', 'ALLIANCE', 'SETTLEMENT'));
insert into agreement_approval (platform_id, kind, agreement_id, principal_id, user_id, approved_at)
  select s.platform_id, 'SETTLEMENT', s.agreement_id, p.principal_id, s.approved_by, s.approved_at
    from settlement_agreement s join principal p on p.platform_id = s.platform_id and p.principal_id = s.platform_id
   where s.approved_by is not null and s.approved_at is not null;
create policy read_settlement on agreement_approval for select to corridor_app
  using (kind = 'SETTLEMENT' and exists (select from settlement_agreement s where s.platform_id = agreement_approval.platform_id
                                            and s.agreement_id = agreement_approval.agreement_id));

-- Who has a line of an order of others (caller_shares) sees that order, and not the energy of packs that are none of his business.
create or replace view seen_order with (security_barrier) as
  select platform_id, order_id, state, reason, initiation, station_id, bay_id, request_id, truck_id, driver_id, carrier_id, return_pack_id,
         issue_pack_id,
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
         case when caller_rights() in ('ALL', 'CARRIER') then quote end as quote, created_at, updated_at
    from swap_order o
   where (select caller_sees_all())
      or caller_has_order(platform_id, order_id, carrier_id, driver_id, station_id, array[return_pack_id, issue_pack_id], created_at);
