import type { Effect } from '@corridor/actors/network/effect';
import type { SignalReader } from '@corridor/actors/network/reference';
import { Prng } from '@corridor/actors/time/prng';
import type { TerminalEvent } from '@corridor/gateway/procedure/swap-record';
import { assert, violated } from '@corridor/protocols/assert';
import { firstPack } from '../charging/pack-ageing.ts';
import { type FleetControl, type FleetWorld, headingOf, type NewTruck, NOT_SENT, noteSent, type Route } from '../fleets/fleet-world.ts';
import { EventCauses } from '../kernel/event-causes.ts';
import { LoadQueues } from '../measures/load-queue.ts';
import { noTruckMeasures, StationMeasures, type SwapRow, type TruckMeasures, towMsWithin, type UnendedWait } from '../measures/measures.ts';
import { carrierIdOf, corridorFile, type FullScenario, packDefinition, slotsOf, truckDefinition } from '../scenario/corridor-file.ts';
import { drawMs } from '../scenario/distribution.ts';
import { RunWeather } from '../scenario/run-weather.ts';
import type { StationPlan } from '../scenario/scenario.schema.ts';
import { startMsOf } from '../scenario/scenario-calendar.ts';
import { issueWhOf } from '../scenario/station-physics.ts';
import { CorridorTwin, type CorridorTwinOptions } from './corridor-twin.ts';
import { FullBooks } from './full-books.ts';
import { FullStation, isBlockingEnd } from './full-station.ts';
import { type FullPack, type FullTruck, newBms, readBms, socPercentOf, toldSohPercent } from './full-units.ts';
import { packOrderOf } from './pack-order.ts';
import { PlantSignals } from './plant-signals.ts';
import { requiredEnergyIn } from './required-energy.ts';
import { RunTime } from './run-time.ts';
import { SettlementDesk } from './settlement-desk.ts';
import { TopUps } from './top-ups.ts';

const DAY_MS = 86_400_000;
/** A driver who was refused asks again after this. */
const RETRY_MS = 10 * 60_000;

export interface FullWorldOptions {
  scenario: FullScenario;
  seed: number;
  engine: CorridorTwinOptions['engine'];
  /** Also collect each swap and sums by the hour. */
  detailed: boolean;
  /** Everything that the platform does, for who compares runs; without a listener, rows that only people read are not made. */
  onEffect?: ((effect: Effect) => void) | undefined;
  /** Comes between the platform's actors and the last values that they ask for, for who writes them down. */
  throughSignals?: ((own: SignalReader) => SignalReader) | undefined;
}

/** The plant of the full model, and the platform that it meets only in messages: trucks, stations and packs in event time. */
export class FullWorld implements FleetWorld<FullTruck> {
  readonly scenario: FullScenario;
  readonly seed: number;
  readonly stage = new RunTime();
  readonly prng: Prng;
  readonly weather: RunWeather;
  readonly twin: CorridorTwin;
  readonly books = new FullBooks(() => this.nowMs);
  readonly topUps: TopUps;
  /** null: nobody is settled. */
  readonly desk: SettlementDesk | null;
  readonly yards: readonly FullStation[];
  readonly packs: FullPack[] = [];
  readonly trucks: FullTruck[] = [];
  readonly fleets: FleetControl<FullTruck>[] = [];
  readonly swaps: SwapRow[] | null;
  truckMeasures: TruckMeasures = noTruckMeasures();
  readonly loads: LoadQueues;
  /** By packs, when they came. */
  broughtWh = 0;
  readonly #signals: PlantSignals;
  readonly #stations = new Map<string, FullStation>();
  readonly #countsFromMs: number;
  readonly #causes: EventCauses;
  readonly #onEffect: ((effect: Effect) => void) | undefined;
  /** Swaps under way, to be noted at their end. */
  readonly #rows = new Map<FullTruck, SwapRow>();
  /** Trucks that were refused and will ask again, where and when [ms of the run]. */
  readonly #refused = new Map<FullTruck, { station: FullStation; againAtMs: number }>();

