import { assert } from '@corridor/protocols/assert';
import { drawMs } from '../scenario/distribution.ts';
import type { CyclePlan, VisitsPlan } from '../scenario/scenario.schema.ts';
import { issueWhOf } from '../scenario/station-physics.ts';
import { arrive } from './arrivals.ts';
import type { CoarseWorld } from './coarse-world.ts';
import type { FleetControl, StationYard, TruckUnit } from './units.ts';

function yardOf({ yards }: CoarseWorld, stationId: string): StationYard {
  const yard = yards.find(({ plan }) => plan.id === stationId);
  assert(yard !== undefined, `no station ${stationId}`);
  return yard;
}

/** Trucks from elsewhere: each comes, swaps once or is turned away, and is gone. A truck that is gone may come again as another. */
export class VisitsFleet implements FleetControl {
  readonly #world: CoarseWorld;
  readonly #plan: VisitsPlan;
  readonly #yard: StationYard;
  readonly #arriveWh: number;
  readonly #gone: TruckUnit[] = [];
  #made = 0;

  constructor(world: CoarseWorld, plan: VisitsPlan) {
    this.#world = world;
    this.#plan = plan;
    this.#yard = yardOf(world, plan.stationId);
    this.#arriveWh = issueWhOf(world.scenario, { issueSocPercent: plan.arriveSocPercent });
  }

  begin(): void {
    const { stage, prng } = this.#world;
    arrive(stage, { plan: this.#plan.arrivals, prng: prng.fork(`arrivals:${this.#plan.id}`), deed: () => this.#come() });
  }

  goOn(truck: TruckUnit): void {
    this.#world.stage.send(truck.host, { type: 'truck.parked' });
    this.#gone.push(truck);
  }

  turned({ ref }: TruckUnit): void {
    throw new TypeError(`${ref} has no way to turn on`);
  }

  #come(): void {
    const truck = this.#gone.pop() ?? this.#newTruck();
    truck.leg = { wh: truck.pack.contentWh - this.#arriveWh, distanceM: 0 };
    this.#world.stage.send(truck.host, { type: 'truck.came' });
  }

  #newTruck(): TruckUnit {
    this.#made += 1;
    const truck = this.#world.addTruck({ fleet: this, fleetId: this.#plan.id, name: String(this.#made), contentWh: this.#arriveWh });
    truck.yard = this.#yard;
    return truck;
  }
}

/** Trucks that are away for some time and come back to the same station. */
export class CycleFleet implements FleetControl {
  readonly #world: CoarseWorld;
  readonly #plan: CyclePlan;
  readonly #arriveWh: number;

  constructor(world: CoarseWorld, plan: CyclePlan) {
    this.#world = world;
    this.#plan = plan;
    this.#arriveWh = issueWhOf(world.scenario, { issueSocPercent: plan.arriveSocPercent });
  }

  begin(): void {
    const { id: fleetId, trucks, stationId } = this.#plan;
    for (let count = 1; count <= trucks; count += 1) {
      const truck = this.#world.addTruck({ fleet: this, fleetId, name: String(count), contentWh: this.#arriveWh });
      truck.yard = yardOf(this.#world, stationId);
      this.goOn(truck);
    }
  }

  goOn(truck: TruckUnit): void {
    truck.leg = { wh: truck.pack.contentWh - this.#arriveWh, distanceM: 0 };
    const legMs = drawMs(this.#plan.awayTime, truck.legDraws);
    this.#world.stage.send(truck.host, { type: 'truck.routed', goal: 'STATION', legMs, thenMs: 0 });
  }

  turned({ ref }: TruckUnit): void {
    throw new TypeError(`${ref} has no way to turn on`);
  }
}
