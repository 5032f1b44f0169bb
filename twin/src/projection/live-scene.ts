import type { EntityRef } from '@corridor/actors/network/entity-ref';
import { parseRef } from '@corridor/actors/network/entity-ref';
import type { Kpis, PackView, Scene, SlotView, StationView, TruckView, WsMessage } from '@corridor/protocols/http/scene';
import { slotIdOf } from '@corridor/protocols/ids';
import { alarmView, maySeeAlarm } from './alarm-view.ts';
import { nothingTouched, type Touched } from './facts.ts';
import { kpisFor, partiesOf } from './kpis.ts';
import type { LiveFacts } from './live-facts.ts';
import { maskOrder, maySeeOrder, orderSummary } from './order-summary.ts';
import { maskPack, packView } from './pack-view.ts';
import { type Rights, rightsKey } from './rights.ts';
import { maskSlot, slotView } from './slot-view.ts';
import { maskStation, stationView } from './station-view.ts';
import { maskTruck, truckView } from './truck-view.ts';

type Diff = Extract<WsMessage, { type: 'diff' }>;
/** What one class saw of a thing last: what leaves its sight has to be removed. */
type Seen = Set<string>;

/**
 * The scene as each class of callers sees it. Collects what changed since the last flush, and builds the views of only
 * that; whole scenes are built for who comes new.
 */
export class LiveScene {
  readonly #live: LiveFacts;
  #touched: Touched = nothingTouched();
  #dirty = false;
  /** Rights class -> trucks that it sees now: a truck that turns away from a station leaves its operator's sight. */
  readonly #trucksSeen = new Map<string, Seen>();

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
    });
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
    const trucks = this.trucksFor(rights);
    this.#trucksSeen.set(rightsKey(rights), new Set(trucks.map(({ id }) => id)));
    return {
      scopeAt: new Date(clock.scopeAtMs).toISOString(),
      factor: clock.factor,
      stations: this.stationsFor(rights),
      slots: this.slotsFor(rights),
      packs: this.packsFor(rights),
      trucks,
      orders: present([...facts.orders.keys()].map((id) => this.#order(id, rights))),
      alarms: present([...facts.alarms.keys()].map((id) => this.#alarm(id, rights))),
      kpis: this.kpisFor(rights, clock.scopeAtMs),
    };
  }

  stationsFor(rights: Rights): StationView[] {
    return [...this.#live.reference.stations()].map((station) => maskStation(stationView(station, this.#live), rights));
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
    const trucks = this.#truckDiff(rights, touched);
    const upsert = withoutEmpty({
      stations: present(
        [...touched.stations]
          .map((id) => live.reference.station(id))
          .map((station) => station && maskStation(stationView(station, live), rights)),
      ),
      slots: present([...touched.slots].map((id) => this.#slot(id, rights))),
      packs: present([...touched.packs].map((id) => this.#pack(id, rights))),
      trucks: trucks.upsert,
      orders: present([...touched.orders].map((id) => this.#order(id, rights))),
      alarms: present([...touched.alarms].map((id) => this.#alarm(id, rights))),
    });
    const remove = withoutEmpty({ orders: [...touched.removedOrders], alarms: [...touched.removedAlarms], trucks: trucks.remove });
    if (Object.keys(upsert).length === 0 && Object.keys(remove).length === 0) return null;
    return { upsert, remove };
  }

  #truckDiff(rights: Rights, touched: Touched) {
    const key = rightsKey(rights);
    const seen = this.#trucksSeen.get(key) ?? new Set();
    this.#trucksSeen.set(key, seen);
    const upsert = [];
    const remove: string[] = [];
    for (const id of touched.trucks) {
      const definition = this.#live.reference.truck(id);
      const view = definition ? maskTruck(truckView(definition, this.#live), rights, this.#live) : null;
      if (view) {
        upsert.push(view);
        seen.add(id);
      } else if (seen.delete(id)) remove.push(id);
    }
    return { upsert, remove };
  }

  #slot(id: string, rights: Rights) {
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
    const parties = partiesOf({ ...order, packIds: [order.returnPackId, order.issuePackId] }, this.#live);
    return maySeeOrder(parties, rights) ? maskOrder(orderSummary(order, facts.swapOfOrder(id)), rights) : undefined;
  }

  #alarm(id: string, rights: Rights) {
    const alarm = this.#live.facts.alarms.get(id);
    if (!alarm || !maySeeAlarm(alarm.raised, rights, this.#live)) return undefined;
    return alarmView(alarm.raised, alarm.clearedAtMs);
  }
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
