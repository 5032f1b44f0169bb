import type { PackPlace } from '@corridor/actors/network/actor-event';
import type { OrderRow, OrderState, SwapRow } from '@corridor/actors/network/effect';
import type { EntityKind } from '@corridor/actors/network/entity-ref';
import type { AlarmArgs } from '@corridor/protocols/alarm-code';
import type { Db } from '../db/db.ts';
import { ENDED_ORDERS_SHOWN, type Facts, nothingTouched } from '../projection/facts.ts';
import { localDayStartMs } from '../projection/local-date.ts';
import { RAISED_LATELY_MS } from '../projection/raised-lately.ts';

export interface OrderColumns {
  order_id: string;
  state: OrderState;
  reason: string | null;
  initiation: 'LOCAL' | 'REMOTE';
  station_id: string;
  bay_id: string | null;
  request_id: number | null;
  truck_id: string;
  driver_id: string | null;
  carrier_id: string | null;
  return_pack_id: string | null;
  issue_pack_id: string | null;
  quoted_fen: bigint | null;
  held_fen: bigint | null;
  payable_fen: bigint | null;
  released_fen: bigint | null;
  energy_in_wh: bigint | null;
  energy_out_wh: bigint | null;
  created_at: Date;
  updated_at: Date;
}

const OPEN = `state in ('CREATED', 'QUOTED', 'HELD', 'IN_PROGRESS', 'MEASURED', 'BILLED')`;

/** Fills what the scene shows from the database. */
export async function loadFacts(db: Db, platformId: string, facts: Facts, scopeAtMs: number): Promise<void> {
  facts.rollDay(scopeAtMs);
  await loadPlaces(db, platformId, facts);
  await loadCounts(db, platformId, facts, scopeAtMs);
  // Before the orders: one that an alarm stands for stays in the scene.
  await loadAlarms(db, platformId, facts);
  await loadOrders(db, platformId, facts);
  await loadSwaps(db, platformId, facts);
  await loadShelves(db, { platformId, at: new Date(scopeAtMs) }, facts);
  await loadRaisedLately(db, { platformId, at: new Date(scopeAtMs) }, facts);
}

async function loadPlaces(db: Db, platformId: string, facts: Facts): Promise<void> {
  const { rows } = await db.query<{ pack_id: string; place_kind: PackPlace['kind']; place_id: string }>({
    text: 'select pack_id, place_kind, place_id from custody where platform_id = $1 and until is null',
    values: [platformId],
  });
  const touched = nothingTouched();
  for (const { pack_id, place_kind, place_id } of rows) facts.putPlace(pack_id, { kind: place_kind, id: place_id }, touched);
}

async function loadOrders(db: Db, platformId: string, facts: Facts): Promise<void> {
  const { rows } = await db.query<OrderColumns & { [column: string]: unknown }>({
    text: `select * from swap_order where platform_id = $1 and order_id in (
             select order_id from swap_order where platform_id = $1 and ${OPEN}
             union (select order_id from swap_order where platform_id = $1 and not ${OPEN}
                     order by created_at desc, order_id desc limit ${ENDED_ORDERS_SHOWN})
             union select scope_id from alarm where platform_id = $1 and scope = 'order' and cleared_at is null and closed_at is null)`,
    values: [platformId],
  });
  const orders = rows.map(orderOf).sort((one, other) => one.createdAtMs - other.createdAtMs);
  for (const order of orders) facts.restoreOrder(order);
  const shares = await db.query<{ order_id: string; earners: string[] }>({
    text: `select order_id, array_agg(principal_id) as earners from clearing_entry where platform_id = $1 and order_id = any($2) group by order_id`,
    values: [platformId, orders.map(({ orderId }) => orderId)],
  });
  for (const { order_id, earners } of shares.rows) facts.putEarners(order_id, earners);
}

export function orderOf(row: OrderColumns): OrderRow {
  return {
    orderId: row.order_id,
    state: row.state,
    reason: row.reason,
    initiation: row.initiation,
    stationId: row.station_id,
    bayId: row.bay_id,
    requestId: row.request_id,
    truckId: row.truck_id,
    driverId: row.driver_id,
    carrierId: row.carrier_id,
    returnPackId: row.return_pack_id,
    issuePackId: row.issue_pack_id,
    quotedFen: row.quoted_fen,
    heldFen: row.held_fen,
    payableFen: row.payable_fen,
    releasedFen: row.released_fen,
    energyInWh: row.energy_in_wh === null ? null : Number(row.energy_in_wh),
    energyOutWh: row.energy_out_wh === null ? null : Number(row.energy_out_wh),
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
  };
}

export interface SwapColumns {
  swap_id: string;
  station_id: string;
  request_id: number;
  bay_id: string;
  state: string;
  step: number;
  truck_id: string | null;
  order_id: string | null;
  return_pack_id: string | null;
  issue_pack_id: string | null;
  reason: string | null;
  began_at: Date;
  updated_at: Date;
  ended_at: Date | null;
}

async function loadSwaps(db: Db, platformId: string, facts: Facts): Promise<void> {
  const { rows } = await db.query<SwapColumns & { [column: string]: unknown }>({
    text: 'select * from swap where platform_id = $1 and (ended_at is null or order_id = any($2))',
    values: [platformId, [...facts.orders.keys()]],
  });
  for (const row of rows) facts.putSwap(swapOf(row), nothingTouched());
}

