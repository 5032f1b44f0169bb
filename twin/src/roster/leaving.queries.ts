import type { Principal } from '@corridor/protocols/network-file';
import type { Db } from '../db/db.ts';

export interface Standing {
  readonly code: 'DISPUTE_OPEN' | 'PAYMENT_OPEN' | 'STATEMENT_OPEN';
  readonly detail: string;
}

/**
 * What stands against a principal's leaving beside its books, which the network knows: an objection that is not decided, a payment whose end
 * nobody knows, a statement that is not paid. null: nothing does.
 */
export async function standingAgainst(db: Db, platformId: string, principalId: string): Promise<Standing | null> {
  const { rows } = await db.query<{ code: Standing['code']; id: string }>({
    text: `select 'DISPUTE_OPEN' as code, d.dispute_id as id from dispute d left join swap_order o using (platform_id, order_id)
             left join charge h using (platform_id, charge_id)
            where d.platform_id = $1 and d.state = 'OPEN' and (d.principal_id = $2 or o.carrier_id = $2 or h.carrier_id = $2
              or exists (select from clearing_entry c where c.platform_id = $1 and c.order_id = d.order_id and c.principal_id = $2)
              or exists (select from charge_entry e where e.platform_id = $1 and e.charge_id = d.charge_id and e.principal_id = $2))
           union all
           select 'PAYMENT_OPEN', payment_id from payment where platform_id = $1 and principal_id = $2 and state = 'REQUESTED'
           union all
           select 'STATEMENT_OPEN', statement_id from statement
            where platform_id = $1 and principal_id = $2 and state not in ('PAID', 'CARRIED') and total_fen <> 0
              and principal_id in (select principal_id from principal where platform_id = $1 and kind <> 'CARRIER')
           limit 1`,
    values: [platformId, principalId],
  });
  const [first] = rows;
  return first === undefined ? null : { code: first.code, detail: `${first.id} is not over` };
}

/** Whether a principal takes part still: asked, and acted on, while nothing else is done about its leaving. */
export async function takesPart(db: Db, platformId: string, principalId: string): Promise<boolean> {
  const { rows } = await db.query({
    text: 'select 1 from principal where platform_id = $1 and principal_id = $2 and deregistered_at is null',
    values: [platformId, principalId],
  });
  return rows.length > 0;
}

/** Principals that have left: their books stay, and what happened in their last period is stated when it ends. */
export async function leftPrincipals(db: Db, platformId: string): Promise<Principal[]> {
  const { rows } = await db.query<{ definition: Principal }>({
    text: 'select definition from principal where platform_id = $1 and deregistered_at is not null order by principal_id',
    values: [platformId],
  });
  return rows.map(({ definition }) => definition);
}
