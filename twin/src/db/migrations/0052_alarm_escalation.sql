-- An alarm whose level rises while it stands is told anew and has to be seen anew (ISA-18.2): since when it has its level; null: since it was raised.
alter table alarm add column escalated_at timestamptz;
-- What it was until it rose stays among the past ones, and ends there: nothing returned to normal.
alter table alarm_past
  add column escalated_at  timestamptz,
  add column superseded_at timestamptz;
create index alarm_escalated on alarm (platform_id, escalated_at) where escalated_at is not null;
create index alarm_past_escalated on alarm_past (platform_id, escalated_at) where escalated_at is not null;
drop index alarm_past_end;
create index alarm_past_end on alarm_past (platform_id, least(cleared_at, closed_at, superseded_at));

create or replace function keep_past_alarm() returns trigger language plpgsql as $$
begin
  insert into alarm_past (platform_id, alarm_id, code, level, scope, scope_id, detail, args, raised_at, escalated_at, cleared_at, acknowledged_at,
                          acknowledged_by, acknowledge_note, closed_at, closed_by, close_reason, superseded_at)
  values (old.platform_id, old.alarm_id, old.code, old.level, old.scope, old.scope_id, old.detail, old.args, old.raised_at, old.escalated_at,
          old.cleared_at, old.acknowledged_at, old.acknowledged_by, old.acknowledge_note, old.closed_at, old.closed_by, old.close_reason,
          case when old.cleared_at is null and old.closed_at is null then new.escalated_at end);
  return null;
end $$;
drop trigger alarm_begins_anew on alarm;
create trigger alarm_begins_anew after update on alarm for each row
  when (old.raised_at is distinct from new.raised_at or (new.escalated_at is not null and old.escalated_at is distinct from new.escalated_at))
  execute function keep_past_alarm();
