import type pg from 'pg';

/**
 * What must hold at every commit, asked of the database itself: each query returns one line for each fault. They share
 * no code with what wrote the rows.
 */
const ALWAYS: Readonly<Record<string, string>> = {
  'the ledger sums to zero': `
    select 'all accounts sum to ' || sum(balance_fen) as finding from account having sum(balance_fen) <> 0`,
  'a balance is the sum of its transfers': `
    select a.account_id || ' shows ' || a.balance_fen || ', its transfers sum to ' || coalesce(sum(m.fen), 0) as finding
      from account a
      left join (select debit_account_id as account_id, -amount_fen as fen from transfer
                 union all select credit_account_id, amount_fen from transfer) m using (account_id)
     group by a.account_id, a.balance_fen
    having a.balance_fen <> coalesce(sum(m.fen), 0)`,
  'prepaid and held money is never below zero': `
    select account_id || ' is at ' || balance_fen as finding from account
     where balance_fen < 0 and kind in ('PREPAID', 'HELD', 'DEPOSIT', 'PACKAGE')`,
  'nothing is left inside the clearing account by an order': `
    select order_id || ' leaves ' || sum(fen) || ' in clearing' as finding
      from (select order_id, -amount_fen as fen from transfer where debit_account_id like '%\\_clearing'
            union all select order_id, amount_fen from transfer where credit_account_id like '%\\_clearing') c
     group by order_id having sum(fen) <> 0`,
  'an order that has ended holds no money': `
    select o.order_id || ' is ' || o.state || ' and holds ' || sum(h.fen) as finding
      from (select order_id, -amount_fen as fen from transfer where debit_account_id like '%\\_held'
            union all select order_id, amount_fen from transfer where credit_account_id like '%\\_held') h
      join swap_order o using (order_id)
     where o.state in ('CLEARED', 'SETTLED', 'REJECTED', 'CANCELLED', 'ABNORMAL', 'REPAIRED', 'WRITTEN_OFF')
     group by o.order_id, o.state having sum(h.fen) <> 0`,
  'every pack is in exactly one place': `
    select p.pack_id || ' has ' || count(c.custody_no) || ' places' as finding
      from pack p left join custody c on c.platform_id = p.platform_id and c.pack_id = p.pack_id and c.until is null
     where p.deregistered_at is null group by p.pack_id having count(c.custody_no) <> 1`,
  'a place holds one pack': `
    select place_kind || ' ' || place_id || ' holds ' || string_agg(pack_id, ', ') as finding
      from custody where until is null and place_kind in ('SLOT', 'TRUCK')
     group by place_kind, place_id having count(*) > 1`,
  'custody has no gaps and no overlaps': `
    select pack_id || ' is at two places, or at none, at ' || since as finding
      from (select pack_id, since, lag(until) over (partition by pack_id order by since, custody_no) as before,
                   row_number() over (partition by pack_id order by since, custody_no) as no from custody) c
     where no > 1 and before is distinct from since`,
  'actors of places and packs agree with custody': `
    with held as (
      select 'SLOT' as kind, s.id, s.context::jsonb ->> 'packId' as pack_id from actor_snapshot s where s.machine = 'slot'
      union all
      select 'TRUCK', t.id, t.context::jsonb ->> 'packId' from actor_snapshot t where t.machine = 'truck'
      union all
      select p.context::jsonb #>> '{place,kind}', p.context::jsonb #>> '{place,id}', p.id from actor_snapshot p where p.machine = 'pack')
    select coalesce(h.pack_id, c.pack_id) || ': an actor says ' || coalesce(h.kind || ' ' || h.id, 'nothing') || ', custody says '
           || coalesce(c.place_kind || ' ' || c.place_id, 'nothing') as finding
      from (select distinct * from held where pack_id is not null) h
      full join (select * from custody where until is null) c
        on c.pack_id = h.pack_id and c.place_kind = h.kind and c.place_id = h.id
     where h.pack_id is null or c.pack_id is null`,
  'a cleared order has one bill that adds up': `
    select o.order_id || ' is ' || o.state || ', payable ' || coalesce(o.payable_fen::text, 'null') || ', lines '
           || coalesce(l.fen::text, 'none') || ', shares ' || coalesce(s.fen::text, 'none') as finding
      from swap_order o
      left join (select order_id, sum(amount_fen) as fen from order_line group by order_id) l using (order_id)
      left join (select order_id, sum(net_fen) as fen from clearing_entry group by order_id) s using (order_id)
     where (o.state in ('CLEARED', 'SETTLED') and (l.fen is distinct from o.payable_fen or s.fen is distinct from o.payable_fen))
        or (o.state in ('REJECTED', 'CANCELLED') and (l.fen is not null or s.fen is not null))`,
  'what ends wrongly says why': `
    select order_id || ' is ' || state || ' without a reason' as finding from swap_order
     where state in ('ABNORMAL', 'REJECTED', 'CANCELLED') and coalesce(reason, '') = ''`,
  'a swap ends as one bill or one abnormal order': `
    select station_id || '-' || request_id || ' ended as ' || string_agg(order_id || ' ' || state, ', ') as finding
      from swap_order where request_id is not null and state in ('CLEARED', 'SETTLED', 'ABNORMAL', 'REPAIRED', 'WRITTEN_OFF')
     group by station_id, request_id having count(*) > 1`,
  'an event is kept once, and in order': `
    select src || ' stands at ' || p.boot_id || ':' || p.seq || ', its last event is ' || e.last as finding
      from source_position p
      join (select distinct on (src) src, boot_id, seq, boot_id || ':' || seq as last from swap_event order by src, boot_id desc, seq desc) e
     using (src)
     where p.lane = 'evt' and (e.boot_id, e.seq) > (p.boot_id, p.seq)`,
  'an open order has its actor, and an ended one needs none': `
    select o.order_id || ' is ' || o.state || ' and has no actor' as finding
      from swap_order o
      left join actor_snapshot a on a.platform_id = o.platform_id and a.machine = 'order' and a.id = o.order_id
     where o.state in ('CREATED', 'QUOTED', 'HELD', 'IN_PROGRESS', 'MEASURED', 'BILLED') and a.id is null`,
};

/** Asks everything at one instant of the running database. @returns one line for each fault; none when all is well */
export async function auditCorridor(db: pg.Client): Promise<string[]> {
  const findings: string[] = [];
  await db.query('begin isolation level repeatable read read only');
  try {
    for (const [rule, sql] of Object.entries(ALWAYS)) {
      const { rows } = await db.query<{ finding: string }>(sql);
      findings.push(...rows.map(({ finding }) => `${rule}: ${finding}`));
    }
  } finally {
    await db.query('rollback');
  }
  return findings;
}
