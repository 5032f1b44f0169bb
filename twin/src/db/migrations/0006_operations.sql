create table alarm (
  platform_id text not null references platform,
  alarm_id    text not null,
  code        text not null,
  level       smallint not null check (level between 1 and 3),
  scope       text not null,
  scope_id    text not null,
  detail      text not null,
  raised_at   timestamptz not null,
  cleared_at  timestamptz,
  primary key (platform_id, alarm_id)
);
create index alarm_open on alarm (platform_id, raised_at desc) where cleared_at is null;
create index alarm_time on alarm (platform_id, raised_at desc);

create table notification (
  platform_id     text not null references platform,
  notification_no bigint generated always as identity,
  -- `principal:<id>`, `truck:<id>`, …
  recipient       text not null,
  title           text not null,
  body            text not null,
  at              timestamptz not null,
  read_at         timestamptz,
  primary key (platform_id, notification_no)
);
create index notification_recipient on notification (platform_id, recipient, notification_no desc);

-- Who changed what. Never changed, never deleted.
create table audit_log (
  platform_id  text not null references platform,
  audit_no     bigint generated always as identity,
  -- Wall time and scope time.
  recorded_at  timestamptz not null default now(),
  at           timestamptz not null,
  user_id      text not null,
  principal_id text,
  action       text not null,
  entity_kind  text not null,
  entity_id    text not null,
  before       jsonb,
  after        jsonb,
  request_id   text,
  primary key (platform_id, audit_no)
);
create index audit_log_entity on audit_log (platform_id, entity_kind, entity_id, audit_no desc);
create trigger audit_log_immutable before update or delete on audit_log
  for each row execute function refuse_change();
create trigger audit_log_not_truncated before truncate on audit_log
  for each statement execute function refuse_change();
