import type { TruckView } from '@corridor/protocols/http/scene';
import type { TruckDefinition } from '@corridor/protocols/network-file';
import { connectivityOf } from './connectivity.ts';
import type { LiveFacts } from './live-facts.ts';
import type { Rights } from './rights.ts';

export function truckView(definition: TruckDefinition, live: LiveFacts): TruckView {
  const report = live.reports.truck.get(definition.id);
  const data = report?.data;
  const packId = live.facts.packOnTruck(definition.id) ?? data?.packId ?? null;
  return {
    id: definition.id,
    plate: definition.plate,
    carrierId: definition.carrierId,
    state: live.stateOf('truck', definition.id),
    vehicleState: data?.vehicleState ?? null,
    connectivity: connectivityOf(live.stateOf('gateway', definition.id)),
    replayed: definition.replayed,
    lat: data?.lat ?? null,
    lon: data?.lon ?? null,
    altM: data?.altM ?? null,
    chainageM: data?.chainageM ?? null,
    direction: data?.direction ?? null,
    speedKmh: data?.speedKmh ?? null,
    headingDeg: data?.headingDeg ?? null,
    odometerM: data?.odometerM ?? null,
    grossMassKg: data?.grossMassKg ?? null,
    packId,
    socPercent: data?.socPercent ?? null,
    motorPowerW: data?.motorPowerW ?? null,
    destinationStationId: data?.destinationStationId ?? null,
    orderId: live.facts.orderOfTruck(definition.id),
    q: [...(report?.q ?? [])],
    reportedAt: report ? new Date(report.atMs).toISOString() : null,
  };
}

/** @returns null when the caller may not see the truck */
export function maskTruck(view: TruckView, rights: Rights, live: LiveFacts): TruckView | null {
  switch (rights.kind) {
    case 'ALL':
      return view;
    case 'CARRIER':
      return view.carrierId === rights.principalId ? view : null;
    case 'STATION_OPERATOR':
      return isHeadingFor(view, rights.principalId, live) ? { ...withoutPosition(view), carrierId: null, packId: null } : null;
    case 'BATTERY_OWNER':
      return view.packId !== null && live.reference.pack(view.packId)?.ownerId === rights.principalId ? coarse(view) : null;
    case 'PUBLIC':
      return null;
  }
}

function isHeadingFor(view: TruckView, operatorId: string, live: LiveFacts): boolean {
  return view.destinationStationId !== null && live.reference.station(view.destinationStationId)?.operatorId === operatorId;
}

function withoutPosition(view: TruckView): TruckView {
  return {
    ...view,
    lat: null,
    lon: null,
    altM: null,
    chainageM: null,
    speedKmh: null,
    headingDeg: null,
    odometerM: null,
    grossMassKg: null,
    motorPowerW: null,
    orderId: null,
  };
}

/** Where it is to a kilometre: an owner follows his pack, not the driver. */
function coarse(view: TruckView): TruckView {
  const kilometre = (degrees: number | null) => (degrees === null ? null : Math.round(degrees * 100) / 100);
  return {
    ...withoutPosition(view),
    plate: null,
    carrierId: null,
    lat: kilometre(view.lat),
    lon: kilometre(view.lon),
    chainageM: view.chainageM === null ? null : Math.round(view.chainageM / 1_000) * 1_000,
    destinationStationId: null,
  };
}
