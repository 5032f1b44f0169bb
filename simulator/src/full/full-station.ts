import type { Effect } from '@corridor/actors/network/effect';
import type { StationReading } from '@corridor/gateway/ports/station-sensors';
import type { UsableSlot } from '@corridor/gateway/procedure/pack-choice';
import { abortRefusal, beginRefusal } from '@corridor/gateway/procedure/procedure';
import { DEFAULT_PROCEDURE_CONFIG, type ProcedureConfig } from '@corridor/gateway/procedure/procedure-config';
import type { ProcedureEffect } from '@corridor/gateway/procedure/procedure-effect';
import type { TerminalEvent } from '@corridor/gateway/procedure/swap-record';
import { assert } from '@corridor/protocols/assert';
import type { CommandArgs, CommandReply } from '@corridor/protocols/cmd/command';
import { bayIdOf } from '@corridor/protocols/ids';
import { Fifo } from '../coarse/fifo.ts';
import type { StationMeasures } from '../coarse/measures.ts';
import type { EnergyMeter } from '../energy/energy-meter.ts';
import type { StationPlan } from '../scenario/scenario.schema.ts';
import type { CorridorTwin } from './corridor-twin.ts';
import { type BayStation, FullBay } from './full-bay.ts';
import { FullChargers } from './full-chargers.ts';
import type { FullPack, FullTruck } from './full-units.ts';
import { readBms } from './full-units.ts';
import type { RunTime } from './run-time.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type Command = Extract<Effect, { type: 'command.issued' }>;

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
  cellTempC: number;
  slots: number;
  time: RunTime;
  twin: () => CorridorTwin;
  measures: StationMeasures;
  meter: EnergyMeter;
  hooks: StationHooks;
}

/**
 * A station with its gateway: queue, bays, rack, chargers, and the commands and events that a real gateway takes and gives. It has no
 * journal, for nothing here is ever cut off.
 */
