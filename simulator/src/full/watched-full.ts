import { ORDER_STATES, type OrderRow } from '@corridor/actors/network/effect';
import { refOf } from '@corridor/actors/network/entity-ref';
import type { OrderContext } from '@corridor/actors/order/order.context';
import { orderRow } from '@corridor/actors/order/order.emissions';
import { STATE_OF_PHASE } from '@corridor/gateway/procedure/swap-record';
import { violated } from '@corridor/protocols/assert';
import { packFlows } from '../recording/pack-flows.ts';
import type { RackLook, StationLook, WatchedBooks, WatchedWorld, WorldLook } from '../recording/watched-world.ts';
import { startMsOf } from '../scenario/scenario-calendar.ts';
import type { FullStation } from './full-station.ts';
import type { FullTruck } from './full-units.ts';
import type { FullWorld } from './full-world.ts';

/** The full model, as a recorder sees it. */
export class WatchedFull implements WatchedWorld {
  readonly #world: FullWorld;

  constructor(world: FullWorld) {
    this.#world = world;
  }

  get nextDueMs(): number | null {
    return this.#world.nextDueMs;
  }

  get trucks(): readonly FullTruck[] {
    return this.#world.trucks;
  }

  runUntil(untilMs: number): void {
    this.#world.runUntil(untilMs);
  }

  look(): WorldLook {
    return {
      stations: this.#world.yards.map(stationLook),
      packIds: this.trucks.map(({ pack, isBare }) => (isBare ? null : pack.id)),
    };
  }

  watchBooks(): WatchedBooks {
    const { books, scenario } = this.#world;
    const originMs = startMsOf(scenario);
    return {
      originMs,
      takeNews: books.watch(),
      openOrders: (nowMs) => [...books.openOrders.keys()].map((orderId) => openOrder(this.#world, orderId, originMs + nowMs)),
    };
  }
}

/** As its actor knows it: rows of the states in between are not written in a run. */
function openOrder({ twin }: FullWorld, orderId: string, atMs: number): OrderRow {
  const view = twin.network.view(refOf('order', orderId)) ?? violated(`order ${orderId} is open and has no actor`);
  const value: unknown = view.value;
  const name = typeof value === 'string' ? value : Object.keys(Object(value))[0];
  const state = ORDER_STATES.find((each) => each === name) ?? violated(`order ${orderId} is ${name}`);
  return orderRow(view.context as OrderContext, state, atMs);
}

function stationLook(station: FullStation): StationLook {
  const flows = packFlows(station.charging);
  return {
    id: station.id,
    queue: [...station.queue].map(({ id }) => id),
    // Below 0 more are promised than are good.
    readyPacks: Math.max(0, station.ready.length),
    isDark: station.isDark,
    bays: station.bays.map(({ truck, record, depositEvseId, issueEvseId, isDown }) => ({
      truckId: truck?.id ?? null,
      isDown,
      step: record === null ? null : STATE_OF_PHASE[record.phase],
      evseId: depositEvseId ?? issueEvseId,
    })),
    inTransfer: station.bays.flatMap(({ id, gripped }) => (gripped === null ? [] : [{ packId: gripped.id, bayId: id, pack: gripped }])),
    rack: station.stock.packs.flatMap((pack, slot): RackLook[] =>
      pack === null ? [] : [{ evseId: slot + 1, packId: pack.id, pack, flow: flows.get(pack) ?? null }],
    ),
  };
}
