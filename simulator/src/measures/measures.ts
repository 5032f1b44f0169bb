import { addAt } from './add-at.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Which way a truck on a round trip goes; null: one that makes none. */
export type Heading = 'out' | 'back' | null;

/** Numbers of a station whose mean over time counts. */
export interface Levels {
  waitingTrucks: number;
  busyBays: number;
  readyPacks: number;
  busyChargers: number;
}

/** Sums by the hour, for the time series. */
export interface HourlySums {
  arrivals: Float64Array;
  swaps: Float64Array;
  lost: Float64Array;
  waitMs: Float64Array;
  chargedWh: Float64Array;
}

/** What happened at one station from the end of the warm-up on. */
export class StationMeasures {
  arrivals = 0;
  lost = 0;
  swaps = 0;
  chargedWh = 0;
  returnedWh = 0;
  issuedWh = 0;
  /** Waits of trucks that came after the warm-up, and of those that wait still when the run ends, so long as they have waited by then [ms]. */
  waitsMs: number[] = [];
  /** The same of trucks on round trips, by where they were going. */
  headedWaitsMs: Record<NonNullable<Heading>, number[]> = { out: [], back: [] };
  /** What trucks waited within the time that counts, whenever they came [ms]. */
  waitedMs = 0;
  /** Of these waits, those that are not over. */
  waitingAtEnd = 0;
  readonly levels: Levels;
  readonly hourly: HourlySums | null;
  /** Level times time [ms]. */
  readonly areas: Levels = { waitingTrucks: 0, busyBays: 0, readyPacks: 0, busyChargers: 0 };
  #levelsSinceMs: number;
  #countsFromMs = 0;

  constructor({ levels, atMs, hours }: { levels: Levels; atMs: number; hours: number | null }) {
    this.levels = { ...levels };
    this.#levelsSinceMs = atMs;
    this.hourly =
      hours === null
        ? null
        : {
            arrivals: new Float64Array(hours),
            swaps: new Float64Array(hours),
            lost: new Float64Array(hours),
            waitMs: new Float64Array(hours),
            chargedWh: new Float64Array(hours),
          };
  }

  /** Brings the areas to an instant; to be called before a level changes. */
  passTo(nowMs: number): void {
    const forMs = nowMs - this.#levelsSinceMs;
    if (forMs <= 0) return;
    const { areas, levels } = this;
    areas.waitingTrucks += levels.waitingTrucks * forMs;
    areas.busyBays += levels.busyBays * forMs;
    areas.readyPacks += levels.readyPacks * forMs;
    areas.busyChargers += levels.busyChargers * forMs;
    this.#levelsSinceMs = nowMs;
  }

  /** Forgets the warm-up. The time series keeps it. */
  startCounting(nowMs: number): void {
    this.passTo(nowMs);
    Object.assign(this.areas, { waitingTrucks: 0, busyBays: 0, readyPacks: 0, busyChargers: 0 });
    this.arrivals = 0;
    this.lost = 0;
    this.swaps = 0;
    this.chargedWh = 0;
    this.returnedWh = 0;
    this.issuedWh = 0;
    this.waitsMs = [];
    this.headedWaitsMs = { out: [], back: [] };
    this.waitedMs = 0;
    this.#countsFromMs = nowMs;
  }

  /** A truck has waited, between two instants of the run [ms]; what of it the warm-up has is forgotten. */
  addWaited({ fromMs, untilMs }: { fromMs: number; untilMs: number }): void {
    this.waitedMs += Math.max(0, untilMs - Math.max(fromMs, this.#countsFromMs));
  }

  addWait(waitMs: number, heading: Heading): void {
    this.waitsMs.push(waitMs);
    if (heading !== null) this.headedWaitsMs[heading].push(waitMs);
  }

  /** The run ends, and a truck waits still: it waits this long at least, whenever it came. */
  addUnendedWait({ fromMs, untilMs }: { fromMs: number; untilMs: number }, heading: Heading): void {
    this.addWait(untilMs - fromMs, heading);
    this.addWaited({ fromMs, untilMs });
    this.waitingAtEnd += 1;
  }

  addHourly(of: keyof HourlySums, nowMs: number, value: number): void {
    if (this.hourly === null) return;
    const sums = this.hourly[of];
    // The last instant of the horizon belongs to its last hour.
    const hour = Math.min(sums.length - 1, Math.floor(nowMs / HOUR_MS));
    addAt(sums, hour, value);
  }
}

/** What trucks did from the end of the warm-up on, all fleets together. */
export interface TruckMeasures {
  trips: number;
  strandings: number;
  distanceM: number;
  consumedWh: number;
  /** In bays, within the time that counts. */
  serviceMs: number;
  /** Of tows that began, so far as they lie before the end of the run. */
  towMs: number;
  /** Beside what was driven. */
  towedM: number;
}

export const noTruckMeasures = (): TruckMeasures => ({
  trips: 0,
  strandings: 0,
  distanceM: 0,
  consumedWh: 0,
  serviceMs: 0,
  towMs: 0,
  towedM: 0,
});

/** A truck that waits when the run ends. */
export interface UnendedWait {
  stationId: string;
  /** So far. */
  waitMs: number;
}

/** One swap, a line of orders.csv. */
export interface SwapRow {
  atMs: number;
  stationId: string;
  truck: string;
  heading: Heading;
  waitMs: number;
  serviceMs: number;
  returnedWh: number;
  issuedWh: number;
}

/** What of a tow that begins now lies in the run [ms]. */
export const towMsWithin = ({ days }: { days: number }, { fromMs, towMs }: { fromMs: number; towMs: number }): number =>
  Math.min(towMs, days * DAY_MS - fromMs);
