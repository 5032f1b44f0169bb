import type { Contract, DriverDefinition, TruckDefinition } from '@corridor/protocols/network-file';
import type { AuthorisationReason } from '@corridor/protocols/reason-code';
import { allianceReach } from '../alliance/alliance-reach.ts';
import type { PackLeg } from '../network/actor-event.ts';
import type { Reference } from '../network/reference.ts';
import { localDateOf } from '../tariff/local-time.ts';
import { GROSS_MASS_KG_MAX } from './order-config.ts';

/**
 * The part of the eleven checks that reference data answers. The others are asked of those who know: the truck (10, also
 * blocked or replayed), the pack (5), the station (8, 9, 11) and the carrier's account (4).
 */
export type Refused = { ok: false; reason: AuthorisationReason; detail: string };
const refuse = (reason: AuthorisationReason, detail: string): Refused => ({ ok: false, reason, detail });

export interface IdentityClaim {
  initiation: 'LOCAL' | 'REMOTE';
  idToken: string;
  truckId: string | null;
  /** As read at the bay; not asked of a driver who orders from afar. */
  plate: string | null;
  rfid: string | null;
  vin: string | null;
  atMs: number;
}
export type Identity = { ok: true; driver: DriverDefinition; truck: TruckDefinition };

/**
 * Checks 1 to 3: token known and driver certified on the local day; driver bound to the truck; truck registered, and at a
 * bay two of plate, RFID and VIN are its own. An unknown truck is told as that, since nobody can be bound to it.
 */
export function checkIdentity(reference: Reference, claim: IdentityClaim): Identity | Refused {
  const driver = reference.driverByToken(claim.idToken);
  if (driver === undefined) return refuse('TOKEN_INVALID', 'token is not known');
  const driverStopped = reference.suspensionOf('DRIVER', driver.id);
  if (driverStopped !== null) return refuse('DRIVER_NOT_CERTIFIED', `driver ${driver.id} is suspended: ${driverStopped}`);
  if (driver.certifiedUntil < localDateOf(claim.atMs)) return refuse('DRIVER_NOT_CERTIFIED', `certified until ${driver.certifiedUntil}`);
  const truck = claim.truckId === null ? undefined : reference.truck(claim.truckId);
  if (truck === undefined) return refuse('TRUCK_NOT_REGISTERED', `truck ${claim.truckId ?? 'unknown'} is not registered`);
  const truckStopped = reference.suspensionOf('TRUCK', truck.id);
  if (truckStopped !== null) return refuse('TRUCK_NOT_REGISTERED', `truck ${truck.id} is suspended: ${truckStopped}`);
  if (!driver.truckIds.includes(truck.id) || driver.carrierId !== truck.carrierId) {
    return refuse('DRIVER_TRUCK_MISMATCH', `driver ${driver.id} is not bound to ${truck.id}`);
  }
  if (claim.initiation === 'LOCAL') {
    const agreeing = Number(agree(claim.plate, truck.plate)) + Number(agree(claim.rfid, truck.rfid)) + Number(agree(claim.vin, truck.vin));
    if (agreeing < 2) return refuse('PLATE_RFID_MISMATCH', `${agreeing} of plate, RFID and VIN are those of ${truck.id}`);
  }
  return { ok: true, driver, truck };
}

const agree = (read: string | null, registered: string) =>
  read === registered || (read !== null && read.trim().toUpperCase() === registered.trim().toUpperCase());

export type NetworkAccess = { ok: true; contract: Contract; packOwnerIds: readonly string[] };

