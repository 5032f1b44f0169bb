import { assert } from '@corridor/protocols/assert';
import { drawMs } from '../scenario/distribution.ts';
import type { CyclePlan, VisitsPlan } from '../scenario/scenario.schema.ts';
import { contentWhAt } from '../scenario/station-physics.ts';
import { arrive } from './arrivals.ts';
import type { FleetControl, FleetTruck, FleetWorld } from './fleet-world.ts';

function yardOf<Truck extends FleetTruck>({ yards }: FleetWorld<Truck>, stationId: string): NonNullable<Truck['yard']> {
  const yard = yards.find(({ plan }) => plan.id === stationId);
  assert(yard !== undefined, `no station ${stationId}`);
  return yard;
}

/** Trucks from elsewhere: each comes, swaps once or is turned away, and is gone. A truck that is gone may come again as another. */
export class VisitsFleet<Truck extends FleetTruck> implements FleetControl<Truck> {
  readonly isRoundTrip = false;
  readonly trucks: Truck[] = [];
  readonly #world: FleetWorld<Truck>;
  readonly #plan: VisitsPlan;
  readonly #yard: NonNullable<Truck['yard']>;
  readonly #gone: Truck[] = [];

  constructor(world: FleetWorld<Truck>, plan: VisitsPlan) {
    this.#world = world;
    this.#plan = plan;
    this.#yard = yardOf(world, plan.stationId);
  }

  get resting(): readonly Truck[] {
    return this.#gone;
  }

  begin(): void {
    const { stage, prng } = this.#world;
    arrive(stage, { plan: this.#plan.arrivals, prng: prng.fork(`arrivals:${this.#plan.id}`), deed: () => this.#come() });
  }

  goOn(truck: Truck): void {
    this.#world.park(truck);
    this.#gone.push(truck);
  }

  turned({ ref }: Truck): void {
    throw new TypeError(`${ref} has no way to turn on`);
  }

  towed({ ref }: Truck): void {
    throw new TypeError(`${ref} has no way to be towed on`);
  }

  #come(): void {
    const truck = this.#gone.pop() ?? this.#newTruck();
    truck.leg = { wh: truck.pack.contentWh - contentWhAt(this.#world.scenario, truck.pack, this.#plan.arriveSocPercent), distanceM: 0 };
    this.#world.come(truck);
  }

  #newTruck(): Truck {
    const truck = this.#world.addTruck({
      fleet: this,
      fleetId: this.#plan.id,
      name: String(this.trucks.length + 1),
      socPercent: this.#plan.arriveSocPercent,
    });
    this.trucks.push(truck);
    truck.yard = this.#yard;
    return truck;
  }
}

/** Trucks that are away for some time and come back to the same station. */
export class CycleFleet<Truck extends FleetTruck> implements FleetControl<Truck> {
  readonly isRoundTrip = false;
  readonly trucks: Truck[] = [];
  /** They are away, or at their station. */
  readonly resting: readonly Truck[] = [];
  readonly #world: FleetWorld<Truck>;
  readonly #plan: CyclePlan;

  constructor(world: FleetWorld<Truck>, plan: CyclePlan) {
    this.#world = world;
    this.#plan = plan;
  }

  begin(): void {
    const { id: fleetId, trucks, stationId } = this.#plan;
    for (let count = 1; count <= trucks; count += 1) {
      const truck = this.#world.addTruck({ fleet: this, fleetId, name: String(count), socPercent: this.#plan.arriveSocPercent });
      this.trucks.push(truck);
      truck.yard = yardOf(this.#world, stationId);
      this.goOn(truck);
    }
  }

  goOn(truck: Truck): void {
    truck.leg = { wh: truck.pack.contentWh - contentWhAt(this.#world.scenario, truck.pack, this.#plan.arriveSocPercent), distanceM: 0 };
    const legMs = drawMs(this.#plan.awayTime, truck.legDraws);
    this.#world.route(truck, { goal: 'STATION', legMs, thenMs: 0, span: null });
  }

  turned({ ref }: Truck): void {
    throw new TypeError(`${ref} has no way to turn on`);
  }

  towed({ ref }: Truck): void {
    throw new TypeError(`${ref} has no way to be towed on`);
  }
}
