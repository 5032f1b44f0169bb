import type { Db } from '../../db/db.ts';
import { visibleOrders } from '../../projection/order-parties.ts';
import { type Rights, subjectOf } from '../../projection/rights.ts';

export interface OrderListRow {
  [column: string]: unknown;
  order_id: string;
  state: string;
  reason: string | null;
  station_id: string;
  bay_id: string | null;
  truck_id: string;
  carrier_id: string | null;
  request_id: number | null;
  initiation: 'LOCAL' | 'REMOTE';
  return_pack_id: string | null;
  issue_pack_id: string | null;
  quoted_fen: bigint | null;
  held_fen: bigint | null;
  payable_fen: bigint | null;
  released_fen: bigint | null;
  energy_in_wh: bigint | null;
  energy_out_wh: bigint | null;
  quote: unknown;
  created_at: Date;
  updated_at: Date;
  swap_state: string | null;
  operator_id: string | null;
  return_owner_id: string | null;
  issue_owner_id: string | null;
}

/** Whose an asset of the order was when the order began. */
function ownerThen(kind: 'STATION' | 'PACK', column: string): string {
  return `(select own.principal_id from ownership own where own.platform_id = o.platform_id and own.asset_kind = '${kind}'
            and own.asset_id = o.${column} and o.created_at >= own.valid_from and (own.valid_until is null or o.created_at < own.valid_until))`;
}

/** @param from what `o` is: orders as the caller may see them */
const orders = (from: string) => `
  select o.*, s.operator_id, ${ownerThen('PACK', 'return_pack_id')} as return_owner_id,
         ${ownerThen('PACK', 'issue_pack_id')} as issue_owner_id
    from ${from}
    left join lateral (select ${ownerThen('STATION', 'station_id')} as operator_id) s on true`;

export interface OrderFilter {
  state?: string;
  stationId?: string;
  truckId?: string;
  carrierId?: string;
  packId?: string;
  from?: string;
  until?: string;
}

const THEN = 'select * from seen_order_at($1, page.order_id, $12)';

/**
 * Newest first. The view that says what is shown of an order lets no limit through: the ids of the page are found first, by the same rule
 * (migration 40), and it is asked of those only.
 * @param db of the caller: its rights say what there is
 */
export async function listOrders(
  db: Db,
  platformId: string,
  query: OrderFilter & {
    limit: number;
    after: readonly string[] | null;
    /** Orders as they were then; null: now. */
    at: string | null;
  },
): Promise<OrderListRow[]> {
  const { rows } = await db.query<OrderListRow>({
    text: `${orders(`caller_order_page($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) page
    cross join lateral (${query.at === null ? 'select * from seen_order v where v.platform_id = $1 and v.order_id = page.order_id limit 1' : THEN}) o`)}
     order by o.created_at desc, o.order_id desc`,
    values: [
      platformId,
      query.state ?? null,
      query.stationId ?? null,
      query.truckId ?? null,
      query.carrierId ?? null,
      query.packId ?? null,
      query.from ?? null,
      query.until ?? null,
      query.after?.[0] ?? null,
      query.after?.[1] ?? null,
      query.limit,
      query.at,
    ],
  });
  return rows;
}

/** @param at the order as it was then, undefined when it was not there; null: now */
export async function findOrder(
  db: Db,
  { platformId, rights, at }: { platformId: string; rights: Rights; at: string | null },
  orderId: string,
): Promise<OrderListRow | undefined> {
  const values = [platformId, subjectOf(rights), orderId];
  const { rows } = await db.query<OrderListRow>({
    text: `${orders(at === null ? 'seen_order o' : 'seen_order_at($1, $3, $4) o')} where o.platform_id = $1 ${visibleOrders(rights)} and o.order_id = $3`,
    values: at === null ? values : [...values, at],
  });
  return rows[0];
}

export interface LineRow {
  [column: string]: unknown;
  line_no: number;
  component: string;
  description: string;
  quantity: bigint;
  unit: string;
  unit_price_nano_yuan: bigint;
  amount_fen: bigint;
  tax_rate_basis_points: number;
  beneficiary_id: string;
  period: string | null;
  pack_id: string | null;
  derivation: string;
}
export async function linesOf(db: Db, platformId: string, orderId: string): Promise<LineRow[]> {
  const { rows } = await db.query<LineRow>({
    text: 'select * from order_line where platform_id = $1 and order_id = $2 order by line_no',
    values: [platformId, orderId],
  });
  return rows;
}

export interface SplitRow {
  [column: string]: unknown;
  component: string;
  quantity: bigint;
  unit: string;
  amount_fen: bigint;
  tax_rate_basis_points: number;
}
/** How the total is made up, to who may see no single line. */
export async function splitOf(db: Db, platformId: string, orderId: string): Promise<SplitRow[]> {
  const { rows } = await db.query<SplitRow>({
    text: `select component, quantity, unit, amount_fen, tax_rate_basis_points from seen_order_split
            where platform_id = $1 and order_id = $2 order by first_line_no`,
    values: [platformId, orderId],
  });
  return rows;
}

export interface ShareRow {
  [column: string]: unknown;
  principal_id: string;
  role: string;
  gross_fen: bigint;
  commission_fen: bigint;
  net_fen: bigint;
}
/** @param at those that were cleared by then; null: by now */
export async function sharesOf(db: Db, platformId: string, orderId: string, at: string | null): Promise<ShareRow[]> {
  const { rows } = await db.query<ShareRow>({
    text: `select principal_id, role, gross_fen, commission_fen, net_fen from clearing_entry
            where platform_id = $1 and order_id = $2 and ($3::timestamptz is null or cleared_at <= $3) order by role, principal_id`,
    values: [platformId, orderId, at],
  });
  return rows;
}

export interface OrderEventRow {
  [column: string]: unknown;
  at: Date;
  kind: 'order' | 'swap' | 'event';
  what: string;
  from_state: string | null;
  to_state: string | null;
  payload: string | null;
}
const EVENTS_MAX = 500;

/** Everything that happened to an order: its changes of state, those of its swap, and what the gateway reported. */
export async function eventsOf(
  db: Db,
  platformId: string,
  order: { order_id: string; station_id: string; request_id: number | null },
): Promise<OrderEventRow[]> {
  const swapId = order.request_id === null ? null : `${order.station_id}-${order.request_id}`;
  const { rows } = await db.query<OrderEventRow>({
    text: `select * from (
        select at, 'order' as kind, event as what, from_state, to_state, null as payload, batch_no as batch, ordinal
          from seen_actor_transition where platform_id = $1 and machine = 'order' and id = $2
        union all
        select at, 'swap', event, from_state, to_state, null, batch_no, ordinal
          from seen_actor_transition where platform_id = $1 and machine = 'swap' and id = $3
        union all
        select ts_event, 'event', subject, null, null, payload, stream_seq, 0 from swap_event where platform_id = $1 and swap_id = $3
      ) happened order by at, kind, batch, ordinal limit ${EVENTS_MAX}`,
    values: [platformId, order.order_id, swapId],
  });
  return rows;
}
