-- Who told an actor what changed its state: another actor, kind:id; null: a message of a source, a person, a timer, or before this migration.
alter table actor_transition add column told_by text;
-- Who may not see that actor is told its kind only.
create or replace view seen_actor_transition with (security_barrier) as
  select platform_id, machine, id, at, batch_no, ordinal, from_state, to_state, event,
         case when told_by is null or caller_sees(platform_id, split_part(told_by, ':', 1), substr(told_by, strpos(told_by, ':') + 1), at) then told_by
              else split_part(told_by, ':', 1) end as told_by
    from actor_transition t
   where (select caller_sees_all())
      or case when t.machine = 'order' then caller_sees_order(t.platform_id, t.id) else caller_sees(t.platform_id, t.machine, t.id, t.at) end;
