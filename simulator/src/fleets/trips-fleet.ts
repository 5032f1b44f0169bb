import { unrecoveredWh } from '@corridor/actors/road/energy-profile';
import { REGEN_SOC_PERCENT_MAX } from '@corridor/actors/truck/traction';
import { assert, violated } from '@corridor/protocols/assert';
import { type EnergyCalendar, energyCalendarOf } from '../energy/energy-calendar.ts';
import { chosenPolicies } from '../policies/policies.schema.ts';
import { PRICING_RULES, type PricingPolicy } from '../policies/pricing-policies.ts';
import { STATION_RULES, type StationPolicy } from '../policies/station-policies.ts';
import { drawMs, meanMsOf } from '../scenario/distribution.ts';
import { DRIVING_MS_MAX, restsMsIn } from '../scenario/driver-rests.ts';
import type { TripsPlan } from '../scenario/scenario.schema.ts';
import { routesOf, type SeasonedRoutes } from '../scenario/seasoned-routes.ts';
import { type Candidate, type TripRoutes, turned } from '../scenario/trip-routes.ts';
import { arrive } from './arrivals.ts';
import type { FleetControl, FleetTruck, FleetWorld, FleetYard } from './fleet-world.ts';

/** A truck stands still at this share of what its pack can hold. */
const STRAND_RATIO = 0.03;
/** A pack that was driven down to where a truck stands still holds that, but for the last digits. */
const ROUNDING_WH = 1e-6;

const strandWhOf = ({ capacityWh }: { capacityWh: number }): number => STRAND_RATIO * capacityWh;

/** Trucks on round trips: where to swap next is chosen, at each departure, by the rule that advises drivers live. */
export class TripsFleet<Truck extends FleetTruck> implements FleetControl<Truck> {
  readonly isRoundTrip = true;
  readonly trucks: Truck[] = [];
  readonly #world: FleetWorld<Truck>;
  readonly #plan: TripsPlan;
  readonly #seasoned: SeasonedRoutes;
  readonly #meanSwapMs: readonly number[];
  readonly #calendar: EnergyCalendar;
  readonly #policy: StationPolicy;
  readonly #pricing: PricingPolicy;
  /** At home, waiting for a load; the one that waits longest goes first. */
  readonly #parked: Truck[] = [];
  /** First departures of trucks that go on without an end [ms of the run]. */
  readonly #departsAtMs = new Map<Truck, number>();

  constructor(world: FleetWorld<Truck>, plan: TripsPlan) {
    this.#world = world;
    this.#plan = plan;
    const seasoned = routesOf(world.scenario, plan);
    assert(seasoned !== null, `no roads from ${plan.from} to ${plan.to}`);
    this.#seasoned = seasoned;
    const { chooseStation, pricing } = chosenPolicies(world.scenario);
    this.#policy = STATION_RULES[chooseStation];
    this.#pricing = PRICING_RULES[pricing];
    this.#calendar = energyCalendarOf(world.scenario);
    this.#meanSwapMs = world.scenario.stations.map(({ swapTime }) => meanMsOf(swapTime));
  }

