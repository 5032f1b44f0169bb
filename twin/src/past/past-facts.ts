import type { PackPlace } from '@corridor/actors/network/actor-event';
import type { Db } from '../db/db.ts';
import { ENDED_ORDERS_SHOWN, Facts, nothingTouched } from '../projection/facts.ts';
import { localDayStartMs } from '../projection/local-date.ts';
import {
  type AlarmColumns,
  loadRaisedLately,
  loadShelves,
  type OrderColumns,
  orderOf,
  putStanding,
  type SwapColumns,
  swapOf,
} from '../restore/load-facts.ts';

/** An instant of a platform's past. */
export interface PastInstant {
  readonly platformId: string;
  /** Scope time; what happened at it counts. */
  readonly at: Date;
}

type Row<Columns> = Columns & { [column: string]: unknown };

/** What the committed effects had added up to at an instant: places, orders, swaps, alarms, the sums of its day. @param swapsNow of each station since the beginning, as of now */
export async function loadPastFacts(db: Db, instant: PastInstant, swapsNow: ReadonlyMap<string, number>): Promise<Facts> {
  const facts = new Facts();
  facts.rollDay(instant.at.getTime());
  await loadPlaces(db, instant, facts);
  // Before the orders: one that an alarm stands for stays in the scene.
  await loadAlarms(db, instant, facts);
  await loadOrders(db, instant, facts);
  await loadSwaps(db, instant, facts);
  await loadShelves(db, instant, facts);
  await loadRaisedLately(db, instant, facts);
  await loadBilled(db, instant, facts, swapsNow);
  return facts;
}

async function loadPlaces(db: Db, { platformId, at }: PastInstant, facts: Facts): Promise<void> {
  const { rows } = await db.query<{ pack_id: string; place_kind: PackPlace['kind']; place_id: string }>({
    text: `select p.pack_id, c.place_kind, c.place_id from pack p
            cross join lateral (select * from custody c where c.platform_id = p.platform_id and c.pack_id = p.pack_id and c.since <= $2
                                 order by c.since desc, c.custody_no desc limit 1) c
            where p.platform_id = $1 and (c.until is null or c.until > $2)`,
    values: [platformId, at],
  });
  for (const { pack_id, place_kind, place_id } of rows) facts.putPlace(pack_id, { kind: place_kind, id: place_id }, nothingTouched());
}

/** Alarms that stood then, with the level that they had. */
const BEGAN = 'platform_id = $1 and raised_at <= $2 and (escalated_at is null or escalated_at <= $2)';
const STOOD = `${BEGAN} and (least(cleared_at, closed_at) is null or least(cleared_at, closed_at) > $2)`;
const PAST_STOOD = `${BEGAN} and (least(cleared_at, closed_at, superseded_at) is null or least(cleared_at, closed_at, superseded_at) > $2)`;

/**
 * Orders under way then, the last that had ended, and those that an alarm stood for. Those under way began within the day before, or took longer than a day, or are under
 * way still: each is a range of an index, however old the database is.
 */
const SHOWN = `
  select platform_id, order_id, ended_at from swap_order
   where platform_id = $1 and created_at <= $2 and created_at > $2 - interval '1 day' and (ended_at is null or ended_at > $2)
  union select platform_id, order_id, ended_at from swap_order
   where platform_id = $1 and ended_at > $2 and ended_at - created_at > interval '1 day' and created_at <= $2
  union select platform_id, order_id, ended_at from swap_order
   where platform_id = $1 and ended_at is null and state in ('CREATED', 'QUOTED', 'HELD', 'IN_PROGRESS', 'MEASURED', 'BILLED') and created_at <= $2
  union (select platform_id, order_id, ended_at from swap_order
          where platform_id = $1 and ended_at <= $2 order by ended_at desc, order_id desc limit ${ENDED_ORDERS_SHOWN})
  union select platform_id, order_id, ended_at from swap_order where platform_id = $1 and ended_at <= $2 and order_id in (
   select scope_id from alarm where ${STOOD} and scope = 'order' union all select scope_id from alarm_past where ${PAST_STOOD} and scope = 'order')`;

