import type { PackPlace } from '@corridor/actors/network/actor-event';
import type { AlarmPoint, Effect, EffectOf, OrderRow, OrderState, SwapRow } from '@corridor/actors/network/effect';
import { canBeSuppressed } from './alarm-consequences.ts';
import { AlarmShelves } from './alarm-shelf.ts';
import { localDateOf } from './local-date.ts';
import { RaisedLately } from './raised-lately.ts';

/**
 * What the committed effects add up to, as far as the screen needs it: where each pack is, the orders and alarms of the
 * moment, the swaps under way, and the sums of the day. Filled from the database at the start.
 */
export interface RaisedAlarm {
  readonly raised: EffectOf<'alarm.raised'>;
  /** When it returned to normal. */
  readonly clearedAtMs: number | null;
  readonly acknowledged: AlarmAct | null;
  readonly closed: AlarmAct | null;
}

/** What a person did with an alarm. */
export interface AlarmAct {
  readonly atMs: number;
  readonly by: string;
  readonly note: string | null;
}

/** One billed order, for sums by whoever may see it. */
export interface BilledOrder {
  orderId: string;
  stationId: string;
  carrierId: string | null;
  driverId: string | null;
  createdAtMs: number;
  packIds: readonly (string | null)[];
  payableFen: bigint;
  energyWh: number;
}

export interface FormerPlace {
  readonly place: PackPlace;
  /** Scope time. */
  readonly leftAtMs: number;
}

export const ENDED_STATES: readonly OrderState[] = ['CLEARED', 'SETTLED', 'REJECTED', 'CANCELLED', 'ABNORMAL', 'REPAIRED', 'WRITTEN_OFF'];
const BILLED_STATES: readonly OrderState[] = ['BILLED', 'CLEARED', 'SETTLED'];
/** Ended orders that stay in the scene. */
export const ENDED_ORDERS_SHOWN = 100;

/** What a batch changed, for whoever has to show it anew. */
export interface Touched {
  orders: Set<string>;
  removedOrders: Set<string>;
  alarms: Set<string>;
  removedAlarms: Set<string>;
  packs: Set<string>;
  slots: Set<string>;
  trucks: Set<string>;
  stations: Set<string>;
}

export const nothingTouched = (): Touched => ({
  orders: new Set(),
  removedOrders: new Set(),
  alarms: new Set(),
  removedAlarms: new Set(),
  packs: new Set(),
  slots: new Set(),
  trucks: new Set(),
  stations: new Set(),
});

export class Facts {
  readonly orders = new Map<string, OrderRow>();
  readonly alarms = new Map<string, RaisedAlarm>();
  readonly shelves = new AlarmShelves();
  readonly raisedLately = new RaisedLately();
  readonly swapsTotal = new Map<string, number>();
  /** Orders of each state since the beginning. */
  readonly ordersByState = new Map<OrderState, number>();
  #today = '';
  readonly billedToday = new Map<string, BilledOrder>();
  readonly #swapByOrder = new Map<string, SwapRow>();
  readonly #swapByBay = new Map<string, SwapRow>();
  readonly #places = new Map<string, PackPlace>();
  readonly #formerPlaces = new Map<string, FormerPlace>();
  readonly #packAt = new Map<string, string>();
  readonly #openOrderOfTruck = new Map<string, string>();
  readonly #earners = new Map<string, readonly string[]>();
  readonly #ended: string[] = [];

  placeOf = (packId: string): PackPlace | undefined => this.#places.get(packId);
  /** Where it was before its last move since the start of the process. */
  formerPlaceOf = (packId: string): FormerPlace | undefined => this.#formerPlaces.get(packId);
  /** Swaps that did not end, a bay each. */
  swapsUnderWay = (): Iterable<SwapRow> => this.#swapByBay.values();
  packInSlot = (slotId: string): string | null => this.#packAt.get(`SLOT:${slotId}`) ?? null;
  packOnTruck = (truckId: string): string | null => this.#packAt.get(`TRUCK:${truckId}`) ?? null;
  swapInBay = (bayId: string): SwapRow | undefined => this.#swapByBay.get(bayId);
  swapOfOrder = (orderId: string): SwapRow | undefined => this.#swapByOrder.get(orderId);
  orderOfTruck = (truckId: string): string | null => this.#openOrderOfTruck.get(truckId) ?? null;
  /** Who has a share in its bill; of orders that left the scene nobody. */
  earnersOf = (orderId: string): readonly string[] => this.#earners.get(orderId) ?? [];

