-- Agreements by two persons: drafted by one, approved by another of each party, in force from their date, withdrawn only before. What
-- was registered at the first start has nobody who drafted it.

alter table tariff
  add column drafted_by   text,
  add column drafted_at   timestamptz,
  add column approved_at  timestamptz,
  add column withdrawn_by text,
  add column withdrawn_at timestamptz;
alter table contract
  add column drafted_by   text,
  add column drafted_at   timestamptz,
  add column approved_at  timestamptz,
  add column withdrawn_by text,
  add column withdrawn_at timestamptz;
alter table contract drop constraint contract_state_check;
alter table contract add constraint contract_state_check check (state in ('DRAFT', 'APPROVED', 'ENDED', 'WITHDRAWN'));
alter table alliance
  add column state        text not null default 'APPROVED' check (state in ('DRAFT', 'APPROVED', 'WITHDRAWN')),
  add column drafted_by   text,
  add column drafted_at   timestamptz,
  add column approved_by  text,
  add column approved_at  timestamptz,
  add column withdrawn_by text,
  add column withdrawn_at timestamptz;

-- Who agreed for which party, once each.
create table agreement_approval (
  platform_id  text not null references platform,
  kind         text not null check (kind in ('TIME_OF_USE', 'STATION_RATE', 'BATTERY_RATE', 'CONTRACT', 'ALLIANCE')),
  agreement_id text not null,
  principal_id text not null,
  user_id      text not null,
  approved_at  timestamptz not null,
  primary key (platform_id, kind, agreement_id, principal_id),
  foreign key (platform_id, principal_id) references principal
);
create trigger agreement_approval_immutable before update or delete on agreement_approval for each row execute function refuse_change();
create trigger agreement_approval_not_truncated before truncate on agreement_approval for each statement execute function refuse_change();

create function refuse_change_of_agreement() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.definition is distinct from new.definition then
    raise exception 'an agreement is never edited: % of % refused', lower(tg_op), tg_table_name
      using errcode = 'restrict_violation', hint = 'draft a new version that begins later';
  end if;
  return new;
end $$;
create trigger tariff_unedited before update or delete on tariff for each row execute function refuse_change_of_agreement();
create trigger contract_unedited before update or delete on contract for each row execute function refuse_change_of_agreement();
create trigger alliance_unedited before update or delete on alliance for each row execute function refuse_change_of_agreement();

-- All of them, with who has to agree: the same as `partiesOf` of the program, by who operates a station now.
create view agreement as
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
                union select s.operator_id from jsonb_array_elements_text(a.definition->'stationIds') as i(id)
                        join station s on s.platform_id = a.platform_id and s.station_id = i.id
                union select id from jsonb_array_elements_text(a.definition->'packOwnerIds') as o(id) order by 1),
         coalesce(a.drafted_at, a.registered_at), a.drafted_by, a.approved_at, a.withdrawn_at, a.withdrawn_by
    from alliance a;

-- Parties see theirs; of what is approved, everybody the tariffs of the grids, and a carrier what it pays by: alliances that its
-- contracts name, and rates and tariffs of their stations. Nobody sees another's contract or an owner's rate card.
create view seen_agreement with (security_barrier) as
  select g.*
    from agreement g
   where (select caller_sees_all())
      or (select caller_principal()) = any(g.party_ids)
      or (g.state = 'APPROVED' and (select caller_principal()) is not null and case
            when g.kind = 'TIME_OF_USE' and not g.definition ? 'stationId' then true
            when g.kind in ('TIME_OF_USE', 'STATION_RATE') then exists (
              select from contract c join alliance a on a.platform_id = c.platform_id and c.definition->'allianceIds' ? a.alliance_id
               where c.platform_id = g.platform_id and c.carrier_id = (select caller_principal()) and c.state = 'APPROVED'
                 and a.definition->'stationIds' ? (g.definition->>'stationId'))
            when g.kind = 'ALLIANCE' then exists (
              select from contract c where c.platform_id = g.platform_id and c.carrier_id = (select caller_principal())
                 and c.definition->'allianceIds' ? g.agreement_id)
            else false end);
alter table agreement_approval enable row level security;
create policy read_all on agreement_approval for select to corridor_app
  using (exists (select from seen_agreement g where g.platform_id = agreement_approval.platform_id and g.kind = agreement_approval.kind
                    and g.agreement_id = agreement_approval.agreement_id));
grant select on seen_agreement, agreement_approval to corridor_app;

-- Parties read who did what to an agreement.
create function caller_agrees(platform text, id text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return caller_sees_all() or exists (select from agreement g where g.platform_id = platform and g.agreement_id = id and caller_principal() = any(g.party_ids));
end $$;
create policy read_agreements on audit_log for select to corridor_app
  using (entity_kind = 'agreement' and caller_agrees(platform_id, entity_id));
