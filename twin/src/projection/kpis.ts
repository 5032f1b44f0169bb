import type { Kpis } from '@corridor/protocols/http/scene';
import { maySeeAlarm } from './alarm-view.ts';
import type { LiveFacts } from './live-facts.ts';
import { maySeeOrder, partiesOf, partiesOfOrder, tookPart } from './order-parties.ts';
import { paysTheBill } from './order-summary.ts';
import type { Rights } from './rights.ts';
import { maskStation, stationView } from './station-view.ts';
import { isOwnTruck } from './truck-view.ts';

/** Figures of the moment and the day, over what the caller may see; what his role does not show him is null, never 0. */
export function kpisFor(live: LiveFacts, rights: Rights, scopeAtMs: number): Kpis {
  const { facts } = live;
  const trucks = truckFigures(live, rights);
  const stations = stationFigures(live, rights);
  const seesOrders = rights.kind !== 'PUBLIC';
  // What was swapped at his stations, with his packs or by his trucks: not by whom an offer of his was used.
  const billed = [...facts.billedToday.values()].filter((order) => tookPart(partiesOf(order, live), rights));
  return {
    scopeAt: new Date(scopeAtMs).toISOString(),
    trucksOnRoad: trucks?.onRoad ?? null,
    trucksWaiting: trucks?.waiting ?? stations.queue,
    stationsOnline: stations.online,
    packsReady: rights.kind === 'BATTERY_OWNER' ? ownReadyPacks(live, rights.principalId) : stations.ready,
    swapsToday: seesOrders ? billed.length : null,
    swapsTotal: stations.swaps,
    ordersAbnormal: seesOrders ? abnormalOrders(live, rights) : null,
    billedTodayFen: paysTheBill(rights) ? billed.reduce((sum, { payableFen }) => sum + payableFen, 0n).toString() : null,
    // The difference of two packs would tell an owner what was in the other's.
    energyTodayWh: seesOrders && rights.kind !== 'BATTERY_OWNER' ? billed.reduce((sum, { energyWh }) => sum + energyWh, 0) : null,
    gridPowerW: stations.gridW,
    pvPowerW: stations.pvW,
    meanWaitMs: stations.waitMs,
    alarmsRaisedLately: rights.kind === 'PUBLIC' ? null : alarmsRaisedLately(live, rights, scopeAtMs),
  };
}

/** null to who is shown no truck's state: of trucks under way he sees who comes to him, and of those that carry his packs where they are. */
function truckFigures(live: LiveFacts, rights: Rights): { onRoad: number; waiting: number } | null {
  if (rights.kind !== 'ALL' && rights.kind !== 'CARRIER' && rights.kind !== 'DRIVER') return null;
  const trucks = { onRoad: 0, waiting: 0 };
  for (const truck of live.reference.trucks()) {
    if (rights.kind !== 'ALL' && !isOwnTruck(truck.id, rights, live)) continue;
    const state = live.reports.truck.get(truck.id)?.data.vehicleState;
    if (state === 'DRIVING' || state === 'RESTING') trucks.onRoad += 1;
    if (state === 'QUEUEING') trucks.waiting += 1;
  }
  return trucks;
}

function ownReadyPacks(live: LiveFacts, ownerId: string): number {
  let ready = 0;
  for (const pack of live.reference.packs()) if (pack.ownerId === ownerId && live.stateOf('pack', pack.id) === 'issuable') ready += 1;
  return ready;
}

const abnormalOrders = (live: LiveFacts, rights: Rights): number =>
  [...live.facts.orders.values()].filter((order) => order.state === 'ABNORMAL' && maySeeOrder(partiesOfOrder(order, live), rights)).length;

/** Raised in the last ten minutes, also what is over since: whether a person can still look at each (ISA-18.2). */
function alarmsRaisedLately(live: LiveFacts, rights: Rights, scopeAtMs: number): number {
  let count = 0;
  for (const raised of live.facts.raisedLately.until(scopeAtMs)) if (maySeeAlarm(raised, rights, live)) count += 1;
  return count;
}

/** Sums over what the caller sees of each station; null where he sees it of none. */
function stationFigures(live: LiveFacts, rights: Rights) {
  const { reference, facts } = live;
  let online = 0;
  const seen: Record<'ready' | 'queue' | 'gridW' | 'pvW' | 'swaps', number | null> = {
    ready: null,
    queue: null,
    gridW: null,
    pvW: null,
    swaps: rights.kind === 'ALL' ? 0 : null,
  };
  const add = (name: keyof typeof seen, value: number | null) => {
    if (value !== null) seen[name] = (seen[name] ?? 0) + value;
  };
  const waitsMs: number[] = [];
  for (const station of reference.stations()) {
    const view = maskStation(stationView(station, live), rights, live);
    if (view.connectivity === 'ONLINE') online += 1;
    if (view.estWaitMs !== null) waitsMs.push(view.estWaitMs);
    add('ready', view.readyPacks);
    add('queue', view.queueLength);
    add('gridW', view.gridPowerW);
    add('pvW', view.pvPowerW);
    const own = rights.kind === 'ALL' || (rights.kind === 'STATION_OPERATOR' && rights.principalId === station.operatorId);
    if (own) add('swaps', facts.swapsTotal.get(station.id) ?? 0);
  }
  const waitMs = waitsMs.length === 0 ? null : Math.round(waitsMs.reduce((sum, each) => sum + each, 0) / waitsMs.length);
  return { ...seen, online, waitMs };
}
