import type { TruckTelemetry } from '@corridor/protocols/tele/truck';
import { SWAP_MS, type Swap } from './fill-business.ts';

/** Before each swap [scope ms] (assumption): with three swaps a day one truck in 24 stands in a queue. */
const QUEUE_MS = 20 * 60_000;

type Standing = Pick<TruckTelemetry['data'], 'vehicleState' | 'destinationStationId'>;

/** Where trucks drive to, wait and are served, by the swaps that they had. */
export class Visits {
  readonly #ofTruck: ReadonlyMap<string, readonly Swap[]>;
  readonly #next = new Map<string, number>();

  /** @param swaps in the order of time */
  constructor(swaps: readonly Swap[]) {
    this.#ofTruck = Map.groupBy(swaps, ({ truckId }) => truckId);
  }

  /** To be asked in the order of time for each truck. @param atMs scope time [ms] */
  at(truckId: string, atMs: number): Standing {
    const swaps = this.#ofTruck.get(truckId) ?? [];
    let index = this.#next.get(truckId) ?? 0;
    for (let swap = swaps[index]; swap !== undefined && swap.atMs + SWAP_MS <= atMs; swap = swaps[index]) index += 1;
    this.#next.set(truckId, index);
    const swap = swaps[index];
    if (swap === undefined) return { vehicleState: 'DRIVING', destinationStationId: null };
    return { vehicleState: stateAt(swap, atMs), destinationStationId: swap.stationId };
  }
}

function stateAt(swap: Swap, atMs: number): Standing['vehicleState'] {
  if (atMs >= swap.atMs) return 'IN_BAY';
  return atMs >= swap.atMs - QUEUE_MS ? 'QUEUEING' : 'DRIVING';
}