/** Check 7: the carrier's contract of the local day reaches the station through an alliance; whose packs it may then get. */
export function checkNetwork(reference: Reference, at: { carrierId: string; stationId: string; atMs: number }): NetworkAccess | Refused {
  const onDate = localDateOf(at.atMs);
  const contract = reference.contractOf(at.carrierId, onDate);
  if (contract === undefined) return refuse('NETWORK_NOT_ALLOWED', `${at.carrierId} has no contract on ${onDate}`);
  let owners: readonly string[] | null = null;
  for (const id of contract.allianceIds) {
    const alliance = reference.alliance(id);
    if (alliance === undefined) continue;
    const reach = allianceReach(alliance, (member) => reference.alliance(member));
    if (!reach.stationIds.has(at.stationId)) continue;
    // One alliance as a rule, which names its owners once.
    owners = owners === null ? [...reach.packOwnerIds] : [...new Set([...owners, ...reach.packOwnerIds])];
  }
  if (owners === null) return refuse('NETWORK_NOT_ALLOWED', `contract ${contract.id} does not reach ${at.stationId}`);
  return { ok: true, contract, packOwnerIds: owners };
}

/** Check 4, as far as the platform says: a carrier that is suspended begins nothing. What is under way ends as it was agreed. */
export function checkCarrier(reference: Reference, carrierId: string): { ok: true } | Refused {
  const stopped = reference.suspensionOf('PRINCIPAL', carrierId);
  return stopped === null ? { ok: true } : refuse('NO_CREDIT', `carrier ${carrierId} is suspended: ${stopped}`);
}

/** Check 6, as far as the truck tells: the station takes and gives packs of its interface. */
export function checkStationInterface(reference: Reference, at: { stationId: string; truckId: string }): { ok: true } | Refused {
  const station = reference.station(at.stationId);
  if (station === undefined) return refuse('STATION_NOT_OPERATIVE', `station ${at.stationId} is not registered`);
  const stopped = reference.suspensionOf('STATION', station.id) ?? reference.suspensionOf('PRINCIPAL', station.operatorId);
  if (stopped !== null) return refuse('STATION_NOT_OPERATIVE', `station ${station.id} or its operator is suspended: ${stopped}`);
  const interfaceType = reference.truck(at.truckId)?.interfaceType;
  if (interfaceType === undefined || !station.interfaceTypes.includes(interfaceType)) {
    return refuse('BATTERY_TYPE', `${at.stationId} does not take interface ${interfaceType ?? 'unknown'}`);
  }
  return { ok: true };
}

/** Checks 6 and 7 for a pack: its interface is the truck's, its owner is in the network. */
export function checkPack(
  reference: Reference,
  at: { leg: Pick<PackLeg, 'packId' | 'typeCode' | 'ownerId'>; truckId: string; packOwnerIds: readonly string[] },
): { ok: true } | Refused {
  const type = reference.packType(at.leg.typeCode);
  if (type === undefined) return refuse('BATTERY_UNKNOWN', `${at.leg.packId} has the unknown type ${at.leg.typeCode}`);
  if (type.interfaceType !== reference.truck(at.truckId)?.interfaceType) {
    return refuse('BATTERY_TYPE', `${at.leg.packId} has interface ${type.interfaceType}`);
  }
  if (!at.packOwnerIds.includes(at.leg.ownerId)) return refuse('NETWORK_NOT_ALLOWED', `packs of ${at.leg.ownerId} are not in the network`);
  return { ok: true };
}

/**
 * Check 9, what the chosen pack must hold [Wh]: enough for the way to the next station. What is not known of the trip is
 * taken at its worst: the heaviest load, the harder direction.
 */
export function requiredIssueWh(
  reference: Reference,
  trip: {
    stationId: string;
    direction: 'WEST' | 'EAST' | null;
    grossMassKg: number | null;
    destinationChainageM: number | null;
    nominalWh: number;
  },
): number {
  const directions = trip.direction === null ? (['WEST', 'EAST'] as const) : ([trip.direction] as const);
  const grossMassKg = trip.grossMassKg ?? GROSS_MASS_KG_MAX;
  const needs = directions.map((direction) => reference.requiredEnergyWh({ ...trip, direction, grossMassKg }) ?? 0);
  return Math.max(0, ...needs);
}
