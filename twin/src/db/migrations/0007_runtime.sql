-- What the writer needs to go on after any kill: evidence, positions, actors, commands. Written with everything else of
-- a batch in one transaction.

-- Every event as it came: evidence of money, never under retention. `payload` is the text received, byte for byte: a
-- JSON type would refuse what only its schema refuses, and could stop the writer.
create table swap_event (
  platform_id text not null references platform,
  -- `station:HH1`, `truck:T001`
  src         text not null,
  boot_id     integer not null,
  seq         bigint not null,
  stream_seq  bigint not null,
  subject     text not null,
  -- Swap it belongs to; null for events of charging, gateway and trucks.
  swap_id     text,
  -- When it happened, corrected for the clock of its source.
  ts_event    timestamptz not null,
  ts_ingest   timestamptz not null,
  skewed      boolean not null,
  -- Why it was refused; null when it was not.
  refusal     text,
  payload     text,
  primary key (platform_id, src, boot_id, seq)
);
create index swap_event_swap on swap_event (platform_id, swap_id, boot_id, seq) where swap_id is not null;
create trigger swap_event_immutable before update or delete on swap_event
  for each row execute function refuse_change();
create trigger swap_event_not_truncated before truncate on swap_event
  for each statement execute function refuse_change();

create table source_position (
  platform_id text not null references platform,
  src         text not null,
  lane        text not null check (lane in ('evt', 'tele')),
  boot_id     integer not null,
  seq         bigint not null,
  primary key (platform_id, src, lane)
);

create table ingest_position (
  platform_id text not null references platform,
  stream      text not null,
  -- Everything up to here is committed.
  stream_seq  bigint not null,
  -- A stream that was made anew counts from 1 again: its position then says nothing.
  stream_created_at timestamptz,
  -- Counts the batches: a second writer finds another number than it expects.
  batch_no    bigint not null,
  scope_at    timestamptz not null,
  -- Whether somebody drives the scope's clock.
  driven      boolean not null,
  primary key (platform_id, stream)
);

-- Actors at rest. `json`, not `jsonb`: it is written often, read once, and keeps what was written.
create table actor_snapshot (
  platform_id text not null references platform,
  machine     text not null,
  id          text not null,
  version     integer not null,
  value       json not null,
  context     json not null,
  due         json not null,
  batch_no    bigint not null,
  primary key (platform_id, machine, id)
) with (fillfactor = 80);

-- Last reported values and which side of their thresholds they are on, written from time to time.
create table signal_checkpoint (
  platform_id text not null references platform,
  kind        text not null,
  id          text not null,
  boot_id     integer not null,
  seq         bigint not null,
  reported_at timestamptz,
  content     json not null,
  primary key (platform_id, kind, id)
) with (fillfactor = 80);

create table outbox (
  platform_id text not null references platform,
  command_id  text not null,
  order_id    text,
  subject     text not null,
  payload     text not null,
  state       text not null check (state in ('PENDING', 'SENT', 'ACCEPTED', 'REJECTED', 'DONE', 'FAILED', 'EXPIRED')),
  -- Reason or result as the gateway put it.
  detail      text,
  issued_at   timestamptz not null,
  expires_at  timestamptz not null,
  replied_at  timestamptz,
  ended_at    timestamptz,
  primary key (platform_id, command_id)
);
create index outbox_open on outbox (platform_id, issued_at) where state in ('PENDING', 'SENT', 'ACCEPTED');

-- Credentials given to gateways: by the public key they can be revoked. The credentials themselves are not kept.
create table gateway_credential (
  platform_id text not null references platform,
  public_key  text not null,
  gateway_kind text not null check (gateway_kind in ('station', 'truck')),
  gateway_id  text not null,
  issued_at   timestamptz not null,
  issued_by   text not null,
  revoked_at  timestamptz,
  revoked_by  text,
  primary key (platform_id, public_key)
);
create index gateway_credential_gateway on gateway_credential (platform_id, gateway_kind, gateway_id);
