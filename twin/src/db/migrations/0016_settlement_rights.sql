-- Rows of the tables that came with settlement and after, each to whom it belongs; and what the platform's own pages read. What has no
-- policy stays closed to the HTTP side's readers: twin/src/rights/table-rights.test.ts names those tables with a reason each.

-- Whether a correction changes what the caller pays or earns.
create function caller_sees_correction(platform text, id text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return caller_sees_all()
    or exists (select from correction c where c.platform_id = platform and c.correction_id = id and c.carrier_id = caller_principal())
    or exists (select from correction_entry e where e.platform_id = platform and e.correction_id = id and e.principal_id = caller_principal());
end $$;
-- Whether an order earns the caller something, or he pays it: who may object to it.
create function caller_settles_order(platform text, order_no text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return caller_sees_all()
    or exists (select from swap_order o where o.platform_id = platform and o.order_id = order_no and o.carrier_id = caller_principal())
    or exists (select from clearing_entry c where c.platform_id = platform and c.order_id = order_no and c.principal_id = caller_principal());
end $$;

-- A dispute is shown to its parties, not to everybody who saw the truck come and go.
drop policy read_own on dispute;
create policy read_own on dispute for select to corridor_app
  using ((select caller_sees_all()) or principal_id = caller_principal() or caller_settles_order(platform_id, order_id));

create policy read_own on settlement_agreement for select to corridor_app
  using ((select caller_sees_all()) or principal_id = caller_principal());
create policy read_own on settlement_split for select to corridor_app
  using ((select caller_sees_all()) or partner_id = caller_principal()
         or exists (select from statement s where s.platform_id = settlement_split.platform_id and s.statement_id = settlement_split.statement_id
                       and s.principal_id = caller_principal()));
grant select on settlement_agreement, settlement_split to corridor_app;

create policy read_own on correction for select to corridor_app using (caller_sees_correction(platform_id, correction_id));
create policy read_own on correction_line for select to corridor_app
  using ((select caller_sees_all()) or beneficiary_id = caller_principal()
         or exists (select from correction c where c.platform_id = correction_line.platform_id and c.correction_id = correction_line.correction_id
                       and c.carrier_id = caller_principal()));
create policy read_own on correction_entry for select to corridor_app using ((select caller_sees_all()) or principal_id = caller_principal());
create policy read_own on meter_difference for select to corridor_app
  using (caller_rights() <> 'DRIVER' and caller_sees_order(platform_id, order_id));
-- Not what the carrier pays in all: that is the sum of the shares of others.
grant select (platform_id, correction_id, order_id, carrier_id, cause, dispute_id, reason, booked_at) on correction to corridor_app;
grant select on correction_line, correction_entry, meter_difference to corridor_app;

-- Read by the platform's pages only.
create policy read_platform on outbox for select to corridor_app using ((select caller_sees_all()));
create policy read_platform on payment_reconciliation for select to corridor_app using ((select caller_sees_all()));
create policy read_platform on tariff for select to corridor_app using ((select caller_sees_all()));
create policy read_platform on contract for select to corridor_app using ((select caller_sees_all()));
grant select on outbox, payment_reconciliation, tariff, contract to corridor_app;
