-- What a gateway reported of a swap is for who was there: who only issued an offer of its order, or funds a discount in it, sees the order and
-- his line of it, as over HTTP.
create function caller_took_part(platform text, swap_no text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return caller_sees_swap(platform, swap_no) and not exists (
    select from swap w join clearing_entry c on c.platform_id = w.platform_id and c.order_id = w.order_id
     where w.platform_id = platform and w.swap_id = swap_no and c.principal_id = caller_principal()
    having count(*) > 0 and bool_and(c.role in ('ISSUER', 'FUNDER')));
end $$;
drop policy read_own on swap_event;
create policy read_own on swap_event for select to corridor_app
  using (caller_rights() <> 'DRIVER' and ((select caller_sees_all()) or caller_took_part(platform_id, swap_id)));