export const swapOf = (row: SwapColumns): SwapRow => ({
  swapId: row.swap_id,
  stationId: row.station_id,
  requestId: row.request_id,
  bayId: row.bay_id,
  state: row.state,
  step: row.step,
  truckId: row.truck_id,
  orderId: row.order_id,
  returnPackId: row.return_pack_id,
  issuePackId: row.issue_pack_id,
  reason: row.reason,
  beganAtMs: row.began_at.getTime(),
  updatedAtMs: row.updated_at.getTime(),
  endedAtMs: row.ended_at?.getTime() ?? null,
});

export interface AlarmColumns {
  alarm_id: string;
  code: string;
  level: 1 | 2 | 3;
  scope: EntityKind;
  scope_id: string;
  detail: string;
  args: AlarmArgs;
  raised_at: Date;
  escalated_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  acknowledge_note: string | null;
}

async function loadAlarms(db: Db, platformId: string, facts: Facts): Promise<void> {
  const { rows } = await db.query<AlarmColumns & { [column: string]: unknown }>({
    text: `select alarm_id, code, level, scope, scope_id, detail, args, raised_at, escalated_at, acknowledged_at, acknowledged_by, acknowledge_note
             from alarm where platform_id = $1 and cleared_at is null and closed_at is null`,
    values: [platformId],
  });
  for (const row of rows) putStanding(facts, row);
}

/** An alarm that stands. */
export function putStanding(facts: Facts, row: AlarmColumns): void {
  const { alarm_id: alarmId, code, level, scope, scope_id: scopeId, detail, args } = row;
  const escalated = row.escalated_at === null ? {} : { escalatedAtMs: row.escalated_at.getTime() };
  facts.apply(
    { type: 'alarm.raised', atMs: row.raised_at.getTime(), ...escalated, alarmId, code, level, scope, scopeId, detail, args },
    nothingTouched(),
  );
  if (row.acknowledged_at === null || row.acknowledged_by === null) return;
  const { acknowledged_by: by, acknowledge_note: note } = row;
  facts.apply({ type: 'alarm.acknowledged', alarmId, atMs: row.acknowledged_at.getTime(), by, note }, nothingTouched());
}

/** What was put aside at an instant. */
export async function loadShelves(db: Db, { platformId, at }: { platformId: string; at: Date }, facts: Facts): Promise<void> {
  const { rows } = await db.query<{
    code: string;
    scope: EntityKind;
    scope_id: string;
    shelved_at: Date;
    shelved_until: Date;
    shelved_by: string;
    reason: string;
  }>({
    text: `select code, scope, scope_id, shelved_at, shelved_until, shelved_by, reason from alarm_shelf
            where platform_id = $1 and least(shelved_until, taken_back_at) > $2 and shelved_at <= $2 order by shelf_no`,
    values: [platformId, at],
  });
  for (const { code, scope, scope_id: scopeId, shelved_at, shelved_until, shelved_by: by, reason } of rows) {
    facts.shelves.shelve({ point: { code, scope, scopeId }, atMs: shelved_at.getTime(), untilMs: shelved_until.getTime(), by, reason });
  }
}

/** What was raised, or rose to another level, shortly before an instant, also what is over since. */
export async function loadRaisedLately(db: Db, { platformId, at }: { platformId: string; at: Date }, facts: Facts): Promise<void> {
  const columns = 'code, scope, scope_id, coalesce(escalated_at, raised_at) as raised_at';
  const lately = `platform_id = $1 and ((escalated_at is null and raised_at <= $2 and raised_at > $3) or (escalated_at <= $2 and escalated_at > $3))`;
  const { rows } = await db.query<{ code: string; scope: EntityKind; scope_id: string; raised_at: Date }>({
    text: `select ${columns} from alarm where ${lately} union all select ${columns} from alarm_past where ${lately} order by raised_at`,
    values: [platformId, at, new Date(at.getTime() - RAISED_LATELY_MS)],
  });
  facts.raisedLately.clear();
  for (const { code, scope, scope_id: scopeId, raised_at } of rows)
    facts.raisedLately.add({ code, scope, scopeId, atMs: raised_at.getTime() });
}

async function loadCounts(db: Db, platformId: string, facts: Facts, scopeAtMs: number): Promise<void> {
  const states = await db.query<{ state: OrderState; count: bigint }>({
    text: 'select state, count(*) as count from swap_order where platform_id = $1 group by state',
    values: [platformId],
  });
  for (const { state, count } of states.rows) facts.ordersByState.set(state, Number(count));
  const stations = await db.query<{ station_id: string; count: bigint }>({
    text: `select station_id, count(*) as count from swap_order
            where platform_id = $1 and state in ('BILLED', 'CLEARED', 'SETTLED') group by station_id`,
    values: [platformId],
  });
  for (const { station_id, count } of stations.rows) facts.swapsTotal.set(station_id, Number(count));
  const today = await db.query<OrderColumns & { [column: string]: unknown }>({
    text: `select * from swap_order where platform_id = $1 and state in ('BILLED', 'CLEARED', 'SETTLED') and updated_at >= $2`,
    values: [platformId, new Date(localDayStartMs(scopeAtMs))],
  });
  for (const row of today.rows) facts.countToday(orderOf(row));
}
