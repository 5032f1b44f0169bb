import { requiredContentWh } from '@corridor/actors/dispatch/reach';
import type { Reference } from '@corridor/actors/network/reference';
import { type Direction, opposite, signOf } from '@corridor/actors/road/direction';
import { thenWay, wayEnergy } from '@corridor/actors/road/energy-profile';
import type { RoadProfile } from '@corridor/actors/road/road-profile';
import { type ProfileOf, TURNED_MASS_KG } from '@corridor/actors/road/truck-profiles';
import type { StationDefinition } from '@corridor/protocols/network-file';

export type RequiredEnergyWh = Reference['requiredEnergyWh'];

/**
 * Energy that a pack must hold when it leaves a station: the peak on the way to the next station that serves the truck's
 * direction, round the turn at the end of the road where no station comes before it, and a reserve. A truck that goes no
 * further than its destination before that needs the way there.
 */
export function requiredEnergyOn(
  road: Pick<RoadProfile, 'startM' | 'endM'>,
  profileOf: ProfileOf,
  stations: () => Iterable<StationDefinition>,
): RequiredEnergyWh {
  const nearest = (direction: Direction, fromM: number, but: string | null): number | null => {
    let found: number | null = null;
    for (const { id, chainageM, direction: serves } of stations()) {
      if (id === but || (serves !== 'BOTH' && serves !== direction)) continue;
      const aheadM = (chainageM - fromM) * signOf(direction);
      if (aheadM < 0 || (found !== null && aheadM >= (found - fromM) * signOf(direction))) continue;
      found = chainageM;
    }
    return found;
  };
  return ({ stationId, direction, grossMassKg, destinationChainageM, nominalWh }) => {
    const station = [...stations()].find(({ id }) => id === stationId);
    if (!station) return null;
    const fromM = station.chainageM;
    const here = profileOf(direction, grossMassKg);
    const aheadM = nearest(direction, fromM, stationId);
    if (aheadM !== null)
      return requiredContentWh({
        peakWh: wayEnergy(here, fromM, toward(fromM, aheadM, destinationChainageM, direction)).peakWh,
        nominalWh,
      });
    const endM = direction === 'WEST' ? road.endM : road.startM;
    const back = opposite(direction);
    const afterTurnM = nearest(back, endM, null);
    if (afterTurnM === null) return null;
    const toTurn = wayEnergy(here, fromM, endM);
    const { peakWh } = thenWay(toTurn, wayEnergy(profileOf(back, TURNED_MASS_KG), endM, afterTurnM));
    return requiredContentWh({ peakWh, nominalWh });
  };
}

/** The next station, or the destination where that comes first. */
function toward(fromM: number, stationM: number, destinationM: number | null, direction: Direction): number {
  if (destinationM === null) return stationM;
  const isBetween = (destinationM - fromM) * signOf(direction) > 0 && (stationM - destinationM) * signOf(direction) > 0;
  return isBetween ? destinationM : stationM;
}
