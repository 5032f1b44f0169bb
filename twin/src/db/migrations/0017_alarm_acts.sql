-- What people do with an alarm. One that nothing returns to normal is over when somebody closes it.
alter table alarm
  -- What it says, by name, for readers of other languages than that of `detail`.
  add column args             jsonb not null default '{}',
  add column acknowledged_at  timestamptz,
  add column acknowledged_by  text,
  add column acknowledge_note text,
  add column closed_at        timestamptz,
  add column closed_by        text,
  add column close_reason     text,
  add constraint alarm_acknowledged check ((acknowledged_at is null) = (acknowledged_by is null)),
  add constraint alarm_closed check ((closed_at is null) = (closed_by is null) and (closed_at is null) = (close_reason is null));
drop index alarm_open;
create index alarm_open on alarm (platform_id, raised_at desc) where cleared_at is null and closed_at is null;

-- Key of the request of a person by which an act was done: the same one again does nothing.
create unique index audit_log_request on audit_log (platform_id, user_id, request_id) where request_id is not null;
