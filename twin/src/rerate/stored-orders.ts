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
  /** Of the station, when the order was billed. */
  readonly operatorId: string | undefined;
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
  /** Ids and amounts in turn, all with a blank between: no id holds one. */
  nets: string;
  operator_id: string | null;
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

/**
 * Pages of orders in the order of their bills, each with what its bill was made of and who got what. The next page is read while
 * one is worked on, so nothing else may be asked of a `db` that is a single connection.
 */
export async function* storedOrders(db: Db, span: BilledSpan): AsyncGenerator<StoredOrder[]> {
  let rows = await pageOf(db, span, [span.from, '']);
  while (rows.length > 0) {
    const last = rows.at(-1);
    const next = last === undefined || rows.length < PAGE ? null : pageOf(db, span, [last.billed_at.toISOString(), last.order_id]);
    // It is awaited below; until then nobody else hears of its failure, nor when the reader gave up.
    next?.catch(() => undefined);
    yield rows.map(storedOf);
    rows = (await next) ?? [];
  }
}

async function pageOf(db: Db, { platformId, until }: BilledSpan, after: readonly [string, string]): Promise<Row[]> {
  const { rows } = await db.query<Row>({
    text: `with page as materialized (
             select order_id, billed_at, basis from order_basis
              where platform_id = $1 and (billed_at, order_id) > ($2, $3) and billed_at < $4 order by billed_at, order_id limit $5)
           select page.*, nets.nets, nets.operator_id, o.station_id, o.truck_id, o.carrier_id, o.payable_fen
             from page
             join swap_order o on o.platform_id = $1 and o.order_id = page.order_id
             join lateral (select string_agg(c.principal_id || ' ' || c.net_fen, ' ') as nets,
                                    max(c.principal_id) filter (where c.role = 'STATION_OPERATOR') as operator_id
                             from clearing_entry c where c.platform_id = $1 and c.order_id = page.order_id) nets on nets.nets is not null
            order by page.billed_at, page.order_id`,
    values: [platformId, ...after, until, PAGE],
  });
  return rows;
}

const storedOf = (row: Row): StoredOrder => ({
  operatorId: row.operator_id ?? undefined,
  order: {
    orderId: row.order_id,
    stationId: row.station_id,
    truckId: row.truck_id,
    carrierId: row.carrier_id,
    payableFen: row.payable_fen,
    nets: netsOf(row.nets),
  },
  basis: {
    ...row.basis,
    out: row.basis.out === null ? null : legOf(row.basis.out),
    in: legOf(row.basis.in),
    usage: usageOf(row.basis.usage),
  },
});

function netsOf(text: string): BilledOrder['nets'] {
  const parts = text.split(' ');
  const nets: { principalId: string; netFen: bigint }[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) nets.push({ principalId: parts[at] ?? '', netFen: BigInt(parts[at + 1] ?? '') });
  return nets;
}

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
