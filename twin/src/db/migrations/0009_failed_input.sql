-- Events on which the writer failed: the next process takes each of them alone, and passes over one that fails again. So
-- one event that finds a bug of ours stops the platform for seconds, not for good.
create table failed_input (
  platform_id text not null references platform,
  src         text not null,
  boot_id     integer not null,
  seq         bigint not null,
  -- How often a batch with it failed; from the second time on it was alone.
  failures    integer not null check (failures >= 1),
  error       text not null,
  failed_at   timestamptz not null default now(),
  primary key (platform_id, src, boot_id, seq)
);