  /** Order for which the pack is kept at the station. */
  orderReserving(stationId: string, packId: string): string | null {
    for (const orderId of this.#openOrderOfTruck.values()) {
      const order = this.orders.get(orderId);
      if (order?.issuePackId === packId && order.stationId === stationId) return orderId;
    }
    return null;
  }

  /** Begins a new day's sums when the local date changed. */
  rollDay(scopeAtMs: number): void {
    const today = localDateOf(scopeAtMs);
    if (today === this.#today) return;
    this.#today = today;
    this.billedToday.clear();
  }

  apply(effect: Effect, touched: Touched): void {
    switch (effect.type) {
      case 'order.changed':
        this.putOrder(effect.order, touched);
        return;
      case 'order.billed':
        this.putEarners(
          effect.orderId,
          effect.bill.shares.map(({ principalId }) => principalId),
        );
        touched.orders.add(effect.orderId);
        return;
      case 'swap.changed':
        this.putSwap(effect.swap, touched);
        return;
      case 'custody.moved':
        this.#noteFormer(effect.packId, effect.atMs);
        this.putPlace(effect.packId, effect.place, touched);
        return;
      case 'alarm.raised':
        this.#putAlarm(effect);
        this.#touchAlarm(effect.alarmId, touched);
        return;
      case 'alarm.acknowledged':
        this.#acknowledge(effect);
        touched.alarms.add(effect.alarmId);
        return;
      case 'alarm.cleared':
      case 'alarm.closed':
        this.alarms.delete(effect.alarmId);
        touched.removedAlarms.add(effect.alarmId);
        this.#touchConsequences(touched);
        return;
      case 'alarm.shelved':
        this.shelves.shelve(effect);
        this.touchAlarmsOf(effect.point, touched);
        return;
      case 'alarm.unshelved':
        this.shelves.unshelve(effect.point);
        this.touchAlarmsOf(effect.point, touched);
        return;
      // Where a pack had been: told late, and no longer where it is.
      case 'custody.passed':
      case 'order.quoted':
      case 'ledger.posted':
      case 'lots.changed':
      case 'correction.booked':
      case 'meter.mismatched':
      case 'statement.frozen':
      case 'agreement.drafted':
      case 'agreement.approved':
      case 'agreement.withdrawn':
      case 'penalty.incurred':
      case 'charge.booked':
      case 'settlement.progressed':
      case 'roster.changed':
      case 'command.issued':
      case 'notification.sent':
      case 'notification.read':
      case 'notification.answered':
      case 'intent.answered':
        return;
    }
  }

  /** Puts an order of the database back; it is in the sums already. */
  restoreOrder(order: OrderRow): void {
    this.orders.set(order.orderId, order);
    if (ENDED_STATES.includes(order.state)) this.#shelve(order.orderId, nothingTouched());
    else this.#openOrderOfTruck.set(order.truckId, order.orderId);
  }

  putOrder(order: OrderRow, touched: Touched): void {
    const before = this.orders.get(order.orderId);
    this.orders.set(order.orderId, order);
    touched.orders.add(order.orderId);
    if (order.truckId) touched.trucks.add(order.truckId);
    if (before?.state !== order.state) this.#count(before?.state, order.state);
    if (ENDED_STATES.includes(order.state)) {
      if (this.#openOrderOfTruck.get(order.truckId) === order.orderId) this.#openOrderOfTruck.delete(order.truckId);
      if (!before || !ENDED_STATES.includes(before.state)) this.#shelve(order.orderId, touched);
    } else this.#openOrderOfTruck.set(order.truckId, order.orderId);
    if (BILLED_STATES.includes(order.state) && !BILLED_STATES.some((billed) => billed === before?.state)) this.#bill(order);
  }

  putSwap(swap: SwapRow, touched: Touched): void {
    if (swap.endedAtMs === null) this.#swapByBay.set(swap.bayId, swap);
    else if (this.#swapByBay.get(swap.bayId)?.swapId === swap.swapId) this.#swapByBay.delete(swap.bayId);
    touched.stations.add(swap.stationId);
    if (swap.orderId === null) return;
    this.#swapByOrder.set(swap.orderId, swap);
    if (this.orders.has(swap.orderId)) touched.orders.add(swap.orderId);
  }

  /** Who has a share in the bill of an order of the scene. */
  putEarners(orderId: string, principalIds: readonly string[]): void {
    this.#earners.set(orderId, principalIds);
  }

  putPlace(packId: string, place: PackPlace, touched: Touched): void {
    const before = this.#places.get(packId);
    if (before) this.#touchPlace(before, touched);
    if (before && this.#packAt.get(`${before.kind}:${before.id}`) === packId) this.#packAt.delete(`${before.kind}:${before.id}`);
    this.#places.set(packId, place);
    this.#packAt.set(`${place.kind}:${place.id}`, packId);
    this.#touchPlace(place, touched);
    touched.packs.add(packId);
  }

  /** Those that say this of this thing. */
  touchAlarmsOf({ code, scope, scopeId }: AlarmPoint, touched: Touched): void {
    for (const { raised } of this.alarms.values())
      if (raised.code === code && raised.scope === scope && raised.scopeId === scopeId) touched.alarms.add(raised.alarmId);
  }

  #touchAlarm(alarmId: string, touched: Touched): void {
    touched.alarms.add(alarmId);
    this.#touchConsequences(touched);
  }

  /** What one suppresses is shown anew when it comes or goes. */
  #touchConsequences(touched: Touched): void {
    for (const { raised } of this.alarms.values()) if (canBeSuppressed(raised.code)) touched.alarms.add(raised.alarmId);
  }

  /** One that is raised again while it stands keeps since when, and who saw it; unless its level rose: that nobody has seen yet. */
  #putAlarm(effect: EffectOf<'alarm.raised'>): void {
    const standing = this.alarms.get(effect.alarmId);
    const escalatedAtMs = effect.escalatedAtMs ?? standing?.raised.escalatedAtMs;
    const isTold = standing !== undefined && escalatedAtMs === standing.raised.escalatedAtMs;
    if (!isTold) this.raisedLately.add({ ...effect, atMs: escalatedAtMs ?? effect.atMs });
    this.alarms.set(effect.alarmId, {
      raised: { ...effect, atMs: standing?.raised.atMs ?? effect.atMs, ...(escalatedAtMs === undefined ? {} : { escalatedAtMs }) },
      clearedAtMs: null,
      acknowledged: isTold ? standing.acknowledged : null,
      closed: null,
    });
  }

  #acknowledge({ alarmId, atMs, by, note }: EffectOf<'alarm.acknowledged'>): void {
    const standing = this.alarms.get(alarmId);
    if (standing?.acknowledged === null) this.alarms.set(alarmId, { ...standing, acknowledged: { atMs, by, note } });
  }