  /** In the weather of now: a way is driven to its end as it was when it began. */
  get #routes(): TripRoutes {
    const { weather, stage } = this.#world;
    return this.#seasoned.in(weather.at(stage.clock.nowMs));
  }

  get resting(): readonly Truck[] {
    const { nowMs } = this.#world.stage.clock;
    const yetToDepart = [...this.#departsAtMs].flatMap(([truck, departsAtMs]) => (departsAtMs > nowMs ? [truck] : []));
    return [...this.#parked, ...yetToDepart];
  }

  begin(): void {
    const { stage, prng } = this.#world;
    const { id: fleetId, trucks, departures, startSocPercent } = this.#plan;
    const draws = prng.fork(`departures:${fleetId}`);
    for (let count = 1; count <= trucks; count += 1) {
      const truck = this.#world.addTruck({ fleet: this, fleetId, name: String(count), socPercent: startSocPercent });
      this.trucks.push(truck);
      if (departures.kind === 'continuous') this.#departIn(draws.uniform(0, departures.spreadMs), truck);
      else this.#parked.push(truck);
    }
    if (departures.kind !== 'continuous') arrive(stage, { plan: departures, prng: draws, deed: () => this.#loadWaits() });
  }

  goOn(truck: Truck): void {
    truck.trip.isOnTow = false;
    if (truck.yard) truck.yard.bound -= 1;
    this.#route(truck);
  }

  turned(truck: Truck): void {
    const { trip } = truck;
    trip.pass = turned(trip.pass);
    trip.node = 0;
    trip.drivenMs = 0;
    if (trip.pass === 1) {
      this.#load(truck);
      return this.#route(truck);
    }
    this.#world.truckMeasures.trips += 1;
    if (this.#plan.departures.kind === 'continuous') return this.#start(truck);
    const loads = this.#world.loads.of(this.#plan.id);
    if (loads.waiting > 0) {
      loads.taken(this.#world.stage.clock.nowMs);
      return this.#start(truck);
    }
    this.#world.park(truck);
    this.#parked.push(truck);
  }

  /** Its load is waited for all the same. With the pack that it has it may need a tow to the next station too. */
  towed(truck: Truck): void {
    const { trip, legDraws } = truck;
    trip.isOnTow = true;
    this.#world.route(truck, {
      goal: 'TURN',
      legMs: 0,
      thenMs: drawMs(this.#plan.turnTime, legDraws),
      span: this.#routes.span(trip, 0),
    });
  }

  #departIn(delayMs: number, truck: Truck): void {
    const { stage } = this.#world;
    this.#departsAtMs.set(truck, stage.clock.nowMs + delayMs);
    stage.schedule(delayMs, () => this.#start(truck), 'ARRIVALS');
  }

  #loadWaits(): void {
    const { loads, stage } = this.#world;
    const queue = loads.of(this.#plan.id);
    const truck = this.#parked.shift();
    if (truck === undefined) return queue.waits(stage.clock.nowMs);
    queue.served(stage.clock.nowMs);
    this.#start(truck);
  }

  #start(truck: Truck): void {
    this.#load(truck);
    this.#route(truck);
  }

  #load(truck: Truck): void {
    truck.trip.empty = truck.legDraws.chance(this.#plan.emptyTripRatio);
  }

  #route(truck: Truck): void {
    const { trip, pack } = truck;
    const choice = this.#policy.choose({
      stations: this.#stationsAhead(truck),
      contentWh: pack.contentWh,
      nominalWh: this.#world.scenario.pack.nominalWh,
    });
    if (choice.kind !== 'STATION') violated(`${truck.ref} has no station ahead`);
    const { station } = choice;
    const goal = station.node === null ? 'TURN' : 'STATION';
    const toNode = station.node ?? this.#routes.lastNode(trip.pass);
    const way = this.#routes.leg(trip, toNode);
    const variation = 1 + this.#plan.legVariationRatio * (2 * truck.legDraws.nextRatio() - 1);
    const peakWh = way.peakWh * variation;
    truck.yard = this.#world.yards[station.index] ?? null;
    if (pack.contentWh - peakWh < strandWhOf(pack) - ROUNDING_WH) return this.#strand(truck, { station, peakWh, way, variation });
    const span = this.#routes.span(trip, way.distanceM);
    trip.node = toNode;
    if (goal === 'STATION' && truck.yard) truck.yard.bound += 1;
    const braked = unrecoveredWh(
      { roomWh: way.roomWh * variation },
      { contentWh: pack.contentWh, capWh: (REGEN_SOC_PERCENT_MAX / 100) * pack.capacityWh },
    );
    truck.leg = { wh: way.sumWh * variation + braked, distanceM: way.distanceM };
    const thenMs = goal === 'TURN' ? drawMs(this.#plan.turnTime, truck.legDraws) : 0;
    this.#world.route(truck, { goal, legMs: this.#withRests(truck, way.durationMs * variation), thenMs, span });
  }

  /** As many rests as fall into this leg. */
  #withRests({ trip }: Truck, legMs: number): number {
    trip.drivenMs += legMs;
    const restsMs = restsMsIn(trip.drivenMs);
    trip.drivenMs %= DRIVING_MS_MAX;
    return legMs + restsMs;
  }

  /** It comes as far as the pack carries it, and is towed to the station that it was bound for, or to the end of its way if it turns before. */
  #strand(
    truck: Truck,
    {
      station,
      peakWh,
      way,
      variation,
    }: { station: Candidate; peakWh: number; way: { durationMs: number; distanceM: number }; variation: number },
  ): void {
    const { trip, pack, yard } = truck;
    const { truckMeasures } = this.#world;
    const turns = station.node === null;
    if (yard && !turns) yard.bound += 1;
    const wh = Math.max(0, pack.contentWh - strandWhOf(pack));
    const drivenRatio = peakWh > 0 ? wh / peakWh : 0;
    truck.leg = { wh, distanceM: way.distanceM * drivenRatio };
    const span = this.#routes.span(trip, truck.leg.distanceM);
    trip.node = station.node ?? this.#routes.lastNode(trip.pass);
    const thenMs = drawMs(this.#plan.towTime, truck.legDraws);
    truckMeasures.towedM += way.distanceM * (1 - drivenRatio);
    this.#world.route(truck, {
      goal: turns ? 'STRANDING_BEFORE_TURN' : 'STRANDING',
      legMs: way.durationMs * variation * drivenRatio,
      thenMs,
      span,
    });
  }

  /** As the live advice sees them: packs that nobody before takes, and the time until the bays are free. */
  #stationsAhead({ trip, pack }: Truck): readonly Candidate[] {
    const candidates = this.#routes.candidates(trip);
    for (const candidate of candidates) {
      // Of what is out of reach nobody asks how busy it is.
      if (candidate.peakWh > pack.contentWh) continue;
      const yard = this.#world.yards[candidate.index];
      if (yard) this.#noteState(candidate, yard);
    }
    return candidates;
  }

  #noteState(candidate: Candidate, { ready, queue, measures, plan, bound, isDark }: FleetYard): void {
    const { countsBound } = this.#policy;
    const before = countsBound ? bound : queue.length + measures.levels.busyBays;
    candidate.readyPacks = Math.max(0, countsBound ? plan.packs - bound : ready.length - queue.length);
    candidate.estWaitMs = (before * (this.#meanSwapMs[candidate.index] ?? violated(`no station ${candidate.index}`))) / plan.bays;
    candidate.operative = !isDark;
    if (!this.#policy.asksPrice) return;
    const price = this.#calendar.priceAt(candidate.index, this.#world.stage.clock.nowMs);
    if (price === null) return;
    candidate.priceNanoYuanPerKwh = this.#pricing({
      now: price.nanoYuanPerKwh,
      mean: price.dayMeanNanoYuanPerKwh,
      readyRatio: ready.length / plan.packs,
    });
  }
}
