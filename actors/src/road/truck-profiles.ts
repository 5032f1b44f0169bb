import { BULK_TRUCK } from '../truck/traction.ts';
import type { Direction } from './direction.ts';
import { type EnergyProfile, energyProfile } from './energy-profile.ts';
import type { RoadHeights } from './road-profile.ts';
import type { SpeedZone } from './speed-zones.ts';

/** What a truck counts with on the leg after the turn at the end of the road, whose load nobody knows yet [kg]. */
export const TURNED_MASS_KG = 49_000;
const CELL_M = 200;

/** Energy of a bulk truck along the road; its mass is rounded up to a whole tonne. */
export type ProfileOf = (direction: Direction, massKg: number) => EnergyProfile;

/** A road in both directions for every mass that is asked for, each made once. */
export function profilesOn(road: RoadHeights, zones: readonly SpeedZone[]): ProfileOf {
  const profiles = new Map<string, EnergyProfile>();
  return (direction, massKg) => {
    const tonnes = Math.ceil(massKg / 1_000);
    const key = `${direction}:${tonnes}`;
    let profile = profiles.get(key);
    if (!profile) {
      profile = energyProfile({ road, direction, massKg: tonnes * 1_000, parameters: BULK_TRUCK, zones, cellM: CELL_M });
      profiles.set(key, profile);
    }
    return profile;
  };
}
