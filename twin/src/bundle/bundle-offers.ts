import type { BundleOrder } from '@corridor/protocols/http/bundle';
import type { Db } from '../db/db.ts';
import { type BundleScope, seesWholeBill } from './bundle-party.ts';

type Usage = Exclude<BundleOrder['usage'], null>;
type Offer = Exclude<BundleOrder['offer'], null>;

/**
 * What an issuer of a billing mode, or who funds a discount, needs to compute its own line again: what its price replaced, what there
 * was to pay, and the use that it goes by. Of the lines of others it shows their sum only, which his own line and price tell anyway.
 * Read with the rights of the program: the sum is over lines that the party does not see.
 */
export async function bundleOffers(db: Db, scope: BundleScope): Promise<Map<string, Offer>> {
  if (seesWholeBill(scope)) return new Map();
  const { rows } = await db.query<{
    order_id: string;
    replaced_fen: bigint;
    due_fen: bigint;
    net_wh: string;
    usage: Usage;
    discounts_of_others: Offer['discountsOfOthers'];
  }>({
    text: `select b.order_id, b.basis->'usage' as usage,
                  (coalesce((b.basis->'out'->>'energyWh')::bigint, 0) - (b.basis->'in'->>'energyWh')::bigint)::text as net_wh,
                  coalesce(sum(l.amount_fen) filter (where case when c.definition->'billing'->>'mode' = 'MONTHLY_RENT' then l.component = 'BATTERY_RENT'
                                                    else c.definition->'billing'->'replaces' ? l.component end), 0)::bigint as replaced_fen,
                  coalesce((select json_agg(json_build_object('afterLines', d.after, 'amountFen', d.fen::text) order by d.after)
                              from (select d.after, sum(d.amount_fen) as fen
                                      from (select i.amount_fen, i.beneficiary_id, count(*) filter (where i.beneficiary_id = $2)
                                                                                     over (order by i.line_no) as after
                                              from order_line i where i.platform_id = b.platform_id and i.order_id = b.order_id
                                                                  and i.component = 'INCENTIVE') d
                                     where d.beneficiary_id <> $2 group by d.after) d), '[]') as discounts_of_others,
                  coalesce(sum(l.amount_fen) filter (where l.component not in ('INCENTIVE', 'PENALTY', 'WAIVER')), 0)::bigint as due_fen
             from order_basis b
             join contract c on c.platform_id = b.platform_id and c.contract_id = b.basis->>'contractId'
             join order_line l on l.platform_id = b.platform_id and l.order_id = b.order_id
            where b.platform_id = $1 and b.billed_at >= $3 and b.billed_at < $4
              and exists (select from order_line o where o.platform_id = b.platform_id and o.order_id = b.order_id and o.beneficiary_id = $2
                             and o.component in ('MODE_ADJUSTMENT', 'INCENTIVE'))
            group by b.platform_id, b.order_id, c.platform_id, c.contract_id order by b.order_id`,
    values: [scope.platformId, scope.principalId, scope.from, scope.until],
  });
  return new Map(
    rows.map((row) => [
      row.order_id,
      {
        replacedFen: `${row.replaced_fen}`,
        dueFen: `${row.due_fen}`,
        netEnergyWh: row.net_wh,
        usage: row.usage,
        discountsOfOthers: row.discounts_of_others,
      },
    ]),
  );
}
