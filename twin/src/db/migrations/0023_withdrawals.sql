-- Balance that goes back to a carrier: refunded to the payments it came in by, else paid to its account at the rail.
alter table payment drop constraint payment_direction_check;
alter table payment add constraint payment_direction_check check (direction in ('TOP_UP', 'PAYOUT', 'WITHDRAWAL'));
-- Parts that were refused before somebody asked for it again do not count.
alter table payment add column parts_before integer not null default 0;
alter table payment_share add column kind text not null default 'SHARE' check (kind in ('SHARE', 'REFUND'));
create index payment_time on payment (platform_id, requested_at desc, payment_id desc);
