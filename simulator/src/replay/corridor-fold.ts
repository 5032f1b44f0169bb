import type { Direction } from '@corridor/actors/road/direction';

/** Lays a distance onto a road that is driven to and fro. @returns chainage and direction */
export function foldOntoRoad(
  distanceM: number,
  { startM, endM }: { startM: number; endM: number },
): { chainageM: number; direction: Direction } {
  const lengthM = endM - startM;
  const along = distanceM % (2 * lengthM);
  return along <= lengthM ? { chainageM: startM + along, direction: 'WEST' } : { chainageM: endM - (along - lengthM), direction: 'EAST' };
}
