/** What must hold of bills that no swap has: rents and penalties. Each query gives one line for each fault. */
export const CHARGE_CHECKS: Readonly<Record<string, string>> = {
  'charge-balances': `
    select 'charge ' || c.charge_id || ' is payable with ' || c.payable_fen || ' fen, its lines sum to ' || coalesce(l.fen, 0) || ', its shares to '
           || coalesce(e.fen, 0) || ', ' || coalesce(t.fen, 0) || ' were paid' as detail
      from charge c
      left join (select platform_id, charge_id, sum(amount_fen) as fen from charge_line group by 1, 2) l using (platform_id, charge_id)
      left join (select platform_id, charge_id, sum(net_fen) as fen from charge_entry group by 1, 2) e using (platform_id, charge_id)
      left join lateral (select sum(x.amount_fen) as fen from transfer x
                          where x.platform_id = c.platform_id and x.key = 'charge:' || c.charge_id || ':expense'
                            and x.debit_account_id = c.carrier_id || '_prepaid') t on true
     where coalesce(l.fen, 0) <> c.payable_fen or coalesce(e.fen, 0) <> c.payable_fen or coalesce(t.fen, 0) <> c.payable_fen`,
  'charge-shares-are-booked': `
    select 'charge ' || e.charge_id || ': ' || e.principal_id || ' has a share of ' || e.fen || ' fen, ' || coalesce(t.amount_fen, 0) || ' are booked' as detail
      from (select platform_id, charge_id, principal_id, sum(net_fen) as fen from charge_entry group by 1, 2, 3) e
      left join transfer t on t.platform_id = e.platform_id and t.key = 'charge:' || e.charge_id || ':income:' || e.principal_id
                          and t.credit_account_id = e.principal_id || '_income'
     where e.fen <> coalesce(t.amount_fen, 0)`,
  'transfer-of-known-charge': `
    select 'transfer ' || t.transfer_no || ' (' || t.key || ') belongs to no charge' as detail
      from transfer t
     where t.key like 'charge:%'
       and not exists (select from charge c where c.platform_id = t.platform_id
                          and (t.key = 'charge:' || c.charge_id || ':expense' or starts_with(t.key, 'charge:' || c.charge_id || ':income:')))`,
  'charge-gives-back-what-was-paid': `
    select 'charge ' || c.charge_id || ' is payable with ' || c.payable_fen || ' fen, its corrections with ' || sum(k.payable_fen) as detail
      from charge c join correction k using (platform_id, charge_id)
     group by c.platform_id, c.charge_id, c.payable_fen having c.payable_fen + sum(k.payable_fen) < 0`,
  // A correction names a line of its charge, and never turns it into its opposite.
  'charge-line-keeps-its-side': `
    select 'charge ' || k.charge_id || ' line ' || l.of_line_no || ' is ' || coalesce(c.amount_fen::text, 'not there') || ', its corrections sum to ' || sum(l.amount_fen) as detail
      from correction k join correction_line l using (platform_id, correction_id)
      left join charge_line c on c.platform_id = k.platform_id and c.charge_id = k.charge_id and c.line_no = l.of_line_no
     where k.charge_id is not null group by k.platform_id, k.charge_id, l.of_line_no, c.amount_fen
    having c.amount_fen is null or (c.amount_fen + sum(l.amount_fen)) * sign(c.amount_fen) not between 0 and abs(c.amount_fen)`,
  'charge-correction-is-booked': `
    select 'correction ' || e.correction_id || ' of charge ' || e.charge_id || ': ' || e.principal_id || ' has a share of ' || e.fen || ' fen, '
           || coalesce(t.fen, 0) || ' are booked' as detail
      from (select k.platform_id, k.correction_id, k.charge_id, s.principal_id, sum(s.net_fen) as fen
              from correction k join correction_entry s using (platform_id, correction_id)
             where k.charge_id is not null group by 1, 2, 3, 4) e
      left join lateral (select sum(case when x.credit_account_id = e.principal_id || '_income' then x.amount_fen
                                         when x.debit_account_id = e.principal_id || '_income' then -x.amount_fen end) as fen
                           from transfer x where x.platform_id = e.platform_id
                            and x.key = 'correction:' || e.correction_id || ':net:' || e.principal_id) t on true
     where e.fen <> coalesce(t.fen, 0)`,
  // A penalty needs the order that it is for: one that nobody came for, or one that was swapped. The rule of bills of swaps, for these.
  'penalty-has-its-cause': `
    select 'charge ' || c.charge_id || ' of order ' || c.order_id || ', which is ' || coalesce(o.state || coalesce(' ' || o.reason, ''), 'not there') as detail
      from charge c left join swap_order o using (platform_id, order_id)
     where c.kind <> 'MONTHLY_RENT'
       and (not exists (select from penalty_incident i where i.platform_id = c.platform_id and i.kind = c.kind and i.order_id = c.order_id)
            or case c.kind when 'NO_SHOW' then o.state is distinct from 'CANCELLED' or o.reason is distinct from 'RESERVATION_EXPIRED'
                           else o.state is null or o.state in ('CREATED', 'QUOTED', 'HELD', 'REJECTED', 'CANCELLED') end)`,
  // Whose the station was when it happened, not when it was booked; before the first record it was the first one's.
  'penalty-is-paid-to-the-operator-of-then': `
    select 'charge ' || c.charge_id || ' is paid to ' || p.id || ', when it happened ' || c.station_id || ' was of ' || w.principal_id as detail
      from charge c
      join penalty_incident i on i.platform_id = c.platform_id and i.kind = c.kind and i.order_id = c.order_id
      join lateral (select o.principal_id from ownership o
                     where o.platform_id = c.platform_id and o.asset_kind = 'STATION' and o.asset_id = c.station_id
                       and (o.valid_until is null or o.valid_until > i.rated_at) order by o.valid_from limit 1) w on true
      join lateral (select l.beneficiary_id as id from charge_line l where l.platform_id = c.platform_id and l.charge_id = c.charge_id
                    union select e.principal_id from charge_entry e
                     where e.platform_id = c.platform_id and e.charge_id = c.charge_id and e.role = 'STATION_OPERATOR') p on p.id <> w.principal_id`,
  'rent-once-a-month': `
    select 'truck ' || truck_id || ' of ' || carrier_id || ' pays ' || sum((basis->>'days')::integer) || ' days of ' || (basis->>'month') as detail
      from charge where kind = 'MONTHLY_RENT'
     group by platform_id, carrier_id, truck_id, basis->>'month', basis->>'daysOfMonth'
    having sum((basis->>'days')::integer) > (basis->>'daysOfMonth')::integer or count(*) > count(distinct contract_id)
           * (select count(*) from ownership o where o.platform_id = charge.platform_id and o.asset_kind = 'TRUCK' and o.asset_id = truck_id and o.principal_id = carrier_id)`,
};
