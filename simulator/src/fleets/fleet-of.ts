import type { FleetPlan } from '../scenario/scenario.schema.ts';
import type { FleetControl, FleetTruck, FleetWorld } from './fleet-world.ts';
import { CycleFleet, VisitsFleet } from './queue-fleets.ts';
import { TripsFleet } from './trips-fleet.ts';

/** All fleets of a scenario, in either model: their first instant. */
export function beginFleets<Truck extends FleetTruck>(world: FleetWorld<Truck>): void {
  for (const plan of world.scenario.fleets) {
    const fleet = fleetOf(world, plan);
    world.fleets.push(fleet);
    fleet.begin();
  }
}

function fleetOf<Truck extends FleetTruck>(world: FleetWorld<Truck>, fleet: FleetPlan): FleetControl<Truck> {
  switch (fleet.kind) {
    case 'trips':
      return new TripsFleet(world, fleet);
    case 'visits':
      return new VisitsFleet(world, fleet);
    case 'cycle':
      return new CycleFleet(world, fleet);
  }
}
