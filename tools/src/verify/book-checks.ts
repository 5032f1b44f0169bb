import { CHARGE_CHECKS } from './charge-checks.ts';
import { SECOND_PERSON_CHECK } from './second-person-check.ts';

/**
 * What must hold at every commit, asked of the database itself: each query gives one line for each fault. They share no code
 * with what wrote the rows.
 */
export const BOOK_CHECKS: Readonly<Record<string, string>> = {
  'ledger-sums-to-zero': `
    select 'the balances of ' || platform_id || ' sum to ' || sum(balance_fen) || ' fen' as detail
      from account group by platform_id having sum(balance_fen) <> 0`,
  'balance-is-its-transfers': `
    select a.account_id || ' stands at ' || a.balance_fen || ' fen, its transfers at ' || coalesce(sum(m.fen), 0) as detail
      from account a left join movements m using (platform_id, account_id)
     group by a.platform_id, a.account_id, a.balance_fen having a.balance_fen <> coalesce(sum(m.fen), 0)`,
  'balance-above-floor': `
    select account_id || ' stands at ' || balance_fen || ' fen, its floor is ' || floor_fen as detail
      from account where balance_fen < floor_fen`,
  // A balance of today says nothing of what was lent in between.
  'balance-never-below-floor': `
    select account_id || ' stood at ' || min(running) || ' fen in batch ' || (array_agg(batch_no order by running))[1] || ', its floor is '
           || floor_fen as detail
      from (select m.platform_id, m.account_id, a.floor_fen, m.batch_no,
                   sum(m.fen) over (partition by m.platform_id, m.account_id order by m.batch_no, m.transfer_no) as running
              from movements m join account a using (platform_id, account_id) where a.floor_fen is not null) r
     where running < floor_fen group by platform_id, account_id, floor_fen`,
  'transfer-well-formed': `
    select 'transfer ' || transfer_no || ' (' || key || ') moves ' || amount_fen || ' fen from ' || debit_account_id || ' to ' || credit_account_id
           || ' at ' || at as detail
      from transfer where amount_fen <= 0 or debit_account_id = credit_account_id or at <> date_trunc('milliseconds', at)`,
  'transfer-kind-fits-accounts': `
    select 'transfer ' || t.transfer_no || ' ' || t.kind || ' goes from ' || d.kind || ' ' || d.account_id || ' to ' || c.kind || ' '
           || c.account_id as detail
      from transfer t
      join account d on d.platform_id = t.platform_id and d.account_id = t.debit_account_id
      join account c on c.platform_id = t.platform_id and c.account_id = t.credit_account_id
     where case t.kind
             when 'TOP_UP' then d.kind <> 'RAIL' or (c.kind <> 'PREPAID' and (c.kind <> 'INCOME' or t.key not like 'statement:%:collect:%'))
             when 'HOLD' then d.kind <> 'PREPAID' or c.kind <> 'HELD' or d.principal_id <> c.principal_id
             when 'RELEASE' then d.kind <> 'HELD' or c.kind <> 'PREPAID' or d.principal_id <> c.principal_id
             when 'PENALTY' then (d.kind <> 'PREPAID' or c.kind <> 'CLEARING') and (d.kind <> 'CLEARING' or c.kind <> 'INCOME')
             when 'SWAP_EXPENSE' then c.kind <> 'CLEARING' or d.kind in ('INCOME', 'RAIL', 'CLEARING')
             when 'SWAP_INCOME' then c.kind <> 'INCOME' or (d.kind <> 'CLEARING' and (d.kind <> 'INCOME' or t.key not like 'statement:%'))
             when 'COMMISSION' then d.kind <> 'INCOME' or c.kind <> 'INCOME'
             when 'ENERGY_DEPOSIT' then d.kind <> 'PREPAID' or c.kind <> 'DEPOSIT'
             when 'ENERGY_DEPOSIT_REFUND' then d.kind <> 'DEPOSIT'
             when 'PACKAGE_PURCHASE' then d.kind <> 'PREPAID' or c.kind <> 'PACKAGE' or d.principal_id <> c.principal_id
             when 'PACKAGE_EXPIRY' then d.kind <> 'PACKAGE' or c.kind <> 'INCOME'
             when 'SETTLEMENT_OUT' then c.kind <> 'RAIL'
             when 'REFUND' then c.kind = 'RAIL' and d.kind <> 'HELD'
             else false end`,
  'transfer-of-known-order': `
    select 'transfer ' || t.transfer_no || ' is of order ' || t.order_id || ', which does not exist' as detail
      from transfer t left join swap_order o using (platform_id, order_id)
     where t.order_id is not null and o.order_id is null`,
  'line-is-quantity-by-price': `
    select 'order ' || order_id || ' line ' || line_no || ' says ' || amount_fen || ' fen for ' || quantity || ' Wh at ' || unit_price_nano_yuan
           || ' nano-yuan per kWh' as detail
      from order_line
     where unit = 'Wh' and amount_fen <> round(quantity::numeric * unit_price_nano_yuan / 10000000000)`,
  'lines-sum-to-payable': `
    select 'order ' || o.order_id || ' is payable with ' || coalesce(o.payable_fen::text, 'no') || ' fen, its lines sum to '
           || coalesce(l.fen::text, 'none') as detail
      from swap_order o left join (select platform_id, order_id, sum(amount_fen) as fen from order_line group by 1, 2) l using (platform_id, order_id)
     where (o.state in ('CLEARED', 'SETTLED') or l.fen is not null) and l.fen is distinct from o.payable_fen`,
  'nets-sum-to-payable': `
    select 'order ' || o.order_id || ' is payable with ' || coalesce(o.payable_fen::text, 'no') || ' fen, its shares sum to '
           || coalesce(s.fen::text, 'none') as detail
      from swap_order o left join (select platform_id, order_id, sum(net_fen) as fen from clearing_entry group by 1, 2) s using (platform_id, order_id)
     where (o.state in ('CLEARED', 'SETTLED') or s.fen is not null) and s.fen is distinct from o.payable_fen`,
  'share-is-gross-and-commission': `
    select 'order ' || order_id || ': ' || principal_id || ' gets ' || net_fen || ' fen of ' || gross_fen || ' with commission ' || commission_fen as detail
      from clearing_entry where net_fen <> gross_fen + commission_fen`,
  'no-bill-without-swap': `
    select 'order ' || o.order_id || ' is ' || o.state || ' and has lines' as detail
      from swap_order o where o.state in ('CREATED', 'QUOTED', 'HELD', 'REJECTED', 'CANCELLED')
       and exists (select from order_line l where l.platform_id = o.platform_id and l.order_id = o.order_id)`,
  'billed-with-its-basis': `
    select 'order ' || o.order_id || ' is billed, and what it was made of is not kept' as detail
      from swap_order o
     where exists (select from order_line l where l.platform_id = o.platform_id and l.order_id = o.order_id)
       and not exists (select from order_basis b where b.platform_id = o.platform_id and b.order_id = o.order_id)
       and o.updated_at >= (select min(billed_at) from order_basis)`,
  'paid-what-is-payable': `
    select 'order ' || o.order_id || ' is payable with ' || o.payable_fen || ' fen, ' || coalesce(p.fen, 0) || ' were paid' as detail
      from swap_order o
      left join (select platform_id, order_id, sum(case when kind = 'SWAP_EXPENSE' then amount_fen else -amount_fen end) as fen
                   from (select t.platform_id, t.order_id, t.kind, t.amount_fen from transfer t
                           join account c on c.platform_id = t.platform_id and c.account_id = t.credit_account_id
                          where t.key like 'order:%' and (t.kind = 'SWAP_EXPENSE' or (t.kind = 'REFUND' and c.kind = 'PREPAID'))) x
                  group by 1, 2) p using (platform_id, order_id)
     where o.state in ('CLEARED', 'SETTLED') and coalesce(p.fen, 0) is distinct from o.payable_fen`,
  'shares-are-booked': `
    select 'order ' || order_id || ': ' || principal_id || ' has a share of ' || coalesce(said, 0) || ' fen, ' || coalesce(booked, 0) || ' are booked' as detail
      from (select platform_id, order_id, principal_id, sum(net_fen) as said from clearing_entry group by 1, 2, 3) s
      full join (select t.platform_id, t.order_id, a.principal_id,
                        sum(case when a.account_id = t.credit_account_id then t.amount_fen else -t.amount_fen end) as booked
                   from transfer t
                   join account a on a.platform_id = t.platform_id and a.account_id in (t.debit_account_id, t.credit_account_id) and a.kind = 'INCOME'
                  where t.key like 'order:%' and t.kind in ('SWAP_INCOME', 'REFUND', 'COMMISSION') group by 1, 2, 3) b
        using (platform_id, order_id, principal_id)
     where coalesce(said, 0) <> coalesce(booked, 0)`,
  'order-clears-to-zero': `
    select 'order ' || order_id || ' leaves ' || sum(fen) || ' fen in clearing' as detail
      from (select m.platform_id, m.order_id, m.fen from movements m join account a using (platform_id, account_id) where a.kind = 'CLEARING') c
     group by platform_id, order_id having sum(fen) <> 0`,
  'captured-within-hold': `
    select 'order ' || order_id || ' held ' || held || ' fen, captured ' || captured || ' and released ' || released as detail
      from holds h where captured + released > held`,
  'ended-order-holds-nothing': `
    select 'order ' || o.order_id || ' is ' || o.state || ' and still holds ' || held - captured - released || ' fen' as detail
      from holds h join swap_order o using (platform_id, order_id)
     where o.state in ('CLEARED', 'SETTLED', 'REJECTED', 'CANCELLED', 'ABNORMAL', 'REPAIRED', 'WRITTEN_OFF') and held <> captured + released`,
  'payment-is-booked': `
    select 'payment ' || p.payment_id || ' of ' || p.amount_fen || ' fen is confirmed, its transfer ' || coalesce(t.amount_fen::text, 'is missing') as detail
      from payment p left join transfer t on t.platform_id = p.platform_id and t.key = p.transfer_key
     where p.state = 'CONFIRMED' and p.transfer_key is not null and t.amount_fen is distinct from p.amount_fen`,
  'withdrawal-holds-while-open': `
    select 'withdrawal ' || p.payment_id || ' of ' || p.amount_fen || ' fen is ' || p.state || ' and holds ' || coalesce(t.fen, 0) as detail
      from payment p
      left join lateral (select sum(case t.kind when 'HOLD' then t.amount_fen else -t.amount_fen end) as fen from transfer t
                          where t.platform_id = p.platform_id and t.key in (p.payment_id, p.payment_id || ':hold', p.payment_id || ':release')) t on true
     where p.direction = 'WITHDRAWAL' and coalesce(t.fen, 0) <> case p.state when 'REQUESTED' then coalesce(nullif(t.fen, 0), 0) else 0 end`,
  'correction-balances': `
    select 'correction ' || c.correction_id || ' is payable with ' || c.payable_fen || ' fen, its lines sum to ' || coalesce(l.fen, 0) || ', its shares to '
           || coalesce(e.fen, 0) || ', its transfers to ' || coalesce(t.fen, 0) as detail
      from correction c
      left join (select platform_id, correction_id, sum(amount_fen) as fen from correction_line group by 1, 2) l using (platform_id, correction_id)
      left join (select platform_id, correction_id, sum(net_fen) as fen from correction_entry group by 1, 2) e using (platform_id, correction_id)
      left join (select t.platform_id, split_part(t.key, ':', 2) || ':' || split_part(t.key, ':', 3) as correction_id,
                        sum(case when d.kind = 'PREPAID' then t.amount_fen when c.kind = 'PREPAID' then -t.amount_fen else 0 end) as fen
                   from transfer t
                   join account d on d.platform_id = t.platform_id and d.account_id = t.debit_account_id
                   join account c on c.platform_id = t.platform_id and c.account_id = t.credit_account_id
                  where t.key like 'correction:%' group by 1, 2) t using (platform_id, correction_id)
     where coalesce(l.fen, 0) <> c.payable_fen or coalesce(e.fen, 0) <> c.payable_fen or coalesce(t.fen, 0) <> c.payable_fen`,
  'statement-splits-are-booked': `
    select 'statement ' || s.statement_id || ' splits ' || s.amount_fen || ' fen to ' || s.partner_id || ', ' || coalesce(t.amount_fen, 0) || ' are booked' as detail
      from settlement_split s join statement m using (platform_id, statement_id)
      left join transfer t on t.platform_id = s.platform_id
                          and t.key = 'statement:' || s.statement_id || ':split:' || s.rule_no || ':' || s.partner_id
     where s.partner_id <> m.principal_id and abs(s.amount_fen) <> coalesce(t.amount_fen, 0)`,
  // Nothing has entered a closed period, or left it, since.
  'statement-is-its-movements': `
    select 'statement ' || s.statement_id || ' says that ' || (s.content->'totals'->>'movedFen') || ' fen moved, the ledger ' || coalesce(sum(x.fen), 0) as detail
      from statement s
      left join lateral (
        select case when a.account_id = t.credit_account_id then t.amount_fen else -t.amount_fen end as fen
          from account a join transfer t on t.platform_id = a.platform_id and a.account_id in (t.debit_account_id, t.credit_account_id)
         where a.platform_id = s.platform_id and a.principal_id = s.principal_id and a.kind <> 'CLEARING' and t.kind <> 'SETTLEMENT_OUT'
           and t.key not like 'statement:%:split:%' and t.at >= s.period_from and t.at < s.period_until
           and not (t.key like 'statement:%:collect:%' and t.transfer_no = (
             select min(e.transfer_no) from payment own
               join payment other on other.platform_id = own.platform_id and other.statement_id = own.statement_id
               join transfer e on e.platform_id = other.platform_id and e.key = other.payment_id
              where own.platform_id = t.platform_id and own.payment_id = t.key)
             -- What is paid in of a statement that a later one had taken up is income of the day it came.
             and not exists (
             select from payment own
               join statement m on m.platform_id = own.platform_id and m.statement_id = own.statement_id and m.state = 'CARRIED'
               join statement later on later.platform_id = m.platform_id and later.principal_id = m.principal_id and later.period_until > m.period_until
              where own.platform_id = t.platform_id and own.payment_id = t.key))) x on true
     group by s.platform_id, s.statement_id, s.content having coalesce(sum(x.fen), 0)::text <> s.content->'totals'->>'movedFen'`,
  ...CHARGE_CHECKS,
  ...SECOND_PERSON_CHECK,
  'pack-in-one-place': `
    select 'pack ' || p.pack_id || ' is in ' || count(c.custody_no) || ' places' as detail
      from pack p left join custody c on c.platform_id = p.platform_id and c.pack_id = p.pack_id and c.until is null
     where p.deregistered_at is null group by p.platform_id, p.pack_id having count(c.custody_no) <> 1`,
  'place-holds-one-pack': `
    select place_kind || ' ' || place_id || ' holds ' || string_agg(pack_id, ', ') as detail
      from custody where until is null and place_kind in ('SLOT', 'TRUCK')
     group by platform_id, place_kind, place_id having count(*) > 1`,
  'custody-without-gaps': `
    select 'pack ' || pack_id || ' is at two places, or at none, at ' || since as detail
      from (select pack_id, since, lag(until) over w as before, row_number() over w as no
              from custody window w as (partition by platform_id, pack_id order by since, custody_no)) c
     where no > 1 and before is distinct from since`,
};

/** Tables by name in the checks: one row for each side of a transfer; what each order held, captured and released. */
export const WITH_MOVEMENTS = `
  with movements as (
    select platform_id, transfer_no, batch_no, order_id, debit_account_id as account_id, -amount_fen as fen from transfer
    union all select platform_id, transfer_no, batch_no, order_id, credit_account_id, amount_fen from transfer),
  holds as (
    select t.platform_id, t.order_id,
           coalesce(sum(t.amount_fen) filter (where t.kind = 'HOLD'), 0) as held,
           coalesce(sum(t.amount_fen) filter (where t.kind = 'RELEASE'), 0) as released,
           coalesce(sum(t.amount_fen) filter (where t.kind not in ('HOLD', 'RELEASE')), 0) as captured
      from transfer t
     where t.order_id is not null
       and exists (select from account a where a.platform_id = t.platform_id and a.kind = 'HELD'
                      and a.account_id in (t.debit_account_id, t.credit_account_id))
     group by 1, 2)`;
