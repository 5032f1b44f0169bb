-- A page of a list costs what a page costs. A row policy asks of each row whose it is, and no limit passes through a security barrier such as
-- `seen_order`: lists read the rows of all parties. These functions find the keys of a page of the caller's by indexes; the policies are asked of
-- those rows only. They tell of the caller only; were their rule another than that of the policy, rows would be left out, and none of others shown.
-- Planned anew at each call, so that filters that are not given cost nothing.

-- Orders, as `caller_has_order` says.
create function caller_order_page(platform text, in_state text, at_station text, by_truck text, of_carrier text, with_pack text,
                                  since timestamptz, before timestamptz, after_at timestamptz, after_id text, size integer)
  returns table (order_id text, created_at timestamptz)
  language plpgsql stable parallel restricted rows 50 security definer set search_path = public, pg_temp set jit = off as $$
declare
  page constant text := 'select o.order_id, o.created_at from swap_order o
     where o.platform_id = $1 and ($2 is null or o.state = $2) and ($3 is null or o.station_id = $3) and ($4 is null or o.truck_id = $4)
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
          caller_principal(), caller_driver(), own_packs;
end $$;
create index swap_order_driver on swap_order (platform_id, driver_id, created_at desc);

-- Bills of a carrier's orders, newest first: for the carrier and the platform. From the last of the page before on (included), one more than asked.
create function caller_bill_page(platform text, carrier text, since timestamptz, before timestamptz, after_at timestamptz, after_id text, size integer)
  returns table (order_id text, billed_at timestamptz)
  language plpgsql stable parallel restricted rows 50 security definer set search_path = public, pg_temp set jit = off as $$
begin
  if not (caller_sees_all() or (caller_rights() = 'CARRIER' and carrier = caller_principal())) then return; end if;
  return query execute 'select b.order_id, b.billed_at from order_basis b join swap_order o using (platform_id, order_id)
     where b.platform_id = $1 and o.carrier_id = $2 and ($3 is null or b.billed_at >= $3) and ($4 is null or b.billed_at < $4)
       and ($5 is null or (b.billed_at, b.order_id) <= ($5, $6)) order by b.billed_at desc, b.order_id desc limit $7 + 1'
    using platform, carrier, since, before, after_at, after_id, size;
end $$;

-- Charges as `caller_sees_charge` says: of a carrier those it pays, of others those that they earn from.
create function caller_charge_page(platform text, of_kind text, about_order text, after_at timestamptz, after_id text, size integer)
  returns table (charge_id text, booked_at timestamptz)
  language plpgsql stable parallel restricted rows 50 security definer set search_path = public, pg_temp set jit = off as $$
declare
  page constant text := 'select c.charge_id, c.booked_at from charge c
     where c.platform_id = $1 and ($2 is null or c.kind = $2) and ($3 is null or c.order_id = $3)
       and ($4 is null or (c.booked_at, c.charge_id) < ($4, $5)) and %s order by c.booked_at desc, c.charge_id desc limit $6';
begin
  return query execute case when caller_sees_all() then format(page, 'true')
      else format('select * from (%s) paid union select * from (%s) earned order by 2 desc, 1 desc limit $6', format(page, 'c.carrier_id = $7'),
                  format(page, 'exists (select from charge_entry e where e.platform_id = c.platform_id and e.charge_id = c.charge_id and e.principal_id = $7)'))
      end
    using platform, of_kind, about_order, after_at, after_id, size, caller_principal();
end $$;

-- Disputes of a party: that it raised, and on bills that it pays or earns from. `party` null: all, for the platform.
create function caller_dispute_page(platform text, party text, in_state text, after_at timestamptz, after_id text, size integer)
  returns table (dispute_id text, raised_at timestamptz)
  language plpgsql stable parallel restricted rows 50 security definer set search_path = public, pg_temp set jit = off as $$
begin
  if not caller_sees_all() and coalesce(party <> caller_principal(), true) then return; end if;
  return query execute 'select d.dispute_id, d.raised_at from dispute d
     where d.platform_id = $1 and ($3 is null or d.state = $3) and ($4 is null or (d.raised_at, d.dispute_id) < ($4, $5))
       and ($2 is null or d.principal_id = $2
            or exists (select from swap_order o where o.platform_id = d.platform_id and o.order_id = d.order_id and o.carrier_id = $2)
            or exists (select from clearing_entry c where c.platform_id = d.platform_id and c.order_id = d.order_id and c.principal_id = $2)
            or exists (select from charge h where h.platform_id = d.platform_id and h.charge_id = d.charge_id and h.carrier_id = $2)
            or exists (select from charge_entry e where e.platform_id = d.platform_id and e.charge_id = d.charge_id and e.principal_id = $2))
     order by d.raised_at desc, d.dispute_id desc limit $6'
    using platform, party, in_state, after_at, after_id, size;
end $$;

-- Lines of the charges on a page: the condition in the policy read all charges of the carrier, and the policy of each.
create function caller_pays_charge(platform text, id text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return exists (select from charge c where c.platform_id = platform and c.charge_id = id and c.carrier_id = caller_principal());
end $$;
drop policy read_own on charge_line;
create policy read_own on charge_line for select to corridor_app
  using ((select caller_sees_all()) or beneficiary_id = caller_principal() or caller_pays_charge(platform_id, charge_id));
