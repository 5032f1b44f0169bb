/** Version of the tables below; a newer file is refused, an older one is migrated here when there is one. */
export const JOURNAL_VERSION = 1;

/**
 * Tables of a gateway's journal. `event` is the EVT lane in publishing order (id); `state` holds what the gateway must
 * know after a kill, as JSON by key; `order_log` is the station's own record of every swap, also of those without a platform;
 * `page_act` is who did what on the station's page.
 */
export const JOURNAL_TABLES = `
create table if not exists meta (key text primary key, value text not null) without rowid;
create table if not exists event (
  id integer primary key autoincrement,
  boot_id integer not null,
  seq integer not null,
  subject text not null,
  schema text not null,
  at_ms integer not null,
  q text not null,
  data text not null,
  unique (boot_id, seq)
);
create table if not exists command (
  command_id text primary key,
  verb text not null,
  received_at_ms integer not null,
  args text not null,
  reply text not null,
  result text
) without rowid;
create table if not exists state (key text primary key, value text not null) without rowid;
create table if not exists order_log (
  order_no text primary key,
  request_id integer not null unique,
  truck_id text,
  opened_at_ms integer not null,
  ended_at_ms integer,
  outcome text,
  record text not null
) without rowid;
create table if not exists page_act (
  act_id integer primary key autoincrement,
  at_ms integer not null,
  person text,
  act text not null
);
`;

/** Telemetry that could not be sent; losing its tail in a power cut is allowed, so it is not synced message by message. */
export const BUFFER_TABLES = `
create table if not exists message (
  id integer primary key autoincrement,
  subject text not null,
  boot_id integer not null,
  seq integer not null,
  schema text not null,
  at_ms integer not null,
  data text not null
);
create table if not exists meta (key text primary key, value text not null) without rowid;
`;
