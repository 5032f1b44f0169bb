-- Payments that really pass a rail: asked for, paid elsewhere, confirmed by a callback or found by asking.

alter table payment drop constraint payment_state_check;
alter table payment add constraint payment_state_check check (state in ('REQUESTED', 'CONFIRMED', 'CLOSED', 'FAILED'));

alter table payment
  -- Our number at the rail, derived from payment_id; null: the payment never passed one.
  add column trade_no      text,
  add column statement_id  text,
  add column cashier_url   text,
  -- Wall time: an order that is not paid until then is closed.
  add column expires_at    timestamptz,
  -- When it was paid, by the rail's clock.
  add column paid_at       timestamptz,
  add column detail        text,
  -- When the rail is asked next, wall time, and how often it was.
  add column next_check_at timestamptz,
  add column checks        integer not null default 0;
create unique index payment_trade_no on payment (platform_id, channel, trade_no) where trade_no is not null;
create index payment_open on payment (platform_id, next_check_at) where state = 'REQUESTED';
create index payment_paid on payment (platform_id, channel, paid_at) where paid_at is not null;

-- A payout is paid out of trades that came in: one part a trade, each with a number of its own at the rail.
create table payment_share (
  platform_id      text not null,
  payment_id       text not null,
  part_no          integer not null,
  share_no         text not null,
  -- The top-up it is paid out of, and the rail's number of that.
  trade_payment_id text not null,
  transaction_id   text not null,
  amount_fen       bigint not null check (amount_fen > 0),
  state            text not null check (state in ('PENDING', 'SUCCESS', 'FAILED')),
  provider_ref     text,
  detail           text,
  finished_at      timestamptz,
  primary key (platform_id, payment_id, part_no),
  foreign key (platform_id, payment_id) references payment,
  foreign key (platform_id, trade_payment_id) references payment
);
create unique index payment_share_no on payment_share (platform_id, share_no);
create index payment_share_trade on payment_share (platform_id, trade_payment_id);

-- Callbacks that were taken: one that comes again is answered, and does nothing.
create table payment_notification (
  platform_id     text not null references platform,
  channel         text not null,
  notification_id text not null,
  event           text not null,
  received_at     timestamptz not null default now(),
  primary key (platform_id, channel, notification_id)
);

-- Where a principal is paid out at a rail.
create table payment_receiver (
  platform_id  text not null,
  principal_id text not null,
  channel      text not null,
  account      text not null,
  name         text not null,
  added_at     timestamptz not null default now(),
  primary key (platform_id, principal_id, channel),
  foreign key (platform_id, principal_id) references principal
);

-- The rail's bill of a day against ours; the newest comparison of each day.
create table payment_reconciliation (
  platform_id   text not null references platform,
  channel       text not null,
  -- Day of the rail, Asia/Shanghai.
  bill_date     date not null,
  compared_at   timestamptz not null,
  bill_rows     integer not null,
  bill_net_fen  bigint not null,
  booked_net_fen bigint not null,
  differences   jsonb not null,
  primary key (platform_id, channel, bill_date)
);