  constructor({ scenario, seed, engine, detailed, onEffect, throughSignals = (own) => own }: FullWorldOptions) {
    this.scenario = scenario;
    this.seed = seed;
    this.loads = new LoadQueues(scenario);
    this.#causes = new EventCauses(scenario.eventsMax);
    this.prng = new Prng(seed);
    this.weather = new RunWeather(scenario, this.prng);
    this.swaps = detailed ? [] : null;
    this.#onEffect = onEffect;
    this.#countsFromMs = scenario.warmUpDays * DAY_MS;
    const originMs = startMsOf(scenario);
    this.#signals = new PlantSignals(() => originMs + Math.floor(this.nowMs));
    const hours = detailed ? Math.ceil(scenario.days * 24) : null;
    this.yards = scenario.stations.map((plan, index) => this.#addStation(plan, index, hours));
    const { settlements, topUp } = scenario.business;
    this.topUps = new TopUps({ topUp, books: this.books, twin: () => this.twin, nowMs: () => this.nowMs });
    this.desk = settlements === undefined ? null : new SettlementDesk({ settlements, time: this.stage, originMs, twin: () => this.twin });
    this.twin = new CorridorTwin({
      file: corridorFile(scenario),
      requiredEnergyWh: requiredEnergyIn(scenario, () => this.weather.at(this.nowMs)),
      signals: throughSignals(this.#signals),
      originMs,
      engine,
      readsRows: onEffect !== undefined,
      onEffect: (effect) => this.#take(effect),
    });
    this.twin.reference.packOrder = packOrderOf(scenario.policies ?? {}, this.#signals.packs);
    this.#begin();
  }

  get nowMs(): number {
    return this.stage.nowMs;
  }

  /** Deeds of the plant, and events that the platform's actors took. */
  get events(): number {
    return this.stage.deeds + this.twin.network.delivered;
  }

  /** @throws EventsExceededError when more happens than was allowed */
  runUntil(untilMs: number): void {
    const { stage, twin, scenario } = this;
    const { clock } = stage;
    for (;;) {
      const plantDueMs = clock.nextDueMs ?? Number.POSITIVE_INFINITY;
      const twinDueMs = twin.nextDueMs ?? Number.POSITIVE_INFINITY;
      if (Math.min(plantDueMs, twinDueMs) > untilMs) break;
      // What the platform has waited for comes first.
      const isPlatform = twinDueMs <= plantDueMs;
      if (isPlatform) {
        if (twinDueMs > clock.nowMs) clock.standAt(twinDueMs);
        twin.fireTimer();
      } else {
        clock.fireNext(untilMs);
        stage.deeds += 1;
      }
      const { events } = this;
      if (events >= this.#causes.nextAt) this.#causes.note(events, isPlatform ? 'PLATFORM' : stage.cause);
      if (events > scenario.eventsMax) throw this.#causes.exceeded(this.nowMs);
    }
    clock.standAt(untilMs);
  }

  /** When something happens next [ms of the run]; null: never again. */
  get nextDueMs(): number | null {
    const dueMs = Math.min(this.stage.clock.nextDueMs ?? Number.POSITIVE_INFINITY, this.twin.nextDueMs ?? Number.POSITIVE_INFINITY);
    return dueMs === Number.POSITIVE_INFINITY ? null : dueMs;
  }

  // ── trucks ──

  addTruck({ fleet, fleetId, name, socPercent }: NewTruck<FullTruck>): FullTruck {
    const { scenario, twin } = this;
    const id = `${fleetId}-${name}`;
    const ref = `truck:${id}`;
    const draws = this.prng.fork(ref);
    const plan = scenario.fleets.find((each) => each.id === fleetId);
    assert(plan !== undefined, `no fleet ${fleetId}`);
    const papers = truckDefinition(id, carrierIdOf(scenario, { fleetId, name }));
    const pack = this.#addPack({ name: id, socPercent, at: id, before: () => twin.addTruck(papers) });
    const truck: FullTruck = {
      ref,
      id,
      fleet,
      pack,
      isBare: false,
      yard: null,
      arrivedAtMs: 0,
      odometerM: 0,
      leg: { wh: 0, distanceM: 0 },
      usedWh: 0,
      trip: { pass: 0, node: 0, empty: false, drivenMs: 0, isOnTow: false },
      masses: plan.kind === 'trips' ? { out: plan.loadedMassOutKg, back: plan.loadedMassBackKg, empty: plan.emptyMassKg } : null,
      token: { idToken: papers.driver.idToken.idToken, type: 'Central' },
      legDraws: draws.fork('leg'),
      serviceDraws: draws.fork('service'),
      ...NOT_SENT,
    };
    this.trucks.push(truck);
    this.#signals.trucks.set(id, truck);
    return truck;
  }

  route(truck: FullTruck, route: Route): void {
    const { stage, twin } = this;
    const { goal, legMs, thenMs } = route;
    noteSent(truck, route, this.nowMs);
    twin.vehicleState(truck.id, 'DRIVING', this.nowMs);
    const end = () => {
      if (goal === 'STATION') return this.#arrive(truck);
      if (goal === 'STRANDING') return this.#strand(truck, thenMs, () => this.#arrive(truck));
      if (goal === 'STRANDING_BEFORE_TURN') return this.#strand(truck, thenMs, () => truck.fleet.towed(truck));
      this.#turn(truck, thenMs);
    };
    stage.schedule(legMs, end, 'TRUCKS');
  }

  #turn(truck: FullTruck, turnMs: number): void {
    this.twin.vehicleState(truck.id, 'LOADING', this.nowMs);
    const turned = () => {
      this.#endLeg(truck);
      truck.fleet.turned(truck);
    };
    this.stage.schedule(turnMs, turned, 'TRUCKS');
  }

  come(truck: FullTruck): void {
    this.#arrive(truck);
  }

  park(truck: FullTruck): void {
    truck.sent = null;
    this.twin.vehicleState(truck.id, 'PARKED', this.nowMs);
  }

  #arrive(truck: FullTruck): void {
    const { yard } = truck;
    if (yard === null) violated(`${truck.ref} came to no station`);
    this.#endLeg(truck);
    truck.arrivedAtMs = this.nowMs;
    if (!yard.arrive(truck)) truck.fleet.goOn(truck);
  }

  #strand(truck: FullTruck, towMs: number, whenTowed: () => void): void {
    this.#endLeg(truck);
    if (!truck.trip.isOnTow) this.truckMeasures.strandings += 1;
    this.truckMeasures.towMs += towMsWithin(this.scenario, { fromMs: this.nowMs, towMs });
    const report = (event: string) => this.twin.truckEvent(truck.id, event, { truckId: truck.id, packId: truck.pack.id }, this.nowMs);
    report('stranded');
    const recover = () => {
      report('recovered');
      whenTowed();
    };
    this.stage.schedule(towMs, recover, 'TRUCKS');
  }

  /** Takes what a leg used off the pack on board. */
  #endLeg(truck: FullTruck): void {
    const { wh, distanceM } = truck.leg;
    truck.leg = { wh: 0, distanceM: 0 };
    truck.pack.contentWh -= wh;
    truck.odometerM += distanceM;
    truck.usedWh += wh;
    if (this.nowMs < this.#countsFromMs) return;
    this.truckMeasures.consumedWh += wh;
    this.truckMeasures.distanceM += distanceM;
  }

  #docks({ plan }: FullStation, truck: FullTruck): number {
    this.#rows.set(truck, {
      atMs: this.nowMs,
      stationId: plan.id,
      truck: truck.ref,
      heading: headingOf(truck),
      waitMs: this.nowMs - truck.arrivedAtMs,
      serviceMs: 0,
      returnedWh: truck.pack.contentWh,
      issuedWh: 0,
    });
    return drawMs(plan.swapTime, truck.serviceDraws);
  }

  #left(station: FullStation, truck: FullTruck, ended: TerminalEvent): void {
    const row = this.#rows.get(truck);
    this.#rows.delete(truck);
    if (row === undefined) violated(`${truck.ref} left a bay that it never came to`);
    const isCleared = isBlockingEnd(ended);
    if (ended === 'completed' || isCleared) {
      this.#endWait(station, truck, row);
      // Given a pack by hand, it drives on; no swap was done, and none is counted.
      if (isCleared) station.measures.returnedWh -= row.returnedWh;
      else this.swaps?.push({ ...row, serviceMs: this.nowMs - row.atMs, issuedWh: truck.pack.contentWh });
      return truck.fleet.goOn(truck);
    }
    if (station.plan.discipline === 'lost') {
      station.turnAway();
      return truck.fleet.goOn(truck);
    }
    // Its wait goes on: it began when the truck came, however often it is refused.
    this.#refused.set(truck, { station, againAtMs: this.nowMs + RETRY_MS });
    const askAgain = () => {
      this.#refused.delete(truck);
      station.enqueue(truck);
    };
    this.stage.schedule(RETRY_MS, askAgain, 'TRUCKS');
  }

  #endWait({ measures }: FullStation, truck: FullTruck, { atMs, waitMs }: Pick<SwapRow, 'atMs' | 'waitMs'>): void {
    if (truck.arrivedAtMs >= this.#countsFromMs) measures.addWait(waitMs, headingOf(truck));
    measures.addWaited({ fromMs: truck.arrivedAtMs, untilMs: atMs });
    this.truckMeasures.serviceMs += this.nowMs - Math.max(atMs, this.#countsFromMs);
    measures.addHourly('waitMs', atMs, waitMs);
  }

  /** Trucks that stand aside after a refusal, and where: until they ask again. */
  get refused(): readonly { truck: FullTruck; station: FullStation }[] {
    return [...this.#refused].flatMap(([truck, { station, againAtMs }]) => (againAtMs > this.nowMs ? [{ truck, station }] : []));
  }

  /** The run is over: who waits, or was refused and will ask again, has waited so long at least. */
  endWaits(): UnendedWait[] {
    for (const station of this.yards)
      for (const { truck } of station.bays) {
        const row = truck && this.#rows.get(truck);
        if (truck && row) this.#endWait(station, truck, row);
      }
    const refused = [...this.#refused].map(([truck, { station }]) => ({ truck, station }));
    const queued = this.yards.flatMap((station) => [...station.queue].map((truck) => ({ truck, station })));
    return [...queued, ...refused].map(({ truck, station }) => {
      const { arrivedAtMs: fromMs } = truck;
      station.measures.addUnendedWait({ fromMs, untilMs: this.nowMs }, headingOf(truck));
      return { stationId: station.id, waitMs: this.nowMs - fromMs };
    });
  }

  // ── stations and packs ──

  #addStation(plan: StationPlan, index: number, hours: number | null): FullStation {
    const { scenario, stage: time } = this;
    const levels = { waitingTrucks: 0, busyBays: 0, readyPacks: plan.packs, busyChargers: 0 };
    const station = new FullStation({
      plan,
      index,
      issueWh: issueWhOf(scenario, plan),
      scenario,
      prng: this.prng,
      weather: this.weather,
      slots: slotsOf(plan),
      time,
      twin: () => this.twin,
      measures: new StationMeasures({ levels, atMs: 0, hours }),
      hooks: {
        docks: (at, truck) => this.#docks(at, truck),
        left: (at, truck, ended) => this.#left(at, truck, ended),
      },
    });
    this.#stations.set(plan.id, station);
    for (const bay of station.bays) this.#signals.bays.set(bay.id, bay);
    return station;
  }

  #begin(): void {
    for (const station of this.yards) {
      const { packs, issueSocPercent: socPercent } = station.plan;
      for (let evseId = 1; evseId <= packs; evseId += 1)
        station.stock.begin(this.#addPack({ name: `${station.id}-${evseId}`, socPercent, at: { stationId: station.id, evseId } }), evseId);
      station.begin();
    }
    for (const { id, kind } of this.scenario.business.principals) if (kind === 'CARRIER') this.topUps.payIn(id);
    this.stage.schedule(this.#countsFromMs, () => this.#startCounting(), 'WARM_UP');
  }

  #addPack(of: { name: string; socPercent: number; at: Parameters<typeof packDefinition>[1]['at']; before?: () => void }): FullPack {
    const { name, socPercent, at, before } = of;
    const { scenario, twin, packs } = this;
    const { packOwnerIds } = scenario.business;
    const ownerId = packOwnerIds[packs.length % packOwnerIds.length];
    assert(ownerId !== undefined, 'nobody owns the packs');
    const id = `P-${name}`;
    const draws = this.prng.fork(`pack:${name}`);
    const used = firstPack(scenario, draws, socPercent);
    const { cellTempC } = this.weather.at(this.nowMs);
    const pack: FullPack = {
      id,
      ...used,
      bms: newBms({ packId: id, typeCode: scenario.pack.type, sohPercent: toldSohPercent(used), cellTempC }),
      draws,
      uses: 0,
      readied: 0,
      station: null,
    };
    readBms(pack);
    this.broughtWh += used.contentWh;
    packs.push(pack);
    this.#signals.packs.set(id, pack);
    before?.();
    twin.addPack(packDefinition(scenario, { id, ownerId, at, socPercent: socPercentOf(pack), sohPercent: toldSohPercent(pack) }));
    return pack;
  }

  #startCounting(): void {
    for (const station of this.yards) {
      station.pass();
      station.measures.startCounting(this.nowMs);
      station.faults.downTimes.startCounting(this.nowMs);
      station.staff.measures.startCounting(this.nowMs);
    }
    this.truckMeasures = noTruckMeasures();
    this.loads.startCounting(this.nowMs);
    for (const pack of this.packs) pack.uses = 0;
    this.books.startCounting();
  }

  // ── the platform ──

  #take(effect: Effect): void {
    this.books.take(effect);
    this.desk?.take(effect);
    this.#onEffect?.(effect);
    if (effect.type === 'command.issued' && effect.source === 'station') this.#stations.get(effect.id)?.take(effect);
    if (effect.type === 'intent.answered' && !effect.ok) violated(`the platform refused the planner: ${effect.code} ${effect.detail}`);
    this.topUps.take(effect);
  }
}
