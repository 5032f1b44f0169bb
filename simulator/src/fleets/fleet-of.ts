import type { FleetPlan } from '../scenario/scenario.schema.ts';
import type { FleetControl, FleetTruck, FleetWorld } from './fleet-world.ts';
import { CycleFleet, VisitsFleet } from './queue-fleets.ts';
import { TripsFleet } from './trips-fleet.ts';

/** Who sends the trucks of a fleet, in either model. */
export function fleetOf<Truck extends FleetTruck>(world: FleetWorld<Truck>, fleet: FleetPlan): FleetControl<Truck> {
  switch (fleet.kind) {
    case 'trips':
      return new TripsFleet(world, fleet);
    case 'visits':
      return new VisitsFleet(world, fleet);
    case 'cycle':
      return new CycleFleet(world, fleet);
  }
}
