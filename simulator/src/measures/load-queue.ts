import { violated } from '@corridor/protocols/assert';
import type { Scenario } from '../scenario/scenario.schema.ts';
import type { Kpis } from './kpis.ts';
import { LoadHours } from './load-hours.ts';

/** Loads of a fleet by the hour of a run, the warm-up too. */
export interface FleetLoads {
  fleetId: string;
  came: Float64Array;
  /** Trucks that set out with one. */
  setOut: Float64Array;
  /** Mean of those that waited for a truck. */
  waiting: Float64Array;
}

/** Loads that wait for a truck, of one fleet or of several together, from the end of the warm-up on. */
export class LoadQueue {
  #waiting = 0;
  /** Loads that came, and those that waited already when counting began. */
  #asked = 0;
  #most = 0;
  /** Loads times time [ms]. */
  #area = 0;
  #sinceMs = 0;
  readonly hours: LoadHours;
  readonly #whole: LoadQueue | null;

  /** @param days of the run   @param whole what it is a part of; null: of nothing */
  constructor(days: number, whole: LoadQueue | null) {
    this.hours = new LoadHours(days);
    this.#whole = whole;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** A load comes for which a truck stands ready. */
  served(nowMs: number): void {
    this.#asked += 1;
    this.hours.count('came', nowMs);
    this.hours.count('setOut', nowMs);
    this.#whole?.served(nowMs);
  }

  /** A load comes, and no truck is there. */
  waits(nowMs: number): void {
    this.#passTo(nowMs);
    this.#asked += 1;
    this.hours.count('came', nowMs);
    this.#waiting += 1;
    this.#most = Math.max(this.#most, this.#waiting);
    this.#whole?.waits(nowMs);
  }

  /** A truck takes one that has waited. */
  taken(nowMs: number): void {
    this.#passTo(nowMs);
    this.#waiting -= 1;
    this.hours.count('setOut', nowMs);
    this.#whole?.taken(nowMs);
  }

  /** @param nowMs the end of the run */
  byHour(nowMs: number): Omit<FleetLoads, 'fleetId'> {
    this.#passTo(nowMs);
    const { came, setOut } = this.hours;
    return { came, setOut, waiting: this.hours.waitingMean(nowMs) };
  }

  /** Forgets the warm-up, but not the loads that it left. */
  startCounting(nowMs: number): void {
    this.#passTo(nowMs);
    this.#area = 0;
    this.#asked = this.#waiting;
    this.#most = this.#waiting;
  }

  /** @param nowMs the end of the run */
  sums(nowMs: number, countedMs: number): { mean: number; most: number; atEnd: number; atEndRatio: number | null } {
    this.#passTo(nowMs);
    const atEndRatio = this.#asked === 0 ? null : this.#waiting / this.#asked;
    return { mean: this.#area / countedMs, most: this.#most, atEnd: this.#waiting, atEndRatio };
  }

  #passTo(nowMs: number): void {
    this.#area += this.#waiting * (nowMs - this.#sinceMs);
    this.hours.pass(this.#waiting, this.#sinceMs, nowMs);
    this.#sinceMs = nowMs;
  }
}

/** Whether a fleet sets out when a load comes, and not as soon as it can. */
export const waitsForLoads = (fleet: Scenario['fleets'][number]): boolean =>
  fleet.kind === 'trips' && fleet.departures.kind !== 'continuous';

/** Loads of all fleets that set out when one comes: a fleet whose trucks go on without an end has none that wait. */
export class LoadQueues {
  readonly #scenario: Pick<Scenario, 'fleets' | 'days' | 'warmUpDays'>;
  readonly #whole: LoadQueue;
  readonly #fleets: ReadonlyMap<string, LoadQueue>;

  constructor(scenario: Pick<Scenario, 'fleets' | 'days' | 'warmUpDays'>) {
    const { fleets, days } = scenario;
    this.#scenario = scenario;
    this.#whole = new LoadQueue(days, null);
    this.#fleets = new Map(
      fleets.flatMap((fleet) => (waitsForLoads(fleet) ? [[fleet.id, new LoadQueue(days, this.#whole)] as const] : [])),
    );
  }

  of(fleetId: string): LoadQueue {
    return this.#fleets.get(fleetId) ?? violated(`${fleetId} waits for no loads`);
  }

  startCounting(nowMs: number): void {
    for (const queue of [this.#whole, ...this.#fleets.values()]) queue.startCounting(nowMs);
  }

  /** Of each fleet that waits for loads. @param nowMs the end of the run */
  byHour(nowMs: number): FleetLoads[] {
    return [...this.#fleets].map(([fleetId, queue]) => ({ fleetId, ...queue.byHour(nowMs) }));
  }

  #followsDay(fleetId: string): boolean {
    return this.#scenario.fleets.some(
      (fleet) =>
        fleet.id === fleetId && fleet.kind === 'trips' && fleet.departures.kind === 'poisson' && fleet.departures.dayProfile !== undefined,
    );
  }

  /** Of the whole, and by fleet: what waits at the end tells whether it carries what is asked of it. Nothing where no fleet waits for loads. */
  kpis(nowMs: number, countedMs: number): Kpis {
    if (this.#fleets.size === 0) return {};
    const { mean, most } = this.#whole.sums(nowMs, countedMs);
    const byFleet = [...this.#fleets].flatMap(([id, queue]) => {
      const sums = queue.sums(nowMs, countedMs);
      const growth = queue.hours.growth({ ...this.#scenario, followsDay: this.#followsDay(id) });
      return [
        [`loadsWaitingMean.${id}`, sums.mean],
        [`loadsWaitingMost.${id}`, sums.most],
        [`loadsWaitingAtEnd.${id}`, sums.atEnd],
        [`loadsWaitingAtEndRatio.${id}`, sums.atEndRatio],
        [`loadsWaitingGrowthPerDay.${id}`, growth === null ? null : growth.perDay],
        [`loadsWaitingLeast.${id}`, growth === null ? null : growth.least],
      ];
    });
    return { loadsWaitingMean: mean, loadsWaitingMost: most, ...Object.fromEntries(byFleet) };
  }
}
