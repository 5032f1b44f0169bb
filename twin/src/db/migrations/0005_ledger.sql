-- Double entry. Held money is an account, so a hold is a transfer. Transfers never change: a correction is a new one.

create table account (
  platform_id  text not null references platform,
  account_id   text not null,
  -- null for accounts of the payment rails.
  principal_id text,
  kind         text not null check (kind in ('PREPAID', 'HELD', 'DEPOSIT', 'INCOME', 'CLEARING', 'RAIL')),
  -- Sum of credits less debits; kept by the trigger below, never written by hand.
  balance_fen  bigint not null default 0,
  -- The balance may not go below; null: no floor.
  floor_fen    bigint default 0,
  opened_at    timestamptz not null,
  blocked_at   timestamptz,
  primary key (platform_id, account_id),
  foreign key (platform_id, principal_id) references principal,
  constraint account_floor check (floor_fen is null or balance_fen >= floor_fen)
);
create index account_principal on account (platform_id, principal_id);

create table transfer (
  platform_id       text not null,
  transfer_no       bigint generated always as identity,
  key               text not null,
  kind              text not null check (kind in ('TOP_UP', 'ENERGY_DEPOSIT', 'ENERGY_DEPOSIT_REFUND', 'HOLD', 'RELEASE',
                      'SWAP_EXPENSE', 'SWAP_INCOME', 'COMMISSION', 'CORRECTION', 'REFUND', 'PENALTY', 'SETTLEMENT_OUT')),
  debit_account_id  text not null,
  credit_account_id text not null,
  amount_fen        bigint not null check (amount_fen > 0),
  order_id          text,
  -- Scope time of what caused it, and wall time of its record.
  at                timestamptz not null,
  recorded_at       timestamptz not null default now(),
  -- Batch of the writer that recorded it: what a chain of hashes is made over.
  partition_no      smallint not null default 0,
  batch_no          bigint not null,
  primary key (platform_id, transfer_no),
  unique (platform_id, key),
  check (debit_account_id <> credit_account_id),
  foreign key (platform_id, debit_account_id) references account,
  foreign key (platform_id, credit_account_id) references account
);
create index transfer_debit on transfer (platform_id, debit_account_id, transfer_no desc);
create index transfer_credit on transfer (platform_id, credit_account_id, transfer_no desc);
create index transfer_order on transfer (platform_id, order_id) where order_id is not null;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows never change: % refused', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation', hint = 'record a correction instead';
end $$;
create trigger transfer_immutable before update or delete on transfer
  for each row execute function refuse_change();
create trigger transfer_not_truncated before truncate on transfer
  for each statement execute function refuse_change();

-- Balances follow the transfers of a statement, one update per account.
create function book_transfers() returns trigger language plpgsql as $$
begin
  update account a set balance_fen = a.balance_fen + moved.fen
    from (
      select platform_id, account_id, sum(fen)::bigint as fen
        from (select platform_id, debit_account_id as account_id, -amount_fen as fen from booked
              union all
              select platform_id, credit_account_id, amount_fen from booked) sides
       group by platform_id, account_id
      having sum(fen) <> 0
       order by platform_id, account_id
    ) moved
   where a.platform_id = moved.platform_id and a.account_id = moved.account_id;
  return null;
end $$;
create trigger transfer_booked after insert on transfer
  referencing new table as booked for each statement execute function book_transfers();

-- Batches of the writer with their place in the chain of hashes.
create table ledger_batch (
  platform_id   text not null references platform,
  partition_no  smallint not null default 0,
  batch_no      bigint not null,
  transfers     integer not null check (transfers > 0),
  root          bytea not null,
  previous_root bytea,
  chained_at    timestamptz not null default now(),
  primary key (platform_id, partition_no, batch_no)
);

-- Share of a principal in an order.
create table clearing_entry (
  platform_id    text not null,
  order_id       text not null,
  principal_id   text not null,
  role           text not null check (role in ('STATION_OPERATOR', 'BATTERY_OWNER', 'PLATFORM')),
  gross_fen      bigint not null,
  -- As it changes the share: negative is paid to the platform.
  commission_fen bigint not null,
  net_fen        bigint not null,
  cleared_at     timestamptz not null,
  statement_id   text,
  primary key (platform_id, order_id, principal_id, role),
  check (role = 'PLATFORM' or net_fen = gross_fen + commission_fen),
  foreign key (platform_id, order_id) references swap_order
);
create index clearing_entry_principal on clearing_entry (platform_id, principal_id, cleared_at);

create table statement (
  platform_id   text not null references platform,
  statement_id  text not null,
  principal_id  text not null,
  period_from   timestamptz not null,
  period_until  timestamptz not null check (period_until > period_from),
  state         text not null check (state in ('OPEN', 'FROZEN', 'PAID', 'DISPUTED')),
  total_fen     bigint not null,
  content       jsonb not null,
  content_hash  bytea,
  frozen_at     timestamptz,
  paid_at       timestamptz,
  primary key (platform_id, statement_id),
  foreign key (platform_id, principal_id) references principal
);

create table dispute (
  platform_id  text not null references platform,
  dispute_id   text not null,
  order_id     text not null,
  raised_by    text not null,
  reason       text not null,
  state        text not null check (state in ('OPEN', 'UPHELD', 'DISMISSED', 'WITHDRAWN')),
  raised_at    timestamptz not null,
  decided_at   timestamptz,
  decided_by   text,
  decision     text,
  primary key (platform_id, dispute_id),
  foreign key (platform_id, order_id) references swap_order
);

-- Money that moves outside, through a licensed payment rail.
create table payment (
  platform_id  text not null references platform,
  payment_id   text not null,
  principal_id text not null,
  direction    text not null check (direction in ('TOP_UP', 'PAYOUT')),
  channel      text not null,
  amount_fen   bigint not null check (amount_fen > 0),
  state        text not null check (state in ('REQUESTED', 'CONFIRMED', 'FAILED')),
  -- Reference of the provider: a call-back that comes twice counts once.
  provider_ref text,
  transfer_key text,
  requested_by text not null,
  requested_at timestamptz not null,
  settled_at   timestamptz,
  primary key (platform_id, payment_id),
  foreign key (platform_id, principal_id) references principal
);
create unique index payment_provider on payment (platform_id, channel, provider_ref) where provider_ref is not null;
