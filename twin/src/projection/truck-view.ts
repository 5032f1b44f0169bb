import { distanceTo } from '@corridor/actors/dispatch/stations-ahead';
import type { TruckView } from '@corridor/protocols/http/scene';
import type { StationDefinition, TruckDefinition } from '@corridor/protocols/network-file';
import { connectivityOf, UNKNOWN_STATE } from './connectivity.ts';
import type { TruckReport } from './latest-reports.ts';
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
    etaAt: etaAt(report, live),
    orderId: live.facts.orderOfTruck(definition.id),
    q: [...(report?.q ?? [])],
    reportedAt: report ? new Date(report.atMs).toISOString() : null,
  };
}

/** A driver reckons with this at least, also in a jam [km/h]. */
const SPEED_KMH_MIN = 40;
/** Who arrives within this time is announced to the operator of the station [ms]. */
const ANNOUNCED_MS = 30 * 60_000;

/** null when it does not head for a station, or rests: nobody knows when it goes on. How long it loads at the turn is not in it. */
function etaAt(report: TruckReport | undefined, live: LiveFacts): string | null {
  if (!report) return null;
  const { vehicleState, destinationStationId, speedKmh } = report.data;
  const station = destinationStationId === null ? undefined : live.reference.station(destinationStationId);
  if (!station) return null;
  if (vehicleState === 'QUEUEING' || vehicleState === 'IN_BAY') return new Date(report.atMs).toISOString();
  const leftM = distanceLeftM(report.data, station, live);
  if (vehicleState !== 'DRIVING' || leftM === null) return null;
  const metresPerMs = Math.max(speedKmh ?? 0, SPEED_KMH_MIN) / 3_600;
  return new Date(Math.round(report.atMs + leftM / metresPerMs)).toISOString();
}

/** Along the road, by the turn at its end when the truck drives away from the station [m]; null when nobody knows where it is or drives to. */
export function distanceLeftM(
  { chainageM, direction }: Pick<TruckView, 'chainageM' | 'direction'>,
  station: StationDefinition,
  { road }: LiveFacts,
): number | null {
  return chainageM === null || direction === null ? null : distanceTo(station, { chainageM, direction }, road);
}

/** @returns null when the caller may not see the truck */
export function maskTruck(view: TruckView, rights: Rights, live: LiveFacts): TruckView | null {
  switch (rights.kind) {
    case 'ALL':
      return view;
    case 'CARRIER':
    case 'DRIVER':
      return isOwnTruck(view.id, rights, live) ? view : null;
    case 'STATION_OPERATOR':
      return isArriving(view, rights.principalId, live) ? announced(view) : null;
    case 'BATTERY_OWNER':
      return view.packId !== null && live.reference.pack(view.packId)?.ownerId === rights.principalId ? coarse(view) : null;
    case 'PUBLIC':
      return null;
  }
}

/** A carrier's own, or one that the driver is bound to. */
export function isOwnTruck(truckId: string, rights: Rights, { reference }: LiveFacts): boolean {
  const truck = reference.truck(truckId);
  if (rights.kind === 'CARRIER') return truck?.carrierId === rights.principalId;
  if (rights.kind !== 'DRIVER') return false;
  const driver = reference.driver(rights.driverId);
  return driver !== undefined && driver.carrierId === truck?.carrierId && driver.truckIds.includes(truckId);
}

function isArriving(view: TruckView, operatorId: string, live: LiveFacts): boolean {
  if (view.destinationStationId === null || view.etaAt === null) return false;
  if (live.reference.station(view.destinationStationId)?.operatorId !== operatorId) return false;
  return Math.abs(Date.parse(view.etaAt) - live.nowMs()) <= ANNOUNCED_MS;
}

/** Nothing but which truck it is. */
const hidden = (view: TruckView): TruckView => ({
  id: view.id,
  plate: null,
  carrierId: null,
  state: UNKNOWN_STATE,
  vehicleState: null,
  connectivity: null,
  replayed: view.replayed,
  lat: null,
  lon: null,
  altM: null,
  chainageM: null,
  direction: null,
  speedKmh: null,
  headingDeg: null,
  odometerM: null,
  grossMassKg: null,
  packId: null,
  socPercent: null,
  motorPowerW: null,
  destinationStationId: null,
  etaAt: null,
  orderId: null,
  q: [],
  reportedAt: null,
});

/** Who comes, and when. */
const announced = (view: TruckView): TruckView => ({
  ...hidden(view),
  plate: view.plate,
  destinationStationId: view.destinationStationId,
  etaAt: view.etaAt,
});

/** Where it is to a kilometre: an owner follows his pack, not the driver. */
function coarse(view: TruckView): TruckView {
  const kilometre = (degrees: number | null) => (degrees === null ? null : Math.round(degrees * 100) / 100);
  return {
    ...hidden(view),
    lat: kilometre(view.lat),
    lon: kilometre(view.lon),
    chainageM: view.chainageM === null ? null : Math.round(view.chainageM / 1_000) * 1_000,
    packId: view.packId,
    socPercent: view.socPercent,
    reportedAt: view.reportedAt,
  };
}
