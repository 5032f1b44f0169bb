import { Prng } from '@corridor/actors/time/prng';
import { assert } from '@corridor/protocols/assert';
import { StationFaults } from '../breakdowns/station-faults.ts';
import { agePack, firstPack } from '../charging/pack-ageing.ts';
import { type ChargingHooks, StationCharging } from '../charging/station-charging.ts';
import { energyCalendarOf } from '../energy/energy-calendar.ts';
import { type FleetControl, type FleetWorld, headingOf, type NewTruck, NOT_SENT, noteSent, type Route } from '../fleets/fleet-world.ts';
import { ActorStage, type StageOptions } from '../kernel/actor-stage.ts';
import { Fifo } from '../kernel/fifo.ts';
import { LoadQueues } from '../measures/load-queue.ts';
import { noTruckMeasures, StationMeasures, type SwapRow, type TruckMeasures, towMsWithin } from '../measures/measures.ts';
import { PACK_RULES, type PackPolicy } from '../policies/pack-policies.ts';
import { chosenPolicies } from '../policies/policies.schema.ts';
import { drawMs } from '../scenario/distribution.ts';
import { RunWeather } from '../scenario/run-weather.ts';
import type { Scenario, StationPlan } from '../scenario/scenario.schema.ts';
import { issueWhOf } from '../scenario/station-physics.ts';
import { type CoarsePackEvent, type CoarsePackTold, coarsePackMachine } from './pack.machine.ts';
import { TELL } from './plain-events.ts';
import { type CoarseStationEvent, type CoarseStationTold, coarseStationMachine } from './station.machine.ts';
import { type CoarseTruckEvent, type CoarseTruckTold, coarseTruckMachine } from './truck.machine.ts';
import type { CoarseBay, PackUnit, StationYard, TruckUnit } from './units.ts';

export interface WorldOptions extends Pick<StageOptions, 'engine' | 'trace'> {
  scenario: Scenario;
  seed: number;
  /** Also collect each swap and sums by the hour. */
  detailed: boolean;
}

/** The plant of the coarse model: actors of trucks, stations and packs, and the physics between them. */
export class CoarseWorld implements FleetWorld<TruckUnit> {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly stage: ActorStage;
  readonly prng: Prng;
  readonly weather: RunWeather;
  readonly yards: readonly StationYard[];
  readonly packs: PackUnit[] = [];
  readonly trucks: TruckUnit[] = [];
  readonly fleets: FleetControl<TruckUnit>[] = [];
  readonly swaps: SwapRow[] | null;
  truckMeasures: TruckMeasures = noTruckMeasures();
  readonly loads: LoadQueues;
  /** By packs, when they came. */
  broughtWh = 0;
  readonly #countsFromMs: number;
  readonly #placeOfPack: PackPolicy;

