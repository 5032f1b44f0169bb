import type { EntityRef } from '@corridor/actors/network/entity-ref';
import { parseRef } from '@corridor/actors/network/entity-ref';
import type { Kpis, PackView, Scene, SlotView, StationView, TruckView, WsMessage } from '@corridor/protocols/http/scene';
import { slotIdOf } from '@corridor/protocols/ids';
import { alarmView, maySeeAlarm } from './alarm-view.ts';
import { nothingTouched, type Touched } from './facts.ts';
import { kpisFor } from './kpis.ts';
import type { LiveFacts } from './live-facts.ts';
import { maySeeOrder, partiesOfOrder } from './order-parties.ts';
import { maskOrder, orderSummary } from './order-summary.ts';
import { maskPack, packView } from './pack-view.ts';
import { type Rights, rightsKey } from './rights.ts';
import { maskSlot, slotView } from './slot-view.ts';
import { maskStation, stationView } from './station-view.ts';
import { maskTruck, truckView } from './truck-view.ts';

type Diff = Extract<WsMessage, { type: 'diff' }>;
/** Kinds of which a class sees some at one time, and others later. */
const PASSING_KINDS = ['slots', 'packs', 'trucks', 'orders', 'alarms'] as const;
type PassingKind = (typeof PASSING_KINDS)[number];
/** What one class was shown: what leaves its sight has to be removed, and of what it never saw it hears nothing. */
type Seen = Readonly<Record<PassingKind, Set<string>>>;

/**
 * The scene as each class of callers sees it. Collects what changed since the last flush, and builds the views of only
 * that; whole scenes are built for who comes new.
 */
export class LiveScene {
  readonly #live: LiveFacts;
  #touched: Touched = nothingTouched();
  #dirty = false;
  readonly #seen = new Map<string, Seen>();

  constructor(live: LiveFacts) {
    this.#live = live;
  }

  get live(): LiveFacts {
    return this.#live;
  }

  get dirty(): boolean {
    return this.#dirty;
  }

