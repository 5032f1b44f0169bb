import { assert, violated } from '@corridor/protocols/assert';
import { type FleetTruck, type FleetWorld, isOnWay } from '../fleets/fleet-world.ts';
import { Whereabouts } from './whereabouts.ts';

/** Where a truck may be. REST: home, before its first departure, waiting for a load, or gone; WAY: driving, turning or on a tow. */
export type TruckPlaceKind = 'REST' | 'WAY' | 'QUEUE' | 'BAY' | 'REFUSED';

interface WalkedWorld<Truck extends FleetTruck> extends Omit<FleetWorld<Truck>, 'yards'> {
  readonly trucks: readonly Truck[];
  readonly yards: readonly {
    plan: { id: string };
    queue: Iterable<Truck>;
    bays: Iterable<{ readonly truck: Truck | null }>;
  }[];
}

/**
 * Goes to every place where trucks may be, in either model. A way is one only until it has to be over: a truck that should have come by now and stands
 * nowhere is lost.
 */
export function truckPlaces<Truck extends FleetTruck>(world: WalkedWorld<Truck>): Whereabouts<Truck, TruckPlaceKind> {
  const { nowMs } = world.stage.clock;
  const places = new Whereabouts<Truck, TruckPlaceKind>(({ ref }) => ref);
  for (const { resting } of world.fleets) for (const truck of resting) places.stands(truck, { kind: 'REST', id: 'its fleet' });
  for (const truck of world.trucks) if (isOnWay(truck, nowMs)) places.stands(truck, { kind: 'WAY', id: 'the road' });
  for (const { plan, queue, bays } of world.yards) {
    for (const truck of queue) places.stands(truck, { kind: 'QUEUE', id: plan.id });
    for (const { truck } of bays) if (truck !== null) places.stands(truck, { kind: 'BAY', id: plan.id });
  }
  return places;
}

/** Every truck of every fleet of the scenario is in one place. @throws InvariantError naming the one that is not */
export function checkTruckPlaces<Truck extends FleetTruck>(
  { scenario, fleets, trucks }: Pick<WalkedWorld<Truck>, 'scenario' | 'fleets' | 'trucks'>,
  places: Whereabouts<Truck, TruckPlaceKind>,
): void {
  for (const [index, plan] of scenario.fleets.entries()) {
    const { trucks: own } = fleets[index] ?? violated(`fleet ${plan.id} never began`);
    // Of visits nobody knows beforehand how many trucks they take.
    if (plan.kind !== 'visits') assert(own.length === plan.trucks, `fleet ${plan.id} has ${own.length} trucks of ${plan.trucks}`);
  }
  places.check(fleets.flatMap((fleet) => fleet.trucks));
  places.check(trucks);
}