  #noteFormer(packId: string, leftAtMs: number): void {
    const place = this.#places.get(packId);
    if (place) this.#formerPlaces.set(packId, { place, leftAtMs });
  }

  #touchPlace(place: PackPlace, touched: Touched): void {
    if (place.kind === 'SLOT') touched.slots.add(place.id);
    if (place.kind === 'TRUCK') touched.trucks.add(place.id);
  }

  #count(before: OrderState | undefined, after: OrderState): void {
    if (before) this.ordersByState.set(before, (this.ordersByState.get(before) ?? 1) - 1);
    this.ordersByState.set(after, (this.ordersByState.get(after) ?? 0) + 1);
  }

  /**
   * Old ended orders leave the scene; they stay in the database. One that an alarm stands for stays as long: who may see and end that alarm
   * goes by the parties of the order.
   */
  #shelve(orderId: string, touched: Touched): void {
    this.#ended.push(orderId);
    const alarmed = new Set([...this.alarms.values()].flatMap(({ raised: { scope, scopeId } }) => (scope === 'order' ? [scopeId] : [])));
    for (const oldest of this.#ended.filter((id) => !alarmed.has(id)).slice(0, -ENDED_ORDERS_SHOWN)) {
      this.#ended.splice(this.#ended.indexOf(oldest), 1);
      this.orders.delete(oldest);
      this.#swapByOrder.delete(oldest);
      this.#earners.delete(oldest);
      touched.orders.delete(oldest);
      touched.removedOrders.add(oldest);
    }
  }

  #bill(order: OrderRow): void {
    this.rollDay(order.updatedAtMs);
    this.swapsTotal.set(order.stationId, (this.swapsTotal.get(order.stationId) ?? 0) + 1);
    this.countToday(order);
  }

  /** Adds a billed order to the sums of the day. */
  countToday(order: OrderRow): void {
    if (order.payableFen === null) return;
    this.billedToday.set(order.orderId, {
      orderId: order.orderId,
      stationId: order.stationId,
      carrierId: order.carrierId,
      driverId: order.driverId,
      createdAtMs: order.createdAtMs,
      packIds: [order.returnPackId, order.issuePackId],
      payableFen: order.payableFen,
      energyWh: (order.energyOutWh ?? 0) - (order.energyInWh ?? 0),
    });
  }
}
