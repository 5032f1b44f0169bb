import type { RecordedTruck, Track } from '@corridor/protocols/recording/recording.schema';
import type { FleetTruck } from '../fleets/fleet-world.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import type { Chainages } from './recorded-geometry.ts';
import { truckIdOf } from './truck-id.ts';

export type TruckState = RecordedTruck['state'];

/** Where a truck is: in a bay or a queue, if it stands in one, else by how it was sent on its way. */
export function truckStateOf({ sent, sentAtMs }: FleetTruck, standing: 'IN_BAY' | 'QUEUEING' | null, nowMs: number): TruckState {
  if (standing !== null) return standing;
  if (sent === null) return 'PARKED';
  if (nowMs < sentAtMs + sent.legMs) return 'DRIVING';
  if (sent.goal === 'TURN') return 'LOADING';
  // Who has come to a station and stands nowhere was refused, and waits to ask again.
  return sent.goal === 'STATION' ? 'RESTING' : 'STRANDED';
}

/** Where trucks of a scenario are and what they weigh. */
export class TruckPlaces {
  readonly #chainages: Chainages;
  readonly #fleets: ReadonlyMap<string, Scenario['fleets'][number]>;

  constructor(scenario: Scenario, chainages: Chainages) {
    this.#chainages = chainages;
    this.#fleets = new Map(scenario.fleets.map((fleet) => [fleet.id, fleet]));
  }

  record(truck: FleetTruck, at: { state: TruckState; packId: string | null; nowMs: number }): RecordedTruck {
    return {
      id: truckIdOf(truck),
      state: at.state,
      stationId: truck.yard?.plan.id ?? null,
      packId: at.packId,
      chainageM: [...this.#trackOf(truck, at.state, at.nowMs)].map(([ms, m]) => [ms, m]),
      isWestbound: this.#isWestbound(truck),
      grossMassKg: this.#massKg(truck),
    };
  }

  #fleetOf(truck: FleetTruck): Scenario['fleets'][number] | undefined {
    const id = truckIdOf(truck);
    return this.#fleets.get(id.slice(0, id.lastIndexOf('-')));
  }

  #trackOf(truck: FleetTruck, state: TruckState, nowMs: number): Track {
    const { sent, sentAtMs, yard } = truck;
    const here = (chainageM: number): Track => [[nowMs, chainageM]];
    if (state === 'IN_BAY' || state === 'QUEUEING' || state === 'RESTING')
      return yard === null ? [] : here(this.#chainages.ofSite(yard.plan.siteId));
    const span = sent?.span ?? null;
    if (sent !== null && span !== null) {
      const toM = this.#chainages.ofWay(span.way, span.toM);
      if (state !== 'DRIVING') return here(toM);
      return trackOf([
        [sentAtMs, this.#chainages.ofWay(span.way, span.fromM)],
        [sentAtMs + sent.legMs, toM],
      ]);
    }
    const fleet = this.#fleetOf(truck);
    return state === 'PARKED' && fleet?.kind === 'trips' ? here(this.#chainages.ofSite(fleet.from)) : [];
  }

  #isWestbound({ sent, trip, yard }: FleetTruck): boolean {
    const span = sent?.span ?? null;
    if (span !== null) return this.#chainages.grows(span.way);
    return yard === null ? trip.pass === 0 : this.#servesWest(yard.plan.servesTripsTo);
  }

  #servesWest(towards: readonly string[] | undefined): boolean {
    const last = this.#chainages.points.at(-1);
    return towards === undefined || last === undefined || towards.includes(last.siteId);
  }

  #massKg(truck: FleetTruck): number | null {
    const fleet = this.#fleetOf(truck);
    if (fleet?.kind !== 'trips') return null;
    if (truck.sent === null || truck.trip.empty) return Math.round(fleet.emptyMassKg);
    return Math.round(truck.trip.pass === 0 ? fleet.loadedMassOutKg : fleet.loadedMassBackKg);
  }
}

/** Points in whole milliseconds and units; of those that fall together the last one counts. */
export function trackOf(points: Track): Track {
  const rounded: [number, number][] = [];
  for (const [ms, value] of points) {
    const point: [number, number] = [Math.max(0, Math.round(ms)), Math.round(value)];
    if (rounded.at(-1)?.[0] === point[0]) rounded.pop();
    rounded.push(point);
  }
  return rounded;
}
