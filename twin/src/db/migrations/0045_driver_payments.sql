-- A driver pays in for his carrier from the road, and sees what became of his own payments; not what others paid in.
alter table payment add column driver_id text;
alter table payment add constraint payment_by_driver check (driver_id is null or direction = 'TOP_UP');
create index payment_driver on payment (platform_id, driver_id, requested_at desc, payment_id desc) where driver_id is not null;

drop policy read_own on payment;
create policy read_own on payment for select to corridor_app
  using ((select caller_sees_all()) or principal_id = caller_principal() or driver_id = caller_driver());