  constructor({ scenario, seed, engine, trace, detailed }: WorldOptions) {
    this.scenario = scenario;
    this.seed = seed;
    this.loads = new LoadQueues(scenario);
    this.stage = new ActorStage({ engine, startMs: 0, eventsMax: scenario.eventsMax, trace });
    this.prng = new Prng(seed);
    this.weather = new RunWeather(scenario, this.prng);
    this.swaps = detailed ? [] : null;
    this.#placeOfPack = PACK_RULES[chosenPolicies(scenario).choosePack];
    this.#countsFromMs = scenario.warmUpDays * 86_400_000;
    const hours = detailed ? Math.ceil(scenario.days * 24) : null;
    this.yards = scenario.stations.map((plan, index) => this.#addYard(plan, index, hours));
    this.stage.schedule(this.#countsFromMs, () => this.#startCounting(), 'WARM_UP');
  }

  get nowMs(): number {
    return this.stage.clock.nowMs;
  }

  addTruck({ fleet, fleetId, name, socPercent }: NewTruck<TruckUnit>): TruckUnit {
    const ref = `truck:${fleetId}-${name}` as const;
    const draws = this.prng.fork(ref);
    const truck: TruckUnit = {
      ref,
      host: this.stage.add<CoarseTruckEvent, CoarseTruckTold>({
        ref,
        machine: coarseTruckMachine,
        input: undefined,
        told: (told) => this.#truckTold(truck, told),
      }),
      fleet,
      pack: this.#addPack({ name: `${fleetId}-${name}`, socPercent, yard: null }),
      incoming: null,
      bay: null,
      swapEndsAtMs: 0,
      row: null,
      yard: null,
      arrivedAtMs: 0,
      leg: { wh: 0, distanceM: 0 },
      usedWh: 0,
      trip: { pass: 0, node: 0, empty: false, drivenMs: 0, isOnTow: false },
      legDraws: draws.fork('leg'),
      serviceDraws: draws.fork('service'),
      ...NOT_SENT,
    };
    this.trucks.push(truck);
    return truck;
  }

  route(truck: TruckUnit, route: Route): void {
    const { goal, legMs, thenMs } = route;
    noteSent(truck, route, this.nowMs);
    this.stage.send(truck.host, { type: 'truck.routed', goal, legMs, thenMs });
  }

  come({ host }: TruckUnit): void {
    this.stage.send(host, TELL.CAME);
  }

  park(truck: TruckUnit): void {
    truck.sent = null;
    this.stage.send(truck.host, TELL.PARKED);
  }

  /** Takes what a leg used off the pack on board. */
  endLeg(truck: TruckUnit): void {
    const { wh, distanceM } = truck.leg;
    truck.leg = { wh: 0, distanceM: 0 };
    truck.pack.contentWh -= wh;
    truck.usedWh += wh;
    if (this.nowMs < this.#countsFromMs) return;
    this.truckMeasures.consumedWh += wh;
    this.truckMeasures.distanceM += distanceM;
  }

  #addYard(plan: StationPlan, index: number, hours: number | null): StationYard {
    const bare: Omit<StationYard, 'charging' | 'faults'> = {
      plan,
      index,
      issueWh: issueWhOf(this.scenario, plan),
      host: this.stage.add<CoarseStationEvent, CoarseStationTold>({
        ref: `station:${plan.id}`,
        machine: coarseStationMachine,
        input: { bays: plan.bays, packs: plan.packs, chargers: plan.chargers, isLossy: plan.discipline === 'lost' },
        told: (told) => this.#stationTold(yard, told),
      }),
      queue: new Fifo(),
      ready: new Fifo(),
      empties: new Fifo(),
      bound: 0,
      isDark: false,
      bays: Array.from({ length: plan.bays }, () => ({ truck: null, isDown: false, leftMs: 0 })),
      measures: new StationMeasures({
        levels: { waitingTrucks: 0, busyBays: 0, readyPacks: plan.packs, busyChargers: 0 },
        atMs: 0,
        hours,
      }),
    };
    const charging = new StationCharging<PackUnit>({
      scenario: this.scenario,
      stage: this.stage,
      calendar: energyCalendarOf(this.scenario),
      yard: bare,
      hooks: this.#chargingHooks(bare),
      weather: this.weather,
      metersSun: false,
    });
    const charged = Object.assign(bare, { charging });
    const yard: StationYard = Object.assign(charged, { faults: this.#faultsOf(charged) });
    for (let count = 1; count <= plan.packs; count += 1)
      yard.ready.push(this.#addPack({ name: `${plan.id}-${count}`, socPercent: plan.issueSocPercent, yard }));
    return yard;
  }

  #chargingHooks({ host, measures }: Pick<StationYard, 'host' | 'measures'>): ChargingHooks<PackUnit> {
    const { stage } = this;
    return {
      charged: (wh) => {
        measures.chargedWh += wh;
      },
      plugged: (pack, chargeMs) => stage.send(pack.host, { type: 'pack.plugged', chargeMs }),
      paced: (pack, chargeMs) => stage.send(pack.host, { type: 'pack.paced', chargeMs }),
      suspended: (pack) => stage.send(pack.host, TELL.PACK_SUSPENDED),
      held: (held) => stage.send(host, { type: 'chargers.held', held }),
    };
  }

  #addPack({ name, socPercent, yard }: { name: string; socPercent: number; yard: StationYard | null }): PackUnit {
    const ref = `pack:${name}` as const;
    const draws = this.prng.fork(ref);
    const used = firstPack(this.scenario, draws, socPercent);
    const pack: PackUnit = {
      host: this.stage.add<CoarsePackEvent, CoarsePackTold>({
        ref,
        machine: coarsePackMachine,
        input: { isOnTruck: yard === null },
        told: () => this.#charged(pack),
      }),
      ...used,
      draws,
      uses: 0,
      yard,
    };
    this.broughtWh += used.contentWh;
    this.packs.push(pack);
    return pack;
  }

  /** Brings everything that is under way to now. */
  pass(): void {
    for (const { measures, charging } of this.yards) {
      measures.passTo(this.nowMs);
      charging.passAll();
    }
    this.truckMeasures.serviceMs = this.yards.reduce((sum, { measures }) => sum + measures.areas.busyBays, 0);
  }

  #faultsOf(yard: Omit<StationYard, 'faults'>): StationFaults {
    const { scenario, stage, prng } = this;
    return new StationFaults({
      scenario,
      plan: yard.plan,
      stage,
      prng,
      plant: {
        setChargerDown: (unit, isDown) => {
          yard.charging.setDown(unit, isDown);
          yard.charging.ask();
        },
        setBayDown: (unit, isDown) => this.#setBayDown(yard, unit, isDown),
        setDark: (isDark) => {
          yard.isDark = isDark;
          yard.charging.setDark(isDark);
          stage.send(yard.host, isDark ? TELL.POWER_FAILED : TELL.POWER_RESTORED);
        },
      },
    });
  }

  /** A swap under way stands until its bay works again. */
  #setBayDown({ bays, host }: Pick<StationYard, 'bays' | 'host'>, unit: number, isDown: boolean): void {
    const bay = bays[unit];
    assert(bay !== undefined, `no bay ${unit}`);
    bay.isDown = isDown;
    const { truck } = bay;
    if (truck === null) return this.#tellHeldBays({ bays, host });
    if (isDown) {
      bay.leftMs = truck.swapEndsAtMs - this.nowMs;
      return this.stage.send(truck.host, TELL.TRUCK_HELD);
    }
    const heldMs = this.nowMs + bay.leftMs - truck.swapEndsAtMs;
    truck.swapEndsAtMs += heldMs;
    if (truck.row !== null) truck.row.serviceMs += heldMs;
    this.stage.send(truck.host, { type: 'truck.resumed', serviceMs: bay.leftMs });
  }

  #tellHeldBays({ bays, host }: Pick<StationYard, 'bays' | 'host'>): void {
    const held = bays.filter(({ isDown, truck }) => isDown && truck === null).length;
    this.stage.send(host, { type: 'bays.held', held });
  }

