-- Orders and bills as they were at an instant, to who may see them: the console looks back at money as at everything else.

-- What the database noted last of an order up to then; null: it was not there.
create function order_state_at(platform text, id text, as_of timestamptz) returns text
  language sql stable parallel safe set search_path = public, pg_temp as $$
  select c.state from order_change c where c.platform_id = platform and c.order_id = id and c.updated_at <= as_of order by c.change_no desc limit 1
$$;

-- As in migration 40; `as_of`: orders that were there then, by the state that they were in.
drop function caller_order_page(text, text, text, text, text, text, timestamptz, timestamptz, timestamptz, text, integer);
create function caller_order_page(platform text, in_state text, at_station text, by_truck text, of_carrier text, with_pack text,
                                  since timestamptz, before timestamptz, after_at timestamptz, after_id text, size integer,
                                  as_of timestamptz)
  returns table (order_id text, created_at timestamptz)
  language plpgsql stable parallel restricted rows 50 security definer set search_path = public, pg_temp set jit = off as $$
declare
  page constant text := 'select o.order_id, o.created_at from swap_order o
     where o.platform_id = $1 and ($2 is null or $2 = case when $15 is null then o.state else order_state_at(o.platform_id, o.order_id, $15) end)
       and ($15 is null or o.created_at <= $15) and ($3 is null or o.station_id = $3) and ($4 is null or o.truck_id = $4)
       and ($5 is null or o.carrier_id = $5) and ($6 is null or $6 in (o.return_pack_id, o.issue_pack_id))
       and ($7 is null or o.created_at >= $7) and ($8 is null or o.created_at < $8)
       and ($9 is null or (o.created_at, o.order_id) < ($9, $10)) and %s order by o.created_at desc, o.order_id desc limit $11';
  then_own constant text := 'own.platform_id = o.platform_id and o.created_at >= own.valid_from and (own.valid_until is null or o.created_at < own.valid_until)';
  earned constant text := format(page, 'exists (select from clearing_entry c where c.platform_id = o.platform_id and c.order_id = o.order_id
                                                   and c.principal_id = $12)');
  of_both constant text := 'select * from (%s) moved union select * from (%s) earned order by 2 desc, 1 desc limit $11';
  own_packs text[];
begin
  if caller_rights() = 'BATTERY_OWNER' then
    select array_agg(distinct o.asset_id) into own_packs from ownership o
     where o.platform_id = platform and o.asset_kind = 'PACK' and o.principal_id = caller_principal();
  end if;
  return query execute case caller_rights()
      when 'ALL' then format(page, 'true')
      when 'CARRIER' then format(page, 'o.carrier_id = $12')
      when 'DRIVER' then format(page, 'o.driver_id = $13')
      -- Of each station that was its own the newest while it was; then the newest of these.
      when 'STATION_OPERATOR' then format(of_both, format('select o.order_id, o.created_at from ownership own cross join lateral (%s) o
          where own.platform_id = $1 and own.asset_kind = ''STATION'' and own.principal_id = $12 order by o.created_at desc, o.order_id desc limit $11',
          format(page, 'o.station_id = own.asset_id and ' || then_own)), earned)
      when 'BATTERY_OWNER' then format(of_both, format(page, '(o.return_pack_id = any($14) or o.issue_pack_id = any($14))
          and exists (select from ownership own where own.asset_kind = ''PACK'' and own.asset_id in (o.return_pack_id, o.issue_pack_id)
                         and own.principal_id = $12 and ' || then_own || ')'), earned)
      else format(page, 'false') end
    using platform, in_state, at_station, by_truck, of_carrier, with_pack, since, before, after_at, after_id, size,
          caller_principal(), caller_driver(), own_packs, as_of;
end $$;

-- A row of `seen_order` as it was: whoever sees the order sees of then what he sees of now.
create function seen_order_at(platform text, order_no text, as_of timestamptz) returns setof seen_order
  language plpgsql stable parallel restricted rows 1 security definer set search_path = public, pg_temp set jit = off as $$
declare
  seen seen_order;
  noted order_change;
  pays constant boolean := caller_rights() in ('ALL', 'CARRIER', 'DRIVER');
begin
  select * into seen from seen_order v where v.platform_id = platform and v.order_id = order_no;
  if not found then return; end if;
  select * into noted from order_change c
   where c.platform_id = platform and c.order_id = order_no and c.updated_at <= as_of order by c.change_no desc limit 1;
  if not found then return; end if;
  seen.state := noted.state;
  seen.reason := noted.reason;
  seen.bay_id := noted.bay_id;
  seen.request_id := noted.request_id;
  seen.return_pack_id := noted.return_pack_id;
  seen.issue_pack_id := noted.issue_pack_id;
  seen.quoted_fen := case when pays then noted.quoted_fen end;
  seen.held_fen := case when pays then noted.held_fen end;
  seen.payable_fen := case when pays then noted.payable_fen end;
  seen.released_fen := case when pays then noted.released_fen end;
  -- What was measured stays: of whom it is hidden now it was hidden then.
  seen.energy_in_wh := case when seen.energy_in_wh is not null then noted.energy_in_wh end;
  seen.energy_out_wh := case when seen.energy_out_wh is not null then noted.energy_out_wh end;
  seen.updated_at := noted.updated_at;
  seen.swap_state := (select t.to_state from swap w
    join actor_transition t on t.platform_id = w.platform_id and t.machine = 'swap' and t.id = w.swap_id and t.at <= as_of
   where w.platform_id = platform and w.order_id = order_no and w.began_at <= as_of order by t.at desc, t.batch_no desc, t.ordinal desc limit 1);
  return next seen;
end $$;