export class FullStation implements BayStation {
  readonly id: string;
  readonly plan: StationPlan;
  readonly index: number;
  readonly measures: StationMeasures;
  readonly time: RunTime;
  readonly meter: EnergyMeter;
  readonly config: ProcedureConfig;
  readonly sensors: StationReading = {
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
  /** Trucks on their way to it, waiting or swapping. */
  bound = 0;
  isDark = false;
  readonly bays: readonly FullBay[];
  /** What stands in the rack, by slot number less one. */
  readonly packs: (FullPack | null)[];
  readonly #options: FullStationOptions;
  readonly #slots: Writable<UsableSlot>[];
  /** Those of them that other bays than the one asked for last count on. */
  readonly #reserved: Writable<UsableSlot>[] = [];
  readonly #chargers: FullChargers;
  #requestId = -1;

  constructor(options: FullStationOptions) {
    const { plan } = options;
    this.#options = options;
    this.id = plan.id;
    this.plan = plan;
    this.index = options.index;
    this.measures = options.measures;
    this.meter = options.meter;
    this.time = options.time;
    this.config = { ...DEFAULT_PROCEDURE_CONFIG, targetSocPercent: plan.issueSocPercent };
    this.bays = Array.from({ length: plan.bays }, (_, index) => new FullBay(this, bayIdOf(plan.id, index + 1)));
    this.packs = Array.from({ length: options.slots }, () => null);
    this.#chargers = new FullChargers({
      ...options,
      report: (event, data) => options.twin().stationEvent(this.id, 'charge', event, data, this.time.nowMs),
      isFull: () => this.#packIsReady(),
    });
    this.#slots = Array.from({ length: options.slots }, (_, index) => emptySlot(index + 1, plan.chargerPowerW));
  }

  /** Comes online, as a gateway does at its start. The packs stand in the rack by then. */
  begin(): void {
    const data = { firmware: 'planned', protocol: 'evs.v1', journalledEvents: 0, previous: null };
    this.#options.twin().stationEvent(this.id, 'gateway', 'online', data, this.time.nowMs);
  }

  /** On the first day. */
  stock(pack: FullPack, evseId: number): void {
    this.#put(pack, evseId);
    this.ready.length += 1;
  }

  /** Brings what is under way to now. */
  pass(): void {
    this.measures.passTo(this.time.nowMs);
    this.#chargers.pass();
  }

  // ── trucks ──

  /** @returns false when it cannot be served at once and does not wait */
  arrive(truck: FullTruck): boolean {
    const { measures, time, plan } = this;
    measures.passTo(time.nowMs);
    measures.arrivals += 1;
    measures.addHourly('arrivals', time.nowMs, 1);
    if (plan.discipline === 'lost' && !this.#canServe()) {
      measures.lost += 1;
      measures.addHourly('lost', time.nowMs, 1);
      return false;
    }
    this.#options.twin().vehicleState(truck.id, 'QUEUEING', time.nowMs);
    this.enqueue(truck);
    return true;
  }

  /** To the end of the queue, without counting as an arrival. */
  enqueue(truck: FullTruck): void {
    this.measures.passTo(this.time.nowMs);
    this.measures.levels.waitingTrucks += 1;
    this.queue.push(truck);
    this.#serve();
  }

  #canServe(): boolean {
    return this.ready.length > 0 && this.bays.some(({ truck }) => truck === null);
  }

  /** The truck that waits longest gets a bay when a pack is ready for it. */
  #serve(): void {
    while (this.queue.length > 0 && this.ready.length > 0) {
      const bay = this.bays.find(({ truck }) => truck === null);
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

  #packIsReady(): void {
    this.measures.levels.readyPacks += 1;
    this.ready.length += 1;
    this.#serve();
  }

  // ── the rack ──

  slotsFor(bay: FullBay): readonly UsableSlot[] {
    if (this.bays.length === 1) return this.#slots;
    for (const slot of this.#reserved) slot.reserved = false;
    this.#reserved.length = 0;
    for (const other of this.bays) {
      if (other === bay || other.record === null) continue;
      this.#reserve(other.depositEvseId);
      this.#reserve(other.issueEvseId);
    }
    return this.#slots;
  }

  #reserve(evseId: number | null): void {
    if (evseId === null) return;
    const slot = this.#slot(evseId);
    slot.reserved = true;
    this.#reserved.push(slot);
  }

  pick(evseId: number): FullPack {
    const pack = this.packs[evseId - 1] ?? null;
    assert(pack !== null, `${this.id}-${evseId} is empty`);
    this.packs[evseId - 1] = null;
    this.#slot(evseId).pack = null;
    return pack;
  }

  place(evseId: number, pack: FullPack): void {
    this.measures.returnedWh += pack.contentWh;
    this.#put(pack, evseId);
  }

  placed(evseId: number): void {
    const pack = this.packs[evseId - 1] ?? null;
    assert(pack !== null, `${this.id}-${evseId} got no pack`);
    this.#chargers.charge(pack, evseId);
  }

  stopCharging(evseId: number): void {
    this.#chargers.stop(evseId);
  }

  quarantine(evseId: number): void {
    this.#slot(evseId).quarantined = true;
  }

  #put(pack: FullPack, evseId: number): void {
    assert(this.packs[evseId - 1] === null, `${this.id}-${evseId} is taken by ${this.packs[evseId - 1]?.id}`);
    this.packs[evseId - 1] = pack;
    pack.station = this;
    this.#slot(evseId).pack = readBms(pack);
  }

  #slot(evseId: number): Writable<UsableSlot> {
    const slot = this.#slots[evseId - 1];
    assert(slot !== undefined, `${this.id} has no slot ${evseId}`);
    return slot;
  }

  // ── the platform ──

  nextRequestId(): number {
    this.#requestId += 2;
    return this.#requestId;
  }

  report(event: string, data: unknown): void {
    this.#options.twin().stationEvent(this.id, 'swap', event, data, this.time.nowMs);
  }

  result(data: unknown): void {
    this.#options.twin().commandResult(this.id, data, this.time.nowMs);
  }

  raiseFault(fault: Extract<ProcedureEffect, { kind: 'fault' }>['fault']): void {
    const data = { faultId: `${this.id}-f${Math.floor(this.time.nowMs)}`, ...fault };
    this.#options.twin().stationEvent(this.id, 'gateway', 'fault_raised', data, this.time.nowMs);
  }

  prompt(bay: FullBay, { prompt }: Extract<ProcedureEffect, { kind: 'prompt' }>): void {
    assert(prompt === null, `${bay.id} waits for a person, and nobody is there: ${prompt?.kind} ${prompt?.reasonCode}`);
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

const emptySlot = (evseId: number, chargerPowerW: number): Writable<UsableSlot> => ({
  evseId,
  pack: null,
  chargingState: 'IDLE',
  setpointW: 0,
  powerW: 0,
  voltageV: null,
  currentA: null,
  meterWh: 0,
  gridRegisterWh: 0,
  pvRegisterWh: 0,
  availablePowerW: chargerPowerW,
  plugTempC: null,
  smoke: false,
  doorOpen: false,
  locked: false,
  quarantined: false,
  reserved: false,
});
