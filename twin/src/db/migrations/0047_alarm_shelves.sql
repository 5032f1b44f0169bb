-- Alarms that people put aside for a time (ISA-18.2, shelving): by what they say of which thing, so that it holds also when they come again.
-- Over at `shelved_until` by itself, or at `taken_back_at`; kept, so that the past shows what was put aside then.
create table alarm_shelf (
  platform_id   text not null,
  shelf_no      bigint generated always as identity,
  code          text not null,
  scope         text not null,
  scope_id      text not null,
  shelved_at    timestamptz not null,
  shelved_until timestamptz not null,
  shelved_by    text not null,
  reason        text not null,
  taken_back_at timestamptz,
  -- null also where it was put aside anew before it was over.
  taken_back_by text,
  primary key (platform_id, shelf_no),
  check (shelved_until > shelved_at)
);
create index alarm_shelf_end on alarm_shelf (platform_id, least(shelved_until, taken_back_at));
create index alarm_shelf_point on alarm_shelf (platform_id, scope, scope_id, code);
alter table alarm_shelf enable row level security;
create policy read_own on alarm_shelf for select to corridor_app
  using (caller_sees(platform_id, scope, scope_id, shelved_at) or (scope = 'pack' and caller_holds_pack(platform_id, scope_id)));
grant select on alarm_shelf to corridor_app;
-- Histories of one code, of one thing.
create index alarm_code_time on alarm (platform_id, code, raised_at desc);
create index alarm_past_code_time on alarm_past (platform_id, code, raised_at desc);
