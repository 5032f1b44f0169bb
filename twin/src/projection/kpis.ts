import type { Kpis } from '@corridor/protocols/http/scene';
import type { BilledOrder } from './facts.ts';
import type { LiveFacts } from './live-facts.ts';
import { maySeeOrder, type OrderParties, paysTheBill } from './order-summary.ts';
import type { Rights } from './rights.ts';
import { maskStation, stationView } from './station-view.ts';
import { isOwnTruck } from './truck-view.ts';

/** Figures of the moment and the day, over what the caller may see. */
export function kpisFor(live: LiveFacts, rights: Rights, scopeAtMs: number): Kpis {
  const { reference, reports, facts } = live;
  const trucks = { onRoad: 0, waiting: 0 };
  for (const truck of reference.trucks()) {
    if (rights.kind !== 'ALL' && !isOwnTruck(truck.id, rights, live)) continue;
    const state = reports.truck.get(truck.id)?.data.vehicleState;
    if (state === 'DRIVING' || state === 'RESTING') trucks.onRoad += 1;
    if (state === 'QUEUEING') trucks.waiting += 1;
  }
  const stations = stationFigures(live, rights);
  const billed = [...facts.billedToday.values()].filter((order) => maySeeOrder(partiesOf(order, live), rights));
  return {
    scopeAt: new Date(scopeAtMs).toISOString(),
    trucksOnRoad: trucks.onRoad,
    trucksWaiting: trucks.waiting,
    stationsOnline: stations.online,
    packsReady: stations.ready,
    swapsToday: billed.length,
    swapsTotal: stations.swaps,
    ordersAbnormal: [...facts.orders.values()].filter(
      (order) =>
        order.state === 'ABNORMAL' && maySeeOrder(partiesOf({ ...order, packIds: [order.returnPackId, order.issuePackId] }, live), rights),
    ).length,
    billedTodayFen: paysTheBill(rights) ? billed.reduce((sum, { payableFen }) => sum + payableFen, 0n).toString() : null,
    // The difference of two packs would tell an owner what was in the other's.
    energyTodayWh: rights.kind === 'BATTERY_OWNER' ? null : billed.reduce((sum, { energyWh }) => sum + energyWh, 0),
    gridPowerW: stations.gridW,
    pvPowerW: stations.pvW,
    meanWaitMs: stations.waitMs,
  };
}

type OrderFacts = Pick<BilledOrder, 'stationId' | 'carrierId' | 'driverId' | 'packIds' | 'createdAtMs'>;

/** Whose an order was when it began. */
export function partiesOf(order: OrderFacts, { owners }: LiveFacts): OrderParties {
  const atMs = order.createdAtMs;
  return {
    carrierId: order.carrierId,
    driverId: order.driverId,
    operatorId: owners.ownerAt('STATION', order.stationId, atMs),
    packOwnerIds: order.packIds.map((packId) => (packId === null ? null : owners.ownerAt('PACK', packId, atMs))),
  };
}

/** Sums over what the caller sees of each station. */
function stationFigures(live: LiveFacts, rights: Rights) {
  const { reference, facts } = live;
  let online = 0;
  let ready = 0;
  let swaps = 0;
  let gridW: number | null = null;
  let pvW: number | null = null;
  const waitsMs: number[] = [];
  for (const station of reference.stations()) {
    const view = maskStation(stationView(station, live), rights, live);
    if (view.connectivity === 'ONLINE') online += 1;
    ready += view.readyPacks ?? 0;
    if (view.estWaitMs !== null) waitsMs.push(view.estWaitMs);
    if (view.gridPowerW !== null) gridW = (gridW ?? 0) + view.gridPowerW;
    if (view.pvPowerW !== null) pvW = (pvW ?? 0) + view.pvPowerW;
    const own = rights.kind === 'ALL' || (rights.kind === 'STATION_OPERATOR' && rights.principalId === station.operatorId);
    if (own) swaps += facts.swapsTotal.get(station.id) ?? 0;
  }
  const waitMs = waitsMs.length === 0 ? null : Math.round(waitsMs.reduce((sum, each) => sum + each, 0) / waitsMs.length);
  return { online, ready, swaps, gridW, pvW, waitMs };
}
