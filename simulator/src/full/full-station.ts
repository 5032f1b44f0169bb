import type { Prng } from '@corridor/actors/time/prng';
import type { StationReading } from '@corridor/gateway/ports/station-sensors';
import { DEFAULT_PROCEDURE_CONFIG, type ProcedureConfig } from '@corridor/gateway/procedure/procedure-config';
import type { FaultNotice, ProcedureEffect } from '@corridor/gateway/procedure/procedure-effect';
import type { TerminalEvent } from '@corridor/gateway/procedure/swap-record';
import { assert } from '@corridor/protocols/assert';
import { bayIdOf } from '@corridor/protocols/ids';
import { type BreakablePlant, StationFaults } from '../breakdowns/station-faults.ts';
import type { StationCharging } from '../charging/station-charging.ts';
import { Fifo } from '../kernel/fifo.ts';
import type { StationMeasures } from '../measures/measures.ts';
import type { FullScenario } from '../scenario/corridor-file.ts';
import type { RunWeather } from '../scenario/run-weather.ts';
import type { StationPlan } from '../scenario/scenario.schema.ts';
import type { CorridorTwin } from './corridor-twin.ts';
import { type BayStation, FullBay } from './full-bay.ts';
import { FullChargers } from './full-chargers.ts';
import { FullStock } from './full-stock.ts';
import type { FullPack, FullTruck } from './full-units.ts';
import { GatewayFaults } from './gateway-faults.ts';
import { MotionFailures } from './motion-failures.ts';
import type { RunTime } from './run-time.ts';
import { answerOf, type StationCommand } from './station-commands.ts';
import { StationStaff } from './station-staff.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** When power is back, somebody has looked at each bay after this (as the median at the live plant's panel). */
const CONFIRM_MS = 3 * 60_000;

/** What a station is told of, and what it draws. */
export interface StationHooks {
  /** A truck drives into a bay. @returns how long its swap takes when nothing holds it up [ms] */
  docks(station: FullStation, truck: FullTruck): number;
  /** It has been served, or refused: `ended` says how. */
  left(station: FullStation, truck: FullTruck, ended: TerminalEvent): void;
}

export interface FullStationOptions {
  plan: StationPlan;
  index: number;
  issueWh: number;
  scenario: FullScenario;
  prng: Prng;
  weather: RunWeather;
  slots: number;
  time: RunTime;
  twin: () => CorridorTwin;
  measures: StationMeasures;
  hooks: StationHooks;
}

/**
 * A station with its gateway: queue, bays, rack, chargers, and the commands and events that a real gateway takes and gives. It has no
 * journal, for it is never cut off from the platform.
 */
export class FullStation implements BayStation, BreakablePlant {
  readonly id: string;
  readonly plan: StationPlan;
  readonly index: number;
  readonly measures: StationMeasures;
  readonly time: RunTime;
  readonly issueWh: number;
  readonly faults: StationFaults;
  readonly motionFailures: MotionFailures;
  readonly staff: StationStaff;
  readonly config: ProcedureConfig;
  readonly sensors: Writable<StationReading> = {
    emergencyStop: false,
    fire: false,
    powerLoss: false,
    windMps: null,
    ambientC: null,
    queueLength: 0,
  };
  readonly queue = new Fifo<FullTruck>();
  /** Trucks on their way to it, waiting or swapping. */
  bound = 0;
  isDark = false;
  readonly bays: readonly FullBay[];
  readonly #options: FullStationOptions;
  readonly stock: FullStock;
  /** Charged packs that no truck in a bay was promised. */
  readonly ready: { readonly length: number };
  readonly #chargers: FullChargers;
  readonly #reports: GatewayFaults;
  #requestId = -1;

