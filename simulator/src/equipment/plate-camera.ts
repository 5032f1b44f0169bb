import type { Plant } from '../plant/plant.ts';
import type { PlantBay } from '../plant/plant-state.ts';

/** One plate in a hundred is not read right: half of them not at all, half with a wrong character (assumption). */
const UNREADABLE_RATIO = 0.005;
const MISREAD_RATIO = 0.005;

/** What the camera made of the plate of the truck in the bay; the same for the whole visit. */
export function plateAtEntrance(plant: Plant, bay: PlantBay): string | null {
  const truck = bay.truckId === null ? undefined : plant.state.trucks[bay.truckId];
  if (!truck) return null;
  const prng = plant.world.prng.fork(`plate:${bay.id}:${bay.visits}`);
  const luck = prng.nextRatio();
  if (luck < UNREADABLE_RATIO) return null;
  if (luck >= UNREADABLE_RATIO + MISREAD_RATIO) return truck.plate;
  const at = prng.integer(2, truck.plate.length - 1);
  const read = truck.plate[at] === '8' ? 'B' : '8';
  return `${truck.plate.slice(0, at)}${read}${truck.plate.slice(at + 1)}`;
}
