import { checkNetwork } from '@corridor/actors/order/authorisation';
import { localHourOf } from '@corridor/actors/tariff/local-time';
import { type PricedPeriod, pricedPeriodAt } from '@corridor/actors/tariff/time-of-use';
import type { BayView } from '@corridor/protocols/http/bay-view';
import type { StationView } from '@corridor/protocols/http/scene';
import { bayIdOf } from '@corridor/protocols/ids';
import type { StationDefinition } from '@corridor/protocols/network-file';
import type { BayTelemetry } from '@corridor/protocols/tele/bay';
import { connectivityOf, UNKNOWN_STATE } from './connectivity.ts';
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
    pvPowerW: live.reports.pvPowerW(definition.id),
    ambientC: report?.ambientC ?? null,
    priceNanoYuanPerKwh: priceAt(definition.id, live),
    tariffPeriod: energyPriceAt(definition.id, live)?.period ?? null,
    bays: Array.from({ length: definition.bays }, (_, index) => bayView(bayIdOf(definition.id, index + 1), live)),
  };
}

function bayView(id: string, live: LiveFacts): BayView {
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
    interlocks: report === undefined ? null : interlocksOf(report),
  };
}

function interlocksOf({ lockSensors: locks, hvOff, wheelChock, personDetected }: BayTelemetry['data']): BayView['interlocks'] {
  return { locks, hvOff, wheelChock, personDetected };
}

/** Energy from the grid and service at this hour [nano-yuan/kWh]; null where no tariff or rate is in force: no swap is possible then. */
export function priceAt(stationId: string, live: LiveFacts): string | null {
  const energy = energyPriceAt(stationId, live);
  const rate = live.reference.stationRate(stationId, localHourOf(live.nowMs()).date);
  if (energy === null || rate === undefined) return null;
  return (energy.priceNanoYuanPerKwh + BigInt(rate.serviceNanoYuanPerKwh)).toString();
}

function energyPriceAt(stationId: string, { reference, nowMs }: LiveFacts): PricedPeriod | null {
  return pricedPeriodAt((id, onDate) => reference.tariffOf(id, onDate), stationId, nowMs());
}

/**
 * Its operator sees everything; carriers and drivers see free packs, queue and price of stations that their contract reaches; everybody
 * else where it is and whether it works.
 */
export function maskStation(view: StationView, rights: Rights, live: LiveFacts): StationView {
  if (rights.kind === 'ALL' || (rights.kind === 'STATION_OPERATOR' && rights.principalId === view.operatorId)) return view;
  const shown = mayUse(view.id, rights, live)
    ? view
    : { ...view, queueLength: null, estWaitMs: null, readyPacks: null, priceNanoYuanPerKwh: null, tariffPeriod: null };
  return {
    ...shown,
    lastSeenAt: null,
    chargingPacks: null,
    emptySlots: null,
    gridPowerW: null,
    gridLimitW: null,
    pvPowerW: null,
    ambientC: null,
    bays: view.bays.map(({ id }) => hiddenBay(id)),
  };
}

function mayUse(stationId: string, rights: Rights, { reference, nowMs }: LiveFacts): boolean {
  if (rights.kind !== 'CARRIER' && rights.kind !== 'DRIVER') return false;
  const carrierId = rights.kind === 'CARRIER' ? rights.principalId : rights.carrierId;
  return checkNetwork(reference, { carrierId, stationId, atMs: nowMs() }).ok;
}

const hiddenBay = (id: string): BayView => ({
  id,
  state: UNKNOWN_STATE,
  bayState: null,
  truckId: null,
  orderId: null,
  step: null,
  craneXM: null,
  craneYM: null,
  craneZM: null,
  interlocks: null,
});
