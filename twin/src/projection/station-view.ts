import type { StationView } from '@corridor/protocols/http/scene';
import { bayIdOf } from '@corridor/protocols/ids';
import type { StationDefinition } from '@corridor/protocols/network-file';
import { connectivityOf } from './connectivity.ts';
import type { LiveFacts } from './live-facts.ts';
import type { Rights } from './rights.ts';

export function stationView(definition: StationDefinition, live: LiveFacts): StationView {
  const report = live.reports.station.get(definition.id)?.data;
  const lastSeenMs = live.reports.lastSeenMs.get(`station:${definition.id}`);
  return {
    id: definition.id,
    name: definition.name,
    nameZh: definition.nameZh,
    operatorId: definition.operatorId,
    lat: definition.lat,
    lon: definition.lon,
    chainageM: definition.chainageM,
    direction: definition.direction,
    state: live.stateOf('station', definition.id),
    connectivity: connectivityOf(live.stateOf('gateway', definition.id)),
    lastSeenAt: lastSeenMs === undefined ? null : new Date(lastSeenMs).toISOString(),
    queueLength: report?.queueLength ?? null,
    estWaitMs: report?.estWaitMs ?? null,
    readyPacks: report?.readyPacks ?? null,
    chargingPacks: report?.chargingPacks ?? null,
    emptySlots: report?.emptySlots ?? null,
    gridPowerW: report?.gridPowerW ?? null,
    gridLimitW: report?.gridLimitW ?? null,
    pvPowerW: live.reports.pv.get(definition.id)?.data.powerW ?? report?.pvPowerW ?? null,
    ambientC: report?.ambientC ?? null,
    bays: Array.from({ length: definition.bays }, (_, index) => bayView(bayIdOf(definition.id, index + 1), live)),
  };
}

function bayView(id: string, live: LiveFacts): StationView['bays'][number] {
  const report = live.reports.bay.get(id)?.data;
  const swap = live.facts.swapInBay(id);
  return {
    id,
    state: live.stateOf('bay', id),
    bayState: report?.bayState ?? null,
    truckId: swap?.truckId ?? report?.truckId ?? null,
    orderId: swap?.orderId ?? null,
    step: swap?.state ?? report?.step ?? null,
    craneXM: report?.craneXM ?? null,
    craneYM: report?.craneYM ?? null,
    craneZM: report?.craneZM ?? null,
  };
}

/** Others than its operator see where a station is, whether it works, and how long the queue is. */
export function maskStation(view: StationView, rights: Rights): StationView {
  if (rights.kind === 'ALL' || (rights.kind === 'STATION_OPERATOR' && rights.principalId === view.operatorId)) return view;
  return {
    ...view,
    gridPowerW: null,
    gridLimitW: null,
    pvPowerW: null,
    bays: view.bays.map((bay) => ({ ...bay, truckId: null, orderId: null })),
  };
}
