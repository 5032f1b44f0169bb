import type { Effect } from '@corridor/actors/network/effect';
import type { Prng } from '@corridor/actors/time/prng';
import type { StationReading } from '@corridor/gateway/ports/station-sensors';
import type { UsableSlot } from '@corridor/gateway/procedure/pack-choice';
import { abortRefusal, beginRefusal } from '@corridor/gateway/procedure/procedure';
import { DEFAULT_PROCEDURE_CONFIG, type ProcedureConfig } from '@corridor/gateway/procedure/procedure-config';
import type { FaultNotice, ProcedureEffect } from '@corridor/gateway/procedure/procedure-effect';
import type { TerminalEvent } from '@corridor/gateway/procedure/swap-record';
import { assert, violated } from '@corridor/protocols/assert';
import type { CommandArgs, CommandReply } from '@corridor/protocols/cmd/command';
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
import { FullRack } from './full-rack.ts';
import type { FullPack, FullTruck } from './full-units.ts';
import { GatewayFaults } from './gateway-faults.ts';
import { MotionFailures } from './motion-failures.ts';
import type { RunTime } from './run-time.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type Command = Extract<Effect, { type: 'command.issued' }>;

/** When power is back, somebody has looked at each bay after this (as the median at the live plant's panel). */
const CONFIRM_MS = 3 * 60_000;