  #startCounting(): void {
    for (const { charging } of this.yards) charging.passAll();
    for (const { measures, faults } of this.yards) {
      measures.startCounting(this.nowMs);
      faults.downTimes.startCounting(this.nowMs);
    }
    this.truckMeasures = noTruckMeasures();
    this.loads.startCounting(this.nowMs);
    for (const pack of this.packs) pack.uses = 0;
  }

  #truckTold(truck: TruckUnit, { type }: CoarseTruckTold): void {
    switch (type) {
      case 'truck.arrived':
        return this.#arrived(truck);
      case 'truck.swapped':
        return this.#swapped(truck);
      case 'truck.turned':
        this.endLeg(truck);
        return truck.fleet.turned(truck);
      case 'truck.stranded':
        this.endLeg(truck);
        if (!truck.trip.isOnTow) this.truckMeasures.strandings += 1;
        this.truckMeasures.towMs += this.#towMsOf(truck);
        return;
      case 'truck.towed':
        truck.fleet.towed(truck);
    }
  }

  #stationTold(yard: StationYard, { type }: CoarseStationTold): void {
    switch (type) {
      case 'station.served':
        return this.#served(yard);
      case 'station.plugged':
        return this.#plugged(yard);
      case 'station.turnedAway':
        return this.#turnedAway(yard);
    }
  }

  #arrived(truck: TruckUnit): void {
    const { yard } = truck;
    assert(yard !== null, `${truck.ref} came to no station`);
    this.endLeg(truck);
    truck.arrivedAtMs = this.nowMs;
    yard.measures.passTo(this.nowMs);
    yard.measures.levels.waitingTrucks += 1;
    yard.measures.arrivals += 1;
    yard.measures.addHourly('arrivals', this.nowMs, 1);
    yard.queue.push(truck);
    this.stage.send(yard.host, TELL.TRUCK_ARRIVED);
    yard.charging.ask();
  }

  #served(yard: StationYard): void {
    const { nowMs } = this;
    const { measures } = yard;
    const truck = yard.queue.shift();
    const pack = yard.ready.take(this.#placeOfPack(yard.ready));
    pack.yard = null;
    pack.uses += 1;
    truck.incoming = pack;
    measures.passTo(nowMs);
    measures.levels.waitingTrucks -= 1;
    measures.levels.readyPacks -= 1;
    measures.levels.busyBays += 1;
    const waitMs = nowMs - truck.arrivedAtMs;
    if (truck.arrivedAtMs >= this.#countsFromMs) measures.addWait(waitMs, headingOf(truck));
    measures.addWaited({ fromMs: truck.arrivedAtMs, untilMs: nowMs });
    measures.addHourly('waitMs', nowMs, waitMs);
    const serviceMs = drawMs(yard.plan.swapTime, truck.serviceDraws);
    const bay = freeBayOf(yard);
    bay.truck = truck;
    truck.bay = bay;
    truck.swapEndsAtMs = nowMs + serviceMs;
    if (this.swaps !== null) {
      const row = { atMs: nowMs, stationId: yard.plan.id, truck: truck.ref, heading: headingOf(truck), waitMs, serviceMs };
      truck.row = { ...row, returnedWh: truck.pack.contentWh, issuedWh: pack.contentWh };
      this.swaps.push(truck.row);
    }
    this.stage.send(pack.host, TELL.PACK_ISSUED);
    this.stage.send(truck.host, { type: 'truck.served', serviceMs });
    yard.charging.ask();
  }

  #swapped(truck: TruckUnit): void {
    const { yard, pack: returned, incoming } = truck;
    assert(yard !== null && incoming !== null, `${truck.ref} has swapped without a pack to take`);
    truck.pack = incoming;
    truck.incoming = null;
    returned.yard = yard;
    yard.measures.passTo(this.nowMs);
    yard.measures.levels.busyBays -= 1;
    yard.measures.swaps += 1;
    yard.measures.returnedWh += returned.contentWh;
    yard.measures.issuedWh += incoming.contentWh;
    yard.measures.addHourly('swaps', this.nowMs, 1);
    yard.empties.push(returned);
    if (!yard.charging.takesOne) this.stage.send(returned.host, TELL.PACK_STORED);
    assert(truck.bay?.truck === truck, `${truck.ref} left a bay that it was not in`);
    truck.bay.truck = null;
    truck.bay = null;
    this.stage.send(yard.host, TELL.TRUCK_SWAPPED);
    yard.charging.ask();
    truck.fleet.goOn(truck);
  }

  #towMsOf({ ref, sent }: TruckUnit): number {
    assert(sent !== null, `${ref} strands on no way`);
    return towMsWithin(this.scenario, { fromMs: this.nowMs, towMs: sent.thenMs });
  }

  #turnedAway(yard: StationYard): void {
    const truck = yard.queue.shift();
    yard.measures.passTo(this.nowMs);
    yard.measures.levels.waitingTrucks -= 1;
    yard.measures.lost += 1;
    yard.measures.addHourly('lost', this.nowMs, 1);
    this.stage.send(truck.host, TELL.TURNED_AWAY);
    truck.fleet.goOn(truck);
  }

  #plugged(yard: StationYard): void {
    const pack = yard.empties.shift();
    const { chargeTime } = yard.plan;
    yard.measures.passTo(this.nowMs);
    yard.measures.levels.busyChargers += 1;
    const { nowMs } = this;
    agePack(this.scenario, pack, { nowMs, cellTempC: this.weather.at(nowMs).cellTempC });
    yard.charging.plug(pack, chargeTime ? drawMs(chargeTime, pack.draws) : null);
  }

  #charged(pack: PackUnit): void {
    const { yard } = pack;
    assert(yard !== null, 'a pack was charged outside a station');
    yard.charging.unplug(pack);
    yard.measures.passTo(this.nowMs);
    yard.measures.levels.busyChargers -= 1;
    yard.measures.levels.readyPacks += 1;
    yard.ready.push(pack);
    this.stage.send(yard.host, TELL.PACK_CHARGED);
    yard.charging.ask();
  }
}

function freeBayOf({ bays, plan }: StationYard): CoarseBay {
  for (const bay of bays) if (bay.truck === null && !bay.isDown) return bay;
  throw new RangeError(`${plan.id} served a truck without a bay`);
}
