-- Whose a bill is, is looked up by the bill's key. A plan is kept for the connection: made for a caller that pays nothing, it went through the index
-- of the payers, and read all bills of the next caller for each row.
create or replace function caller_pays_charge(platform text, id text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return coalesce((select c.carrier_id from charge c where c.platform_id = platform and c.charge_id = id) = caller_principal(), false);
end $$;
create or replace function caller_sees_charge(platform text, id text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return caller_sees_all() or caller_pays_charge(platform, id)
    or caller_principal() in (select e.principal_id from charge_entry e where e.platform_id = platform and e.charge_id = id);
end $$;
create or replace function caller_shares(platform text, order_no text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return caller_principal() in (select c.principal_id from clearing_entry c where c.platform_id = platform and c.order_id = order_no);
end $$;
create or replace function caller_settles_order(platform text, order_no text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return caller_sees_all() or caller_shares(platform, order_no)
    or coalesce((select o.carrier_id from swap_order o where o.platform_id = platform and o.order_id = order_no) = caller_principal(), false);
end $$;