/** What a station is told of, and what it draws. */
export interface StationHooks {
  /** A truck drives into a bay. @returns how long its swap takes when nothing holds it up [ms] */
  docks(station: FullStation, truck: FullTruck): number;
  /** It has been served, or refused: `ended` says how. */
  left(station: FullStation, truck: FullTruck, ended: TerminalEvent): void;
  charged(wh: number): void;
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
  /** Charged packs that no truck in a bay was promised. */
  readonly ready = { length: 0 };
  /** Packs that became ready so far: their order. */
  #readied = 0;
  /** Trucks on their way to it, waiting or swapping. */
  bound = 0;
  isDark = false;
  readonly bays: readonly FullBay[];
  readonly #options: FullStationOptions;
  readonly #rack: FullRack;
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
    this.bays = bayIds.map((bayId) => new FullBay(this, bayId));
    this.#rack = new FullRack(plan.id, options.slots, plan.chargerPowerW);
    const { scenario, time, measures, hooks, prng, twin } = options;
    this.#reports = new GatewayFaults(this.id, (event, data) => twin().stationEvent(this.id, 'gateway', event, data, time.nowMs));
    this.#chargers = new FullChargers({
      scenario,
      yard: this,
      time,
      measures,
      hooks,
      weather: options.weather,
      report: (event, data) => twin().stationEvent(this.id, 'charge', event, data, time.nowMs),
      isFull: (pack) => this.#packIsReady(pack),
    });
    this.faults = new StationFaults({ scenario, plan, stage: time, prng, plant: this });
  }

  /** Comes online, as a gateway does at its start. The packs stand in the rack by then. */
  begin(): void {
    const data = { firmware: 'planned', protocol: 'evs.v1', journalledEvents: 0, previous: null };
    this.#options.twin().stationEvent(this.id, 'gateway', 'online', data, this.time.nowMs);
  }

  /** What stands in the rack, by slot number less one. */
  get packs(): readonly (FullPack | null)[] {
    return this.#rack.packs;
  }

  /** On the first day. */
  stock(pack: FullPack, evseId: number): void {
    this.#put(pack, evseId);
    this.#note(pack);
    this.ready.length += 1;
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
      measures.levels.readyPacks -= 1;
      this.ready.length -= 1;
      bay.dock(truck, this.#options.hooks.docks(this, truck));
    }
  }

  left(_bay: FullBay, truck: FullTruck, ended: TerminalEvent): void {
    const { measures, time } = this;
    measures.passTo(time.nowMs);
    measures.levels.busyBays -= 1;
    if (ended === 'completed') {
      measures.swaps += 1;
      measures.addHourly('swaps', time.nowMs, 1);
    } else {
      // The pack that it was promised stands there still.
      measures.levels.readyPacks += 1;
      this.ready.length += 1;
    }
    this.#options.hooks.left(this, truck, ended);
    this.#serve();
  }

  #packIsReady(pack: FullPack): void {
    this.#note(pack);
    this.#oneMoreIsReady();
  }

  #oneMoreIsReady(): void {
    this.measures.passTo(this.time.nowMs);
    this.measures.levels.readyPacks += 1;
    this.ready.length += 1;
    this.#serve();
    this.#chargers.ask();
  }

  #note(pack: FullPack): void {
    this.#readied += 1;
    pack.readied = this.#readied;
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
    this.time.schedule(CONFIRM_MS, () => {
      for (const bay of this.bays) bay.resume();
    });
    this.#serve();
    this.#chargers.ask();
  }

  // ── the rack ──

  slotsFor(bay: FullBay): readonly UsableSlot[] {
    if (this.bays.length > 1) this.#rack.reserveFor(this.bays, bay);
    return this.#rack.slots;
  }

  pick(evseId: number): FullPack {
    const pack = this.#rack.take(evseId);
    pack.uses += 1;
    this.measures.issuedWh += pack.contentWh;
    return pack;
  }

  place(evseId: number, pack: FullPack): void {
    this.measures.returnedWh += pack.contentWh;
    pack.readied = Number.POSITIVE_INFINITY;
    this.#put(pack, evseId);
  }

  placed(evseId: number): void {
    const pack = this.#rack.packAt(evseId);
    if (pack === null) violated(`${this.id}-${evseId} got no pack`);
    this.#chargers.charge(pack, evseId);
    this.#chargers.ask();
  }

  stopCharging(evseId: number): void {
    const pack = this.#rack.packAt(evseId);
    // It was full but for the rounding of its BMS: the one that the truck was promised stays.
    if (pack !== null && this.#chargers.stop(pack)) this.#oneMoreIsReady();
  }

  quarantine(evseId: number): void {
    this.#rack.quarantine(evseId);
  }

  #put(pack: FullPack, evseId: number): void {
    pack.station = this;
    this.#rack.put(evseId, pack);
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

  /** Whoever is asked to let a swap go on does so when power is back, or when the bay is repaired. */
  prompt(bay: FullBay, { prompt }: Extract<ProcedureEffect, { kind: 'prompt' }>): void {
    const isAwaited = prompt === null || (prompt.kind === 'CONFIRM_RESUME' && (this.sensors.powerLoss || bay.isDown));
    assert(isAwaited, `${bay.id} waits for a person, and nobody is there: ${prompt?.kind} ${prompt?.reasonCode}`);
  }

  /** What the platform asks of its gateway. */
  take(command: Command): void {
    const { commandId, orderId } = command;
    const refusal = this.#refusalOf(command);
    const reply: CommandReply =
      refusal === null
        ? { commandId, result: 'ACCEPTED', timeoutMs: 0 }
        : { commandId, result: 'REJECTED', statusInfo: { reasonCode: refusal }, timeoutMs: 0 };
    this.#options.twin().commandReply(reply, orderId, this.time.nowMs);
  }

  /** Does it. @returns why not; null: done */
  #refusalOf(command: Command): string | null {
    switch (command.verb) {
      case 'swap.start':
        return this.#start(command.args, command.commandId);
      case 'swap.reject': {
        const bay = this.#bayOf(command.args.requestId);
        if (bay?.record?.phase !== 'AUTHORISE') return 'SWAP_NOT_WAITING';
        bay.apply({ kind: 'refused', reasonCode: command.args.reasonCode, detail: command.args.detail ?? null });
        return null;
      }
      case 'swap.abort': {
        const bay = this.#bayOf(command.args.requestId);
        if (!bay?.record) return 'SWAP_NOT_WAITING';
        const refusal = abortRefusal(bay.record);
        if (refusal === null) bay.apply({ kind: 'abort.requested', reasonCode: command.args.reasonCode });
        return refusal;
      }
      case 'config.set':
        this.#chargers.reportAt(command.args.values.tariffBoundariesMinute ?? [0]);
        return null;
      default:
        return 'NOT_SUPPORTED';
    }
  }

  #start(args: CommandArgs<'swap.start'>, commandId: string): string | null {
    const bay = this.#bayOf(args.requestId);
    if (bay?.record?.phase !== 'AUTHORISE') return 'SWAP_NOT_WAITING';
    const isOther = bay.record.identity?.truckId !== args.truckId;
    const reasonCode = isOther ? 'PLATE_RFID_MISMATCH' : beginRefusal(args, bay.world());
    if (reasonCode === null) bay.apply({ kind: 'authorised', authorisation: { ...args, commandId } });
    else bay.apply({ kind: 'refused', reasonCode, detail: null });
    return reasonCode;
  }

  #bayOf(requestId: number): FullBay | null {
    return this.bays.find(({ record }) => record?.requestId === requestId) ?? null;
  }
}
