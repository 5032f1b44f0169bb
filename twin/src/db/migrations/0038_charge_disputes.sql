-- A charge beside swaps is disputed and corrected like the bill of an order: each dispute and each correction is of one of the two.
alter table dispute alter column order_id drop not null;
alter table dispute
  add column charge_id text,
  add foreign key (platform_id, charge_id) references charge,
  add constraint dispute_of_one_bill check (num_nonnulls(order_id, charge_id) = 1);
-- One open objection of a party to a charge at a time.
create unique index dispute_charge_open on dispute (platform_id, charge_id, principal_id) where state = 'OPEN' and charge_id is not null;

alter table correction alter column order_id drop not null;
alter table correction
  add column charge_id text,
  add foreign key (platform_id, charge_id) references charge,
  add constraint correction_of_one_bill check (num_nonnulls(order_id, charge_id) = 1),
  -- No meter measures a charge.
  add constraint correction_of_charge check (charge_id is null or cause = 'DISPUTE');
create index correction_charge on correction (platform_id, charge_id) where charge_id is not null;
grant select (charge_id) on correction to corridor_app;

-- A dispute is shown to its parties: who raised it, who pays the bill, who earns from it.
drop policy read_own on dispute;
create policy read_own on dispute for select to corridor_app
  using ((select caller_sees_all()) or principal_id = caller_principal()
         or case when charge_id is null then caller_settles_order(platform_id, order_id) else caller_sees_charge(platform_id, charge_id) end);

-- So is what people did to a charge; by how much each line of it changed, to who pays it: who earns from it reads its own in the correction.
create policy read_charges on audit_log for select to corridor_app
  using (entity_kind = 'charge' and caller_sees_charge(platform_id, entity_id)
         and (caller_rights() in ('ALL', 'CARRIER') or action <> 'correction.book'));
