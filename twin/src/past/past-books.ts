import type { Books } from '@corridor/protocols/http/scene';
import type { Db } from '../db/db.ts';
import type { Facts } from '../projection/facts.ts';
import { bookOwnerOf, type Rights } from '../projection/rights.ts';
import type { PastInstant } from './past-facts.ts';

/**
 * Balances and open holds of an instant, from the journal: what an account has now without all that moved since, so that the cost goes by how
 * long ago it is and not by how old the books are.
 */
export async function loadPastBooks(db: Db, instant: PastInstant, rights: Rights, facts: Facts): Promise<Books> {
  return { accounts: await balances(db, instant, rights), holds: await holds(db, instant, rights, facts) };
}

/** A driver has no account of his own, and his carrier's are not his. */
const hasBooks = (rights: Rights): boolean => rights.kind !== 'PUBLIC' && rights.kind !== 'DRIVER';

async function balances(db: Db, { platformId, at }: PastInstant, rights: Rights): Promise<Books['accounts']> {
  if (!hasBooks(rights)) return [];
  const { rows } = await db.query<{ account_id: string; principal_id: string | null; kind: string; balance_fen: bigint }>({
    text: `select a.account_id, a.principal_id, a.kind, (a.balance_fen - coalesce(m.fen, 0))::bigint as balance_fen
             from account a
             left join (select account_id, sum(fen) as fen from (
                          select credit_account_id as account_id, amount_fen as fen from transfer where platform_id = $1 and at > $2
                          union all select debit_account_id, -amount_fen from transfer where platform_id = $1 and at > $2) sides
                         group by account_id) m on m.account_id = a.account_id
            where a.platform_id = $1 and a.opened_at <= $2 and ($3::text is null or a.principal_id = $3)
            order by a.account_id`,
    values: [platformId, at, bookOwnerOf(rights)],
  });
  return rows.map((row) => ({ id: row.account_id, principalId: row.principal_id, kind: row.kind, balanceFen: row.balance_fen.toString() }));
}

/** Whose money is held: the carrier's; its driver sees that of his order. */
function seesHold(rights: Rights, order: { carrierId: string | null; driverId: string | null }): boolean {
  switch (rights.kind) {
    case 'ALL':
      return true;
    case 'CARRIER':
      return order.carrierId === rights.principalId;
    case 'DRIVER':
      return order.driverId === rights.driverId;
    case 'STATION_OPERATOR':
    case 'BATTERY_OWNER':
    case 'PUBLIC':
      return false;
  }
}

async function holds(db: Db, { platformId, at }: PastInstant, rights: Rights, facts: Facts): Promise<Books['holds']> {
  const orderIds = [...facts.orders.values()].filter((order) => seesHold(rights, order)).map(({ orderId }) => orderId);
  if (orderIds.length === 0) return [];
  const { rows } = await db.query<{ order_id: string; principal_id: string; since: Date; held_fen: bigint }>({
    text: `select t.order_id, a.principal_id, min(t.at) as since,
                  sum(case when t.credit_account_id = a.account_id then t.amount_fen else -t.amount_fen end)::bigint as held_fen
             from transfer t
             join account a on a.platform_id = t.platform_id and a.kind = 'HELD' and a.account_id in (t.credit_account_id, t.debit_account_id)
            where t.platform_id = $1 and t.order_id = any($3) and t.at <= $2
            group by t.order_id, a.principal_id
           having sum(case when t.credit_account_id = a.account_id then t.amount_fen else -t.amount_fen end) <> 0
            order by since, t.order_id`,
    values: [platformId, at, orderIds],
  });
  return rows.map((row) => ({
    orderId: row.order_id,
    principalId: row.principal_id,
    heldFen: row.held_fen.toString(),
    since: row.since.toISOString(),
  }));
}
