import type { Scenario, TripsPlan } from './scenario.schema.ts';
import { tractionOf } from './traction.schema.ts';
import { TripRoutes } from './trip-routes.ts';
import { type Way, wayBetween } from './way.ts';

/** The routes of a fleet in any weather; those of one are made when it comes. */
export class SeasonedRoutes {
  readonly ways: readonly [Way, Way];
  readonly #scenario: Pick<Scenario, 'traction'>;
  readonly #trips: TripsPlan;
  readonly #known = new Map<number, TripRoutes>();

  constructor(scenario: Pick<Scenario, 'traction'>, trips: TripsPlan, ways: readonly [Way, Way]) {
    this.#scenario = scenario;
    this.#trips = trips;
    this.ways = ways;
  }

  in({ coldRatio }: { coldRatio: number }): TripRoutes {
    const known = this.#known.get(coldRatio);
    if (known) return known;
    const made = new TripRoutes(this.#trips, this.ways, tractionOf(this.#scenario, coldRatio));
    this.#known.set(coldRatio, made);
    return made;
  }
}

/** @returns null when no roads lead there and back */
export function routesOf(scenario: Scenario, trips: TripsPlan): SeasonedRoutes | null {
  const out = wayBetween(scenario, trips.from, trips.to);
  const back = wayBetween(scenario, trips.to, trips.from);
  return out && back ? new SeasonedRoutes(scenario, trips, [out, back]) : null;
}