  /** Whoever changes a fact says so here, after the commit. */
  touch(change: (touched: Touched) => void): void {
    change(this.#touched);
    this.#dirty = true;
  }

  touchRefs(refs: Iterable<EntityRef>): void {
    this.touch((touched) => {
      for (const ref of refs) touchRef(ref, touched);
      // Whether it is in use is told with its alarms.
      for (const { raised } of this.#live.facts.alarms.values())
        if (raised.scope === 'slot' && touched.slots.has(raised.scopeId)) touched.alarms.add(raised.alarmId);
    });
  }

  /** Alarms whose time on the shelf is over are shown again. @returns whether there were any */
  returnFromShelves(nowMs: number): boolean {
    const { facts } = this.#live;
    const returned = facts.shelves.takeReturned(nowMs);
    if (returned.length === 0) return false;
    this.touch((touched) => {
      for (const { point } of returned) facts.touchAlarmsOf(point, touched);
    });
    return true;
  }

  /** Takes what changed; the next flush begins with nothing. */
  takeTouched(): Touched {
    const touched = this.#touched;
    this.#touched = nothingTouched();
    this.#dirty = false;
    return touched;
  }

  /** Everything a class may see, now. */
  sceneFor(rights: Rights, clock: { scopeAtMs: number; factor: number }): Scene {
    const { facts } = this.#live;
    const shown = {
      slots: this.slotsFor(rights),
      packs: this.packsFor(rights),
      trucks: this.trucksFor(rights),
      orders: present([...facts.orders.keys()].map((id) => this.#order(id, rights))),
      alarms: present([...facts.alarms.keys()].map((id) => this.#alarm(id, rights))),
    };
    const seen = this.#seenBy(rights);
    // Only added to: who reads the scene over HTTP must not hide from the others of his class that something leaves.
    for (const kind of PASSING_KINDS) for (const { id } of shown[kind]) seen[kind].add(id);
    return {
      scopeAt: new Date(clock.scopeAtMs).toISOString(),
      factor: clock.factor,
      stations: this.stationsFor(rights),
      ...shown,
      kpis: this.kpisFor(rights, clock.scopeAtMs),
    };
  }

  stationsFor(rights: Rights): StationView[] {
    return [...this.#live.reference.stations()].map((station) => maskStation(stationView(station, this.#live), rights, this.#live));
  }

  slotsFor(rights: Rights): SlotView[] {
    const live = this.#live;
    return [...live.reference.stations()].flatMap((station) =>
      present(Array.from({ length: station.slots }, (_, index) => maskSlot(slotView(station, index + 1, live), rights, live))),
    );
  }

  packsFor(rights: Rights): PackView[] {
    return present([...this.#live.reference.packs()].map((pack) => maskPack(packView(pack, this.#live), rights, this.#live)));
  }

  trucksFor(rights: Rights): TruckView[] {
    return present([...this.#live.reference.trucks()].map((truck) => maskTruck(truckView(truck, this.#live), rights, this.#live)));
  }

  kpisFor(rights: Rights, scopeAtMs: number): Kpis {
    return kpisFor(this.#live, rights, scopeAtMs);
  }

  /** What changed for a class; null when nothing of it concerns the class. */
  diffFor(rights: Rights, touched: Touched): Pick<Diff, 'upsert' | 'remove'> | null {
    const live = this.#live;
    const seen = this.#seenBy(rights);
    const changed = {
      slots: changes(seen.slots, touched.slots, (id) => this.slotFor(id, rights)),
      packs: changes(seen.packs, touched.packs, (id) => this.#pack(id, rights)),
      trucks: changes(seen.trucks, touched.trucks, (id) => this.#truck(id, rights)),
      orders: changes(seen.orders, [...touched.orders, ...touched.removedOrders], (id) => this.#order(id, rights)),
      alarms: changes(seen.alarms, [...touched.alarms, ...touched.removedAlarms], (id) => this.#alarm(id, rights)),
    };
    const upsert = withoutEmpty({
      stations: present(
        [...touched.stations]
          .map((id) => live.reference.station(id))
          .map((station) => station && maskStation(stationView(station, live), rights, live)),
      ),
      slots: changed.slots.upsert,
      packs: changed.packs.upsert,
      trucks: changed.trucks.upsert,
      orders: changed.orders.upsert,
      alarms: changed.alarms.upsert,
    });
    const remove = withoutEmpty({
      slots: changed.slots.remove,
      packs: changed.packs.remove,
      trucks: changed.trucks.remove,
      orders: changed.orders.remove,
      alarms: changed.alarms.remove,
    });
    if (Object.keys(upsert).length === 0 && Object.keys(remove).length === 0) return null;
    return { upsert, remove };
  }

  #seenBy(rights: Rights): Seen {
    const key = rightsKey(rights);
    let seen = this.#seen.get(key);
    if (!seen) {
      seen = { slots: new Set(), packs: new Set(), trucks: new Set(), orders: new Set(), alarms: new Set() };
      this.#seen.set(key, seen);
    }
    return seen;
  }

  #truck(id: string, rights: Rights) {
    const truck = this.#live.reference.truck(id);
    return truck ? maskTruck(truckView(truck, this.#live), rights, this.#live) : null;
  }

  /** One slot; null: there is none, or not for the caller. */
  slotFor(id: string, rights: Rights): SlotView | null {
    const dash = id.lastIndexOf('-');
    const station = this.#live.reference.station(id.slice(0, dash));
    const evseId = Number(id.slice(dash + 1));
    if (!station || !(evseId >= 1 && evseId <= station.slots) || slotIdOf(station.id, evseId) !== id) return null;
    return maskSlot(slotView(station, evseId, this.#live), rights, this.#live);
  }

  #pack(id: string, rights: Rights) {
    const pack = this.#live.reference.pack(id);
    return pack ? maskPack(packView(pack, this.#live), rights, this.#live) : null;
  }

  #order(id: string, rights: Rights) {
    const { facts } = this.#live;
    const order = facts.orders.get(id);
    if (!order) return undefined;
    return maySeeOrder(partiesOfOrder(order, this.#live), rights)
      ? maskOrder(orderSummary(order, facts.swapOfOrder(id)), rights)
      : undefined;
  }

  #alarm(id: string, rights: Rights) {
    const alarm = this.#live.facts.alarms.get(id);
    if (!alarm || !maySeeAlarm(alarm.raised, rights, this.#live)) return undefined;
    return alarmView(alarm, rights, this.#live);
  }
}

/** What of the touched is shown now, and what was and is no more. */
function changes<View>(seen: Set<string>, touched: Iterable<string>, view: (id: string) => View | null | undefined) {
  const upsert: View[] = [];
  const remove: string[] = [];
  for (const id of touched) {
    const shown = view(id);
    if (shown !== null && shown !== undefined) {
      upsert.push(shown);
      seen.add(id);
    } else if (seen.delete(id)) remove.push(id);
  }
  return { upsert, remove };
}

function touchRef(ref: EntityRef, touched: Touched): void {
  const { kind, id } = parseRef(ref);
  switch (kind) {
    case 'station':
      touched.stations.add(id);
      return;
    case 'bay':
      touched.stations.add(id.slice(0, id.lastIndexOf('-')));
      return;
    case 'slot':
      touched.slots.add(id);
      return;
    case 'pack':
      touched.packs.add(id);
      return;
    case 'truck':
      touched.trucks.add(id);
      return;
    case 'gateway':
      touched.stations.add(id);
      touched.trucks.add(id);
      return;
    case 'swap':
    case 'order':
    case 'account':
      return;
  }
}

const present = <T>(views: readonly (T | null | undefined)[]): T[] =>
  views.filter((view): view is T & {} => view !== null && view !== undefined);

function withoutEmpty<T extends Record<string, readonly unknown[]>>(lists: T): Partial<T> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) as Partial<T>;
}
