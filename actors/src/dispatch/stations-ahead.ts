import { type Direction, opposite, signOf } from '../road/direction.ts';
import { type EnergyProfile, thenWay, type WayEnergy, wayEnergy } from '../road/energy-profile.ts';
import type { RoadProfile } from '../road/road-profile.ts';
import { type ProfileOf, TURNED_MASS_KG } from '../road/truck-profiles.ts';

/** A station as it stands by the road. */
export type RoadsideStation = { id: string; chainageM: number; direction: 'BOTH' | Direction };

/** Where a truck is, which way it drives, and how heavy it is. */
export type TruckOnRoad = { chainageM: number; direction: Direction; massKg: number };

export type WayToStation = WayEnergy & {
  /** The truck turns at the end of the road first; with which load it comes back nobody knows, so it is taken at its heaviest. */
  isAfterTurn: boolean;
};

/**
 * The way of a truck to every station that it can drive into: those ahead on its side of the road, and behind the turn at its end
 * those of the other side. A station that is both is told once, as ahead. The road is walked once, however many stations there are.
 */
export function waysToStations(
  stations: Iterable<RoadsideStation>,
  truck: TruckOnRoad,
  { road, profileOf }: { road: Pick<RoadProfile, 'startM' | 'endM'>; profileOf: ProfileOf },
): Map<string, WayToStation> {
  const all = [...stations];
  const { direction, massKg } = truck;
  const chainageM = Math.min(Math.max(truck.chainageM, road.startM), road.endM);
  const endM = direction === 'WEST' ? road.endM : road.startM;
  const ahead = all.filter((station) => isAhead(station, { chainageM, direction }));
  const here = profileOf(direction, massKg);
  const ways = new Map<string, WayToStation>();
  for (const [id, way] of alongTheWay(here, chainageM, ahead, null)) ways.set(id, { ...way, isAfterTurn: false });
  const back = opposite(direction);
  const behind = all.filter((station) => !ways.has(station.id) && serves(station, back));
  const toTurn = wayEnergy(here, chainageM, endM);
  for (const [id, way] of alongTheWay(profileOf(back, TURNED_MASS_KG), endM, behind, toTurn)) ways.set(id, { ...way, isAfterTurn: true });
  return ways;
}

/**
 * How far it is to one station along the same ways, without their energy: of every truck it is asked each time it speaks.
 * @returns m; null when the truck cannot drive into it before it turns a second time
 */
export function distanceTo(
  station: Omit<RoadsideStation, 'id'>,
  truck: Omit<TruckOnRoad, 'massKg'>,
  { startM, endM }: Pick<RoadProfile, 'startM' | 'endM'>,
): number | null {
  const { direction } = truck;
  const chainageM = Math.min(Math.max(truck.chainageM, startM), endM);
  if (isAhead(station, { chainageM, direction })) return Math.abs(station.chainageM - chainageM);
  if (!serves(station, opposite(direction))) return null;
  const turnM = direction === 'WEST' ? endM : startM;
  return Math.abs(turnM - chainageM) + Math.abs(turnM - station.chainageM);
}

const isAhead = (station: Omit<RoadsideStation, 'id'>, { chainageM, direction }: Omit<TruckOnRoad, 'massKg'>): boolean =>
  serves(station, direction) && (station.chainageM - chainageM) * signOf(direction) >= 0;

const serves = (station: Pick<RoadsideStation, 'direction'>, direction: Direction): boolean =>
  station.direction === 'BOTH' || station.direction === direction;

/** Each way is the one to the station before it and a piece more. @param before what was driven until `fromM` */
function* alongTheWay(
  profile: EnergyProfile,
  fromM: number,
  stations: readonly RoadsideStation[],
  before: WayEnergy | null,
): Generator<[string, WayEnergy]> {
  const sign = signOf(profile.direction);
  let way = before;
  let atM = fromM;
  for (const { id, chainageM } of stations.toSorted((one, other) => (one.chainageM - other.chainageM) * sign)) {
    const piece = wayEnergy(profile, atM, chainageM);
    way = way === null ? piece : thenWay(way, piece);
    atM = chainageM;
    yield [id, way];
  }
}