async function loadOrders(db: Db, { platformId, at }: PastInstant, facts: Facts): Promise<void> {
  const { rows } = await db.query<Row<OrderColumns & { ended_at: Date | null }>>({
    text: `select c.*, o.ended_at from (${SHOWN}) o
            cross join lateral (select * from order_change c where c.platform_id = o.platform_id and c.order_id = o.order_id and c.updated_at <= $2
                                 order by c.change_no desc limit 1) c`,
    values: [platformId, at],
  });
  const endMs = ({ ended_at }: (typeof rows)[number]) => ended_at?.getTime() ?? Number.POSITIVE_INFINITY;
  for (const row of rows.toSorted((one, other) => endMs(one) - endMs(other) || (one.order_id < other.order_id ? -1 : 1)))
    facts.restoreOrder(orderOf(row));
  const shares = await db.query<{ order_id: string; earners: string[] }>({
    text: `select order_id, array_agg(principal_id) as earners from clearing_entry
            where platform_id = $1 and order_id = any($2) and cleared_at <= $3 group by order_id`,
    values: [platformId, [...facts.orders.keys()], at],
  });
  for (const { order_id, earners } of shares.rows) facts.putEarners(order_id, earners);
}

/** A swap that says nothing is given up after a day; three are looked through for those under way. */
const LONGEST_SWAP = `interval '3 days'`;

/** Before its truck is known it has no order. */
const UNKNOWN_TRUCK: ReadonlySet<string> = new Set(['QUEUED', 'IDENTIFYING']);

async function loadSwaps(db: Db, { platformId, at }: PastInstant, facts: Facts): Promise<void> {
  const { rows } = await db.query<Row<SwapColumns & { state_then: string; order_began_at: Date | null }>>({
    text: `select s.*, t.to_state as state_then, o.created_at as order_began_at
             from (select * from swap
                    where platform_id = $1 and began_at <= $2 and began_at > $2 - ${LONGEST_SWAP} and (ended_at is null or ended_at > $2)
                   union select * from swap where platform_id = $1 and order_id = any($3) and began_at <= $2) s
            cross join lateral (select to_state from actor_transition t
                                 where t.platform_id = s.platform_id and t.machine = 'swap' and t.id = s.swap_id and t.at <= $2
                                 order by t.at desc, t.batch_no desc, t.ordinal desc limit 1) t
             left join swap_order o on o.platform_id = s.platform_id and o.order_id = s.order_id
            order by s.began_at`,
    values: [platformId, at, [...facts.orders.keys()]],
  });
  for (const row of rows) {
    const hasOrder = row.order_began_at !== null && row.order_began_at <= at;
    const endedAt = row.ended_at !== null && row.ended_at <= at ? row.ended_at : null;
    facts.putSwap(
      {
        ...swapOf(row),
        state: row.state_then,
        orderId: hasOrder ? row.order_id : null,
        truckId: hasOrder || !UNKNOWN_TRUCK.has(row.state_then) ? row.truck_id : null,
        endedAtMs: endedAt?.getTime() ?? null,
      },
      nothingTouched(),
    );
  }
}

async function loadAlarms(db: Db, { platformId, at }: PastInstant, facts: Facts): Promise<void> {
  const columns =
    'alarm_id, code, level, scope, scope_id, detail, args, raised_at, escalated_at, acknowledged_at, acknowledged_by, acknowledge_note';
  const { rows } = await db.query<Row<AlarmColumns>>({
    text: `select ${columns} from alarm where ${STOOD} union all select ${columns} from alarm_past where ${PAST_STOOD} order by raised_at`,
    values: [platformId, at],
  });
  for (const row of rows) {
    const isSeen = row.acknowledged_at !== null && row.acknowledged_at <= at;
    putStanding(facts, isSeen ? row : { ...row, acknowledged_at: null, acknowledged_by: null, acknowledge_note: null });
  }
}

async function loadBilled(db: Db, { platformId, at }: PastInstant, facts: Facts, swapsNow: ReadonlyMap<string, number>): Promise<void> {
  const today = await db.query<Row<OrderColumns>>({
    text: `select o.* from order_basis b join swap_order o on o.platform_id = b.platform_id and o.order_id = b.order_id
            where b.platform_id = $1 and b.billed_at >= $3 and b.billed_at <= $2 and o.payable_fen is not null`,
    values: [platformId, at, new Date(localDayStartMs(at.getTime()))],
  });
  for (const row of today.rows) facts.countToday(orderOf(row));
  const since = await db.query<{ station_id: string; count: bigint }>({
    text: `select o.station_id, count(*) as count from order_basis b join swap_order o on o.platform_id = b.platform_id and o.order_id = b.order_id
            where b.platform_id = $1 and b.billed_at > $2 group by o.station_id`,
    values: [platformId, at],
  });
  for (const [stationId, count] of swapsNow) facts.swapsTotal.set(stationId, count);
  for (const { station_id, count } of since.rows)
    facts.swapsTotal.set(station_id, (facts.swapsTotal.get(station_id) ?? Number(count)) - Number(count));
}
