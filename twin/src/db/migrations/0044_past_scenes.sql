-- What a past instant is rebuilt from, beside telemetry, transitions, custody and the ledger: the states that orders and alarms were in
-- before those that their tables hold now.

-- When nothing more was expected of it for the first time: it has left the orders under way.
alter table swap_order add column ended_at timestamptz;
update swap_order set ended_at = updated_at
 where state in ('CLEARED', 'SETTLED', 'REJECTED', 'CANCELLED', 'ABNORMAL', 'REPAIRED', 'WRITTEN_OFF');
create index swap_order_ended on swap_order (platform_id, ended_at desc);
-- Those that were under way for more than a day are found by when they ended, all others by when they began.
create index swap_order_long on swap_order (platform_id, ended_at) where ended_at - created_at > interval '1 day';
create index swap_order_abnormal on swap_order (platform_id, ended_at) where state in ('ABNORMAL', 'REPAIRED', 'WRITTEN_OFF');
grant select (ended_at) on swap_order to corridor_app;

create function note_order_end() returns trigger language plpgsql as $$
begin
  new.ended_at := new.updated_at;
  return new;
end $$;
create trigger swap_order_end before insert or update on swap_order for each row
  when (new.ended_at is null and new.state in ('CLEARED', 'SETTLED', 'REJECTED', 'CANCELLED', 'ABNORMAL', 'REPAIRED', 'WRITTEN_OFF'))
  execute function note_order_end();

-- Each state that an order was in, as its row was. `updated_at` is the instant from which on it was so, scope time; where clocks of
-- stations differ the later `change_no` counts.
create table order_change (
  platform_id    text not null,
  order_id       text not null,
  change_no      bigint generated always as identity,
  state          text not null,
  reason         text,
  initiation     text not null,
  station_id     text not null,
  bay_id         text,
  request_id     integer,
  truck_id       text not null,
  driver_id      text,
  carrier_id     text,
  return_pack_id text,
  issue_pack_id  text,
  quoted_fen     bigint,
  held_fen       bigint,
  payable_fen    bigint,
  released_fen   bigint,
  energy_in_wh   bigint,
  energy_out_wh  bigint,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  primary key (platform_id, order_id, change_no)
);
alter table order_change enable row level security;
create function note_order_change() returns trigger language plpgsql as $$
begin
  insert into order_change (platform_id, order_id, state, reason, initiation, station_id, bay_id, request_id, truck_id, driver_id, carrier_id,
                            return_pack_id, issue_pack_id, quoted_fen, held_fen, payable_fen, released_fen, energy_in_wh, energy_out_wh,
                            created_at, updated_at)
  values (new.platform_id, new.order_id, new.state, new.reason, new.initiation, new.station_id, new.bay_id, new.request_id, new.truck_id,
          new.driver_id, new.carrier_id, new.return_pack_id, new.issue_pack_id, new.quoted_fen, new.held_fen, new.payable_fen,
          new.released_fen, new.energy_in_wh, new.energy_out_wh, new.created_at, new.updated_at);
  return null;
end $$;
create trigger swap_order_changed after insert or update on swap_order for each row execute function note_order_change();

-- An alarm that is raised again after it was over takes its row anew: what it was before stays here.
create table alarm_past (
  platform_id      text not null,
  alarm_id         text not null,
  code             text not null,
  level            smallint not null,
  scope            text not null,
  scope_id         text not null,
  detail           text not null,
  args             jsonb not null,
  raised_at        timestamptz not null,
  cleared_at       timestamptz,
  acknowledged_at  timestamptz,
  acknowledged_by  text,
  acknowledge_note text,
  closed_at        timestamptz,
  closed_by        text,
  close_reason     text
);
create index alarm_past_time on alarm_past (platform_id, raised_at desc);
create index alarm_past_end on alarm_past (platform_id, least(cleared_at, closed_at));
create index alarm_end on alarm (platform_id, least(cleared_at, closed_at));
create function keep_past_alarm() returns trigger language plpgsql as $$
begin
  insert into alarm_past (platform_id, alarm_id, code, level, scope, scope_id, detail, args, raised_at, cleared_at, acknowledged_at,
                          acknowledged_by, acknowledge_note, closed_at, closed_by, close_reason)
  values (old.platform_id, old.alarm_id, old.code, old.level, old.scope, old.scope_id, old.detail, old.args, old.raised_at, old.cleared_at,
          old.acknowledged_at, old.acknowledged_by, old.acknowledge_note, old.closed_at, old.closed_by, old.close_reason);
  return null;
end $$;
create trigger alarm_begins_anew after update on alarm for each row
  when (old.raised_at is distinct from new.raised_at) execute function keep_past_alarm();
-- Whose it was when it was raised.
alter table alarm_past enable row level security;
create policy read_own on alarm_past for select to corridor_app using (caller_sees(platform_id, scope, scope_id, raised_at));
grant select on alarm_past to corridor_app;

-- Swaps of all stations in the order in which they began.
create index swap_began on swap (platform_id, began_at);

-- Where past scenes begin in a database that was there before they were kept; nothing for one that has them from its first instant.
create table scene_history (
  platform_id text primary key references platform,
  begins_at   timestamptz not null
);
alter table scene_history enable row level security;
insert into scene_history (platform_id, begins_at) select platform_id, max(scope_at) from ingest_position group by platform_id;
