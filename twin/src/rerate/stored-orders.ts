import { fen } from '@corridor/actors/ledger/fen';
import type { PackLeg } from '@corridor/actors/network/actor-event';
import type { BillBasis } from '@corridor/actors/order/bill-basis';
import type { EnergyLot } from '@corridor/actors/pack/energy-lot';
import type { SwapUsage } from '@corridor/actors/rating/swap-usage';
import type { BilledOrder } from '@corridor/actors/rerate/rerate-totals';
import type { Db } from '../db/db.ts';

/** Orders billed in a span of time. */
export interface BilledSpan {
  readonly platformId: string;
  /** UTC, included. */
  readonly from: string;
  /** UTC, not included. */
  readonly until: string;
}
export interface StoredOrder {
  readonly order: BilledOrder;
  readonly basis: BillBasis;
}

/** The writer stores bigint as text. */
type Stored<T> = T extends bigint ? string : T extends object ? { [K in keyof T]: Stored<T[K]> } : T;
interface Row {
  [column: string]: unknown;
  order_id: string;
  station_id: string;
  truck_id: string;
  carrier_id: string;
  payable_fen: bigint;
  billed_at: Date;
  basis: Stored<BillBasis>;
  nets: [string, string][];
}
/** Orders read at once. */
const PAGE = 5_000;

export async function countBilled(db: Db, { platformId, from, until }: BilledSpan): Promise<number> {
  const { rows } = await db.query<{ count: bigint }>({
    text: 'select count(*) from order_basis where platform_id = $1 and billed_at >= $2 and billed_at < $3',
    values: [platformId, from, until],
  });
  return Number(rows[0]?.count ?? 0);
}

/** Pages of orders in the order of their bills, each with what its bill was made of and who got what. */
export async function* storedOrders(db: Db, { platformId, from, until }: BilledSpan): AsyncGenerator<StoredOrder[]> {
  let after: readonly [string, string] = [from, ''];
  for (;;) {
    const { rows } = await db.query<Row>({
      text: `with page as (select order_id, billed_at, basis from order_basis
                            where platform_id = $1 and (billed_at, order_id) > ($2, $3) and billed_at < $4 order by billed_at, order_id limit $5),
                  nets as (select c.order_id, json_agg(json_build_array(c.principal_id, c.net_fen::text)) as nets
                             from clearing_entry c join page using (order_id) where c.platform_id = $1 group by c.order_id)
             select page.*, nets.nets, o.station_id, o.truck_id, o.carrier_id, o.payable_fen
               from page join nets using (order_id) join swap_order o on o.platform_id = $1 and o.order_id = page.order_id
              order by page.billed_at, page.order_id`,
      values: [platformId, ...after, until, PAGE],
    });
    if (rows.length > 0) yield rows.map(storedOf);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = [last.billed_at.toISOString(), last.order_id];
  }
}

const storedOf = (row: Row): StoredOrder => ({
  order: {
    orderId: row.order_id,
    stationId: row.station_id,
    truckId: row.truck_id,
    carrierId: row.carrier_id,
    payableFen: row.payable_fen,
    nets: row.nets.map(([principalId, netFen]) => ({ principalId, netFen: BigInt(netFen) })),
  },
  basis: {
    ...row.basis,
    out: row.basis.out === null ? null : legOf(row.basis.out),
    in: legOf(row.basis.in),
    usage: usageOf(row.basis.usage),
  },
});

const legOf = (leg: Stored<PackLeg>): PackLeg => ({
  ...leg,
  lots: leg.lots.map((lot): EnergyLot => ({ ...lot, priceNanoYuanPerKwh: BigInt(lot.priceNanoYuanPerKwh) })),
  rentNanoYuanPerKwh: BigInt(leg.rentNanoYuanPerKwh),
});

function usageOf(usage: Stored<SwapUsage>): SwapUsage {
  const { packageGrant } = usage;
  if (packageGrant === null) return { ...usage, packageGrant };
  const { packageId, unit, quantity, amountFen } = packageGrant;
  return { ...usage, packageGrant: { packageId, unit, quantity: BigInt(quantity), amountFen: fen(BigInt(amountFen)) } };
}
