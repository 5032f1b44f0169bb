import type { StationAhead } from '@corridor/actors/dispatch/choose-station';
import { type Direction, opposite, signOf } from '@corridor/actors/road/direction';
import { type EnergyProfile, energyProfile, thenWay, type WayEnergy, wayEnergy } from '@corridor/actors/road/energy-profile';
import { BULK_TRUCK, BULK_TRUCK_WINTER } from '@corridor/actors/truck/traction';
import { isBlackedOut } from './active-faults.ts';
import { socPercentOf, sohPercentOf } from './pack-physics.ts';
import type { PlantState, PlantStation, PlantTruck } from './plant-state.ts';
import type { World } from './world.ts';

/** A loaded combination: what a truck counts with on the leg after the next turn, whose load it does not know yet. */
export const GROSS_MASS_KG_MAX = 49_000;
const SWAP_MS = 330_000;
const PACK_SOH_PERCENT_MIN = 80;

export type Candidate = StationAhead & { direction: Direction };

/** Energy along the road for the kinds of truck that drive it, each computed once. */
export class WayPlanner {
  readonly #world: World;
  readonly #profiles = new Map<string, EnergyProfile>();

  constructor(world: World) {
    this.#world = world;
  }

  way(direction: Direction, { massKg, winter }: { massKg: number; winter: boolean }, fromM: number, toM: number): WayEnergy {
    const tonnes = Math.ceil(massKg / 1000);
    const key = `${direction}:${tonnes}:${winter}`;
    let profile = this.#profiles.get(key);
    if (!profile) {
      const { road, zones } = this.#world;
      profile = energyProfile({
        road,
        direction,
        massKg: tonnes * 1000,
        parameters: winter ? BULK_TRUCK_WINTER : BULK_TRUCK,
        zones,
        cellM: 200,
      });
      this.#profiles.set(key, profile);
    }
    return wayEnergy(profile, fromM, toM);
  }

  /** Stations a truck may swap at: the rest of this pass, then the first of the pass after the turn. */
  candidates(state: PlantState, truck: PlantTruck, { massKg, winter }: { massKg: number; winter: boolean }): Candidate[] {
    const { road } = this.#world;
    const endM = truck.direction === 'WEST' ? road.endM : road.startM;
    const back = opposite(truck.direction);
    const toTurn = this.way(truck.direction, { massKg, winter }, truck.chainageM, endM);
    const stations = Object.values(state.stations);
    const ahead = stations
      .filter((station) => serves(station, truck.direction) && (station.chainageM - truck.chainageM) * signOf(truck.direction) >= 0)
      .map((station) =>
        candidate(
          state,
          this.#world,
          station,
          truck,
          truck.direction,
          this.way(truck.direction, { massKg, winter }, truck.chainageM, station.chainageM),
        ),
      );
    const afterTurn = stations
      .filter((station) => serves(station, back))
      .map((station) =>
        candidate(
          state,
          this.#world,
          station,
          truck,
          back,
          thenWay(toTurn, this.way(back, { massKg: GROSS_MASS_KG_MAX, winter }, endM, station.chainageM)),
        ),
      );
    return [...ahead, ...afterTurn];
  }
}

export function serves(station: PlantStation, direction: Direction): boolean {
  return station.direction === 'BOTH' || station.direction === direction;
}

function candidate(
  state: PlantState,
  world: World,
  station: PlantStation,
  truck: PlantTruck,
  direction: Direction,
  way: WayEnergy,
): Candidate {
  const busy = station.bays.filter(({ truckId }) => truckId !== null).length;
  const before = station.queue.length + busy;
  return {
    stationId: station.id,
    direction,
    distanceM: way.distanceM,
    peakWh: way.peakWh,
    readyPacks: Math.max(0, readyPacksFor(truck.id, { state, world, station }) - withoutPack(station, station.queue)),
    estWaitMs: (before * SWAP_MS) / Math.max(1, station.bays.length),
    operative: !isBlackedOut(state, station.id) && !station.emergencyStop && !station.fire && station.closed !== true,
  };
}

/** Packs that a truck may count on: full enough, and kept for no other truck. */
export function readyPacksFor(
  truckId: string,
  { state, world, station }: { state: PlantState; world: World; station: PlantStation },
): number {
  return station.slots.filter(({ packId }) => {
    const pack = packId === null ? undefined : state.packs[packId];
    const isReady = pack && socPercentOf(pack) >= world.targetSocPercent && sohPercentOf(pack) >= PACK_SOH_PERCENT_MIN;
    return isReady && !station.kept?.some((kept) => kept.packId === packId && kept.truckId !== truckId);
  }).length;
}

/** How many of these trucks take one of the packs that are kept for nobody. */
export const withoutPack = ({ kept }: PlantStation, truckIds: readonly string[]): number =>
  truckIds.filter((id) => !kept?.some(({ truckId }) => truckId === id)).length;
