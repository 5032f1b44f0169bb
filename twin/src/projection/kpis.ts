import type { Kpis } from '@corridor/protocols/http/scene';
import type { BilledOrder } from './facts.ts';
import type { LiveFacts } from './live-facts.ts';
import { maySeeOrder } from './order-summary.ts';
import type { Rights } from './rights.ts';

/** Figures of the moment and the day, over what the caller may see. */
export function kpisFor(live: LiveFacts, rights: Rights, scopeAtMs: number): Kpis {
  const { reference, reports, facts } = live;
  const trucks = { onRoad: 0, waiting: 0 };
  for (const truck of reference.trucks()) {
    if (rights.kind !== 'ALL' && truck.carrierId !== ('principalId' in rights ? rights.principalId : null)) continue;
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
    billedTodayFen: billed.reduce((sum, { payableFen }) => sum + payableFen, 0n).toString(),
    energyTodayWh: billed.reduce((sum, { energyWh }) => sum + energyWh, 0),
    gridPowerW: stations.gridW,
    pvPowerW: stations.pvW,
    meanWaitMs: stations.waitMs,
  };
}

export function partiesOf(order: Pick<BilledOrder, 'stationId' | 'carrierId' | 'packIds'>, { reference }: LiveFacts) {
  return {
    carrierId: order.carrierId,
    operatorId: reference.station(order.stationId)?.operatorId ?? null,
    packOwnerIds: order.packIds.map((packId) => (packId === null ? null : (reference.pack(packId)?.ownerId ?? null))),
  };
}

function stationFigures({ reference, reports, facts, stateOf }: LiveFacts, rights: Rights) {
  let online = 0;
  let ready = 0;
  let swaps = 0;
  let gridW: number | null = null;
  let pvW: number | null = null;
  const waitsMs: number[] = [];
  for (const station of reference.stations()) {
    const report = reports.station.get(station.id)?.data;
    if (stateOf('gateway', station.id) === 'online') online += 1;
    ready += report?.readyPacks ?? 0;
    if (report) waitsMs.push(report.estWaitMs);
    const own = rights.kind === 'ALL' || (rights.kind === 'STATION_OPERATOR' && rights.principalId === station.operatorId);
    if (!own) continue;
    swaps += facts.swapsTotal.get(station.id) ?? 0;
    if (!report) continue;
    gridW = (gridW ?? 0) + report.gridPowerW;
    pvW = (pvW ?? 0) + (reports.pv.get(station.id)?.data.powerW ?? report.pvPowerW);
  }
  const waitMs = waitsMs.length === 0 ? null : Math.round(waitsMs.reduce((sum, each) => sum + each, 0) / waitsMs.length);
  return { online, ready, swaps, gridW, pvW, waitMs };
}
