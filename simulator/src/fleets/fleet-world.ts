import type { Prng } from '@corridor/actors/time/prng';
import type { UsedPack } from '../charging/pack-ageing.ts';
import type { Timeline } from '../kernel/timeline.ts';
import type { LoadQueues } from '../measures/load-queue.ts';
import type { Heading, StationMeasures, TruckMeasures } from '../measures/measures.ts';
import type { RunWeather } from '../scenario/run-weather.ts';
import type { Scenario, StationPlan } from '../scenario/scenario.schema.ts';
import type { Pass } from '../scenario/trip-routes.ts';
import type { Way } from '../scenario/way.ts';

/** What fleets know of a station, in either model. */
export interface FleetYard {
  plan: StationPlan;
  /** Who waits, and the packs that nobody has taken yet. */
  queue: { readonly length: number };
  ready: { readonly length: number };
  measures: StationMeasures;
  /** Trucks that are on their way to it, wait or swap. */
  bound: number;
  /** Without power: nobody should be sent there. */
  isDark: boolean;
}

/** What fleets know of a truck, in either model. */
export interface FleetTruck<Yard extends FleetYard = FleetYard> {
  ref: string;
  pack: UsedPack;
  /** Where it is bound for, waits or swaps. */
  yard: Yard | null;
  /** The leg under way, taken off the pack at its end. */
  leg: { wh: number; distanceM: number };
  /** Where a round trip stands, and whether it was towed here and has no new pack since; without meaning for other fleets. */
  trip: { pass: Pass; node: number; empty: boolean; drivenMs: number; isOnTow: boolean };
  /** Taken off its packs by legs, since the first instant [Wh]. */
  usedWh: number;
  legDraws: Prng;
  /** The way that it was sent on last, and when [ms of the run]; null: it was never sent anywhere, or is parked. */
  sent: Route | null;
  sentAtMs: number;
}

export const headingOf = ({ fleet, trip }: { fleet: { readonly isRoundTrip: boolean }; trip: { pass: Pass } }): Heading =>
  fleet.isRoundTrip ? (trip.pass === 0 ? 'out' : 'back') : null;

/** Where a leg ends. */
export type LegGoal = 'STATION' | 'TURN' | 'STRANDING' | 'STRANDING_BEFORE_TURN';

/** A way that a truck is sent on. `thenMs`: how long the turn takes, or the tow. */
export interface Route {
  goal: LegGoal;
  legMs: number;
  thenMs: number;
  /** From where to where; null: that is not said of this fleet. */
  span: { way: Way; fromM: number; toM: number } | null;
}

type Sent = Pick<FleetTruck, 'sent' | 'sentAtMs'>;
/** A truck that was never sent anywhere. */
export const NOT_SENT: Readonly<Sent> = { sent: null, sentAtMs: 0 };

export function noteSent(truck: Sent, route: Route, nowMs: number): void {
  truck.sent = route;
  truck.sentAtMs = nowMs;
}

/** Whether a truck's way, with the turn or the tow at its end, lasts still: a truck whose way is over stands somewhere. */
export function isOnWay({ sent, sentAtMs }: Sent, nowMs: number): boolean {
  if (sent === null) return false;
  const arrivesAtMs = sentAtMs + sent.legMs;
  return nowMs < (sent.goal === 'STATION' ? arrivesAtMs : arrivesAtMs + sent.thenMs);
}

export interface NewTruck<Truck extends FleetTruck> {
  fleet: FleetControl<Truck>;
  fleetId: string;
  /** Within its fleet. */
  name: string;
  /** Of the pack that it brings, 0..100. */
  socPercent: number;
}

/** What decides where the trucks of a fleet go. */
export interface FleetControl<Truck extends FleetTruck> {
  /** Whether its trucks go out and back. */
  readonly isRoundTrip: boolean;
  /** All that it ever had. */
  readonly trucks: readonly Truck[];
  /** Those of them that it has nothing for now: they wait for their first departure or for a load, or are gone. */
  readonly resting: readonly Truck[];
  /** First instant. */
  begin(): void;
  /** A truck has its new pack, or was turned away. */
  goOn(truck: Truck): void;
  /** A truck has turned at an end of its way. */
  turned(truck: Truck): void;
  /** A truck was towed to the end of its way, where it turns. */
  towed(truck: Truck): void;
}

/** The plant that fleets drive in. */
export interface FleetWorld<Truck extends FleetTruck> {
  readonly scenario: Scenario;
  readonly stage: Timeline;
  readonly prng: Prng;
  readonly weather: RunWeather;
  readonly yards: readonly NonNullable<Truck['yard']>[];
  readonly truckMeasures: TruckMeasures;
  readonly loads: LoadQueues;
  readonly fleets: FleetControl<Truck>[];
  addTruck(truck: NewTruck<Truck>): Truck;
  /** Sends a truck on its way. */
  route(truck: Truck, route: Route): void;
  /** It comes from elsewhere and stands before its station. */
  come(truck: Truck): void;
  /** It has nothing to do. */
  park(truck: Truck): void;
}
