import { refOf } from '@corridor/actors/network/entity-ref';
import type { Network } from '@corridor/actors/network/network';
import type { TruckContext } from '@corridor/actors/truck/truck.rules';

/** Since when a truck stands in a queue, as its actor keeps it; scope ms. */
export function queueingSinceMs(network: Pick<Network, 'view'>, truckId: string): number | null {
  // Actors of that kind have this context.
  return (network.view(refOf('truck', truckId))?.context as TruckContext | undefined)?.queueingSinceMs ?? null;
}