  constructor(options: FullStationOptions) {
    const { plan } = options;
    this.#options = options;
    this.id = plan.id;
    this.plan = plan;
    this.index = options.index;
    this.measures = options.measures;
    this.issueWh = options.issueWh;
    this.time = options.time;
    this.config = { ...DEFAULT_PROCEDURE_CONFIG, targetSocPercent: plan.issueSocPercent };
    const bayIds = Array.from({ length: plan.bays }, (_, index) => bayIdOf(plan.id, index + 1));
    this.motionFailures = new MotionFailures(options.scenario, { stationId: plan.id, bayIds, prng: options.prng });
    this.staff = new StationStaff({ plan, time: options.time, prng: options.prng });
    this.bays = bayIds.map((bayId) => new FullBay(this, bayId));
    const { scenario, time, measures, prng, twin } = options;
    this.#reports = new GatewayFaults(this.id, (event, data) => twin().stationEvent(this.id, 'gateway', event, data, time.nowMs));
    this.stock = new FullStock({
      station: this,
      slots: options.slots,
      measures,
      time,
      staff: this.staff,
      reports: this.#reports,
      twin,
      chargers: () => this.#chargers,
      oneMoreIsReady: () => this.#oneMoreIsReady(),
    });
    this.ready = this.stock.ready;
    this.#chargers = new FullChargers({
      scenario,
      yard: this,
      time,
      measures,
      weather: options.weather,
      report: (event, data) => twin().stationEvent(this.id, 'charge', event, data, time.nowMs),
      isFull: (pack) => this.stock.isFull(pack),
    });
    this.faults = new StationFaults({ scenario, plan, stage: time, prng, plant: this });
  }

  /** Comes online, as a gateway does at its start. The packs stand in the rack by then. */
  begin(): void {
    const data = { firmware: 'planned', protocol: 'evs.v1', journalledEvents: 0, previous: null };
    this.#options.twin().stationEvent(this.id, 'gateway', 'online', data, this.time.nowMs);
  }

  /** Brings what is under way to now. */
  pass(): void {
    this.measures.passTo(this.time.nowMs);
    this.#chargers.pass();
  }

  /** Who is charged how fast, for who watches. */
  get charging(): StationCharging<FullPack> {
    return this.#chargers.charging;
  }

  // ── trucks ──

  /** @returns false when it cannot be served at once and does not wait */
  arrive(truck: FullTruck): boolean {
    const { measures, time, plan } = this;
    measures.passTo(time.nowMs);
    measures.arrivals += 1;
    measures.addHourly('arrivals', time.nowMs, 1);
    if (plan.discipline === 'lost' && !this.#canServe()) {
      this.turnAway();
      return false;
    }
    this.#options.twin().vehicleState(truck.id, 'QUEUEING', time.nowMs);
    this.enqueue(truck);
    return true;
  }

  /** A truck drives on with the pack that it came with. */
  turnAway(): void {
    this.measures.lost += 1;
    this.measures.addHourly('lost', this.time.nowMs, 1);
  }

  /** To the end of the queue, without counting as an arrival. */
  enqueue(truck: FullTruck): void {
    this.measures.passTo(this.time.nowMs);
    this.measures.levels.waitingTrucks += 1;
    this.queue.push(truck);
    this.#serve();
    this.#chargers.ask();
  }

  #canServe(): boolean {
    return !this.isDark && this.ready.length > 0 && this.bays.some(({ isFree }) => isFree);
  }

  /** The truck that waits longest gets a bay when a pack is ready for it. */
  #serve(): void {
    while (!this.isDark && this.queue.length > 0 && this.ready.length > 0) {
      const bay = this.bays.find(({ isFree }) => isFree);
      if (bay === undefined) return;
      const { measures, time } = this;
      const truck = this.queue.shift();
      measures.passTo(time.nowMs);
      measures.levels.waitingTrucks -= 1;
      measures.levels.busyBays += 1;
      this.stock.promise();
      bay.dock(truck, this.#options.hooks.docks(this, truck));
    }
  }

  left(bay: FullBay, truck: FullTruck, ended: TerminalEvent): void {
    const { measures, time } = this;
    measures.passTo(time.nowMs);
    measures.levels.busyBays -= 1;
    if (ended === 'completed') {
      measures.swaps += 1;
      measures.addHourly('swaps', time.nowMs, 1);
    } else {
      this.stock.promiseOver();
      if (ended === 'aborted_safe') this.staff.measures.freed += 1;
      if (isBlockingEnd(ended)) this.#tellCleared(bay, truck);
    }
    this.#options.hooks.left(this, truck, ended);
    this.#serve();
  }

  /** The gateway tells what stands in its rack; whoever cleared the bay tells the platform's people which pack the truck has now. */
  #tellCleared(bay: FullBay, truck: FullTruck): void {
    const [twin, { nowMs }] = [this.#options.twin(), this.time];
    twin.stationEvent(this.id, 'gateway', 'inventory', this.stock.inventory(), nowMs);
    twin.bayState(bay.id, 'FREE', nowMs);
    twin.intent({ type: 'pack.correctCustody', packId: truck.pack.id, kind: 'TRUCK', id: truck.id, note: 'given by hand' }, nowMs);
    this.staff.measures.cleared += 1;
    this.staff.measures.handedOutWh += truck.pack.contentWh;
  }

  #oneMoreIsReady(): void {
    for (const bay of this.bays) bay.offer();
    this.#serve();
    this.#chargers.ask();
  }

  // ── what breaks ──

  setChargerDown(unit: number, isDown: boolean): void {
    const chargerId = `charger ${unit + 1}`;
    if (isDown) this.#reports.raise({ code: 'CHARGER_DOWN', level: 2, scope: 'station', scopeId: this.id, detail: chargerId });
    else this.#reports.clear(({ code, detail }) => code === 'CHARGER_DOWN' && detail === chargerId);
    this.#chargers.setDown(unit, isDown);
    this.#chargers.ask();
  }

  /** Whoever repaired it lets it go on. */
  setBayDown(unit: number, isDown: boolean): void {
    const bay = this.bays[unit];
    assert(bay !== undefined, `${this.id} has no bay ${unit + 1}`);
    if (!isDown) this.#reports.clear(({ scope, scopeId }) => scope === 'bay' && scopeId === bay.id);
    bay.setDown(isDown);
    this.#serve();
  }

  /** Motions freeze where they are. When power is back, a person looks at each bay that stands and lets it go on. */
  setDark(isDark: boolean): void {
    this.isDark = isDark;
    this.sensors.powerLoss = isDark;
    if (isDark) this.#reports.raise({ code: 'BLACKOUT', level: 3, scope: 'station', scopeId: this.id, detail: 'mains lost' });
    else this.#reports.clear(({ code }) => code === 'BLACKOUT');
    this.#chargers.setDark(isDark);
    for (const bay of this.bays) if (isDark) bay.apply({ kind: 'sensors.changed' });
    if (isDark) return;
    const confirm = () => {
      for (const bay of this.bays) bay.resume();
    };
    this.time.schedule(CONFIRM_MS, confirm, 'STAFF');
    this.#serve();
    this.#chargers.ask();
  }

  // ── the platform ──

  nextRequestId(): number {
    this.#requestId += 2;
    return this.#requestId;
  }

  get tellsEveryStep(): boolean {
    return this.#options.twin().readsRows;
  }

  report(event: string, data: unknown): void {
    this.#options.twin().stationEvent(this.id, 'swap', event, data, this.time.nowMs);
  }

  result(data: unknown): void {
    this.#options.twin().commandResult(this.id, data, this.time.nowMs);
  }

  raiseFault(fault: FaultNotice): void {
    this.#reports.raise(fault);
  }

  clearFaultsOf(bay: FullBay): void {
    this.#reports.clear(({ scope, scopeId }) => scope === 'bay' && scopeId === bay.id);
  }

  /** Without power, or while the bay is repaired, whoever puts that right lets the swap go on; else people are called. */
  prompt(bay: FullBay, { prompt }: Extract<ProcedureEffect, { kind: 'prompt' }>): void {
    if (prompt === null || (prompt.kind === 'CONFIRM_RESUME' && (this.sensors.powerLoss || bay.isDown))) return;
    this.staff.comeToBay(bay, prompt);
  }

  /** What the platform asks of its gateway. */
  take(command: StationCommand): void {
    this.#options.twin().commandReply(answerOf(this, command), command.orderId, this.time.nowMs);
  }

  reportAt(minutes: readonly number[]): void {
    this.#chargers.reportAt(minutes);
  }
}

/** A truck without a pack blocked the bay. */
export const isBlockingEnd = (ended: TerminalEvent): boolean => ended === 'aborted_no_pack' || ended === 'battery_out_timeout';
