import type { Timer } from '@corridor/actors/time/virtual-clock';
import type { MotionFailure, MotionOrder, MotionResult } from '@corridor/gateway/ports/robot';
import type { StationReading } from '@corridor/gateway/ports/station-sensors';
import type { UsableSlot } from '@corridor/gateway/procedure/pack-choice';
import { advanceOwn, dock } from '@corridor/gateway/procedure/procedure';
import type { ProcedureConfig } from '@corridor/gateway/procedure/procedure-config';
import type { ProcedureEffect, ProcedureInput, ProcedureWorld } from '@corridor/gateway/procedure/procedure-effect';
import type { SwapRecord, TerminalEvent } from '@corridor/gateway/procedure/swap-record';
import { assertNever, violated } from '@corridor/protocols/assert';
import {
  emptyBay,
  type LiveReading,
  lock,
  makeSafe,
  PACK_LOAD_KG,
  stickLock,
  truckDrivesIn,
  truckDrivesOff,
  unlock,
} from './bay-reading.ts';
import { type BayWorld, bayWorldOf } from './bay-world.ts';
import { slotOf } from './full-rack.ts';
import { type FullPack, type FullTruck, readBms, socPercentOf } from './full-units.ts';
import type { MotionFailures } from './motion-failures.ts';
import type { RunTime } from './run-time.ts';
import { type ReportingStation, SwapReports } from './swap-reports.ts';
import { IDENTIFY_SHARE, MOTION_SHARE } from './swap-shares.ts';

/** What a bay needs of its station. */
export interface BayStation extends ReportingStation {
  readonly id: string;
  readonly time: RunTime;
  readonly config: ProcedureConfig;
  readonly sensors: StationReading;
  readonly motionFailures: MotionFailures;
  /** Numbers swaps that begin here. */
  nextRequestId(): number;
  /** The rack as this bay may use it. */
  slotsFor(bay: FullBay): readonly UsableSlot[];
  /** A pack out of a slot, into the gripper. */
  pick(evseId: number): FullPack;
  /** A pack from the gripper into a slot. */
  place(evseId: number, pack: FullPack): void;
  /** It stands in its slot, and the platform knows. */
  placed(evseId: number): void;
  stopCharging(evseId: number): void;
  quarantine(evseId: number): void;
  result(data: unknown): void;
  raiseFault(fault: Extract<ProcedureEffect, { kind: 'fault' }>['fault']): void;
  /** Somebody has to come. */
  prompt(bay: FullBay, effect: Extract<ProcedureEffect, { kind: 'prompt' }>): void;
  /** The truck has driven off; how its swap ended. */
  left(bay: FullBay, truck: FullTruck, ended: TerminalEvent): void;
}

/** A motion under way. */
interface Moving {
  order: MotionOrder;
  startedAtMs: number;
  endsAtMs: number;
  timer: Timer | null;
}

/** A gantry in fault says so at once, as the live plant's. */
const FAULT_ANSWER_MS = 2_000;

/** One bay: the procedure that real gateways run, on equipment whose motions are durations. */
export class FullBay {
  readonly id: string;
  truck: FullTruck | null = null;
  /** Held by the gantry. */
  gripped: FullPack | null = null;
  readonly #station: BayStation;
  readonly #reports: SwapReports;
  readonly #reading: LiveReading = emptyBay();
  readonly #world: BayWorld;
  /** The rack as the step under way sees it; null until it looks, as few do. */
  #slots: readonly UsableSlot[] | null = null;
  readonly #queue: ProcedureInput[] = [];
  #isWorking = false;
  #record: SwapRecord | null = null;
  #swapMs = 0;
  #moving: Moving | null = null;
  #deadline: Timer | null = null;
  #deadlineAtMs: number | null = null;
  #isDown = false;

  constructor(station: BayStation, id: string) {
    this.id = id;
    this.#station = station;
    this.#reports = new SwapReports(station);
    this.#world = bayWorldOf(station, this.#reading, () => (this.#slots ??= station.slotsFor(this)));
  }

  get record(): SwapRecord | null {
    return this.#record;
  }

  /** Its gantry is out of order. */
  get isDown(): boolean {
    return this.#isDown;
  }

  /** A truck may drive in. */
  get isFree(): boolean {
    return this.truck === null && !this.#isDown;
  }

  /** The gantry breaks, or is repaired. A motion under way fails where it is; it is made anew after the repair. */
  setDown(isDown: boolean): void {
    this.#isDown = isDown;
    if (!isDown) return this.resume();
    const moving = this.#moving;
    if (moving === null || moving.timer === null) return;
    this.#station.time.cancel(moving.timer);
    this.#fail(moving);
  }

  /** A person lets a swap that stands go on, if what it stands for is gone. */
  resume(): void {
    if (this.#isDown || this.#station.sensors.powerLoss || this.#record?.held == null) return;
    this.apply({ kind: 'panel.acted', act: { kind: 'RESUME_CONFIRMED', bayId: this.id } });
  }

  /** The world as a command finds it. */
  world(): ProcedureWorld {
    this.#world.nowMs = Math.floor(this.#station.time.nowMs);
    this.#slots = null;
    return this.#world;
  }

  /** The slot that its swap counts on for the returned pack, and the one for the new pack; null: none. */
  get depositEvseId(): number | null {
    const record = this.#record;
    return record === null || record.ended !== null || record.returned !== null ? null : record.depositEvseId;
  }

  get issueEvseId(): number | null {
    const record = this.#record;
    return record === null || record.ended !== null ? null : record.issueEvseId;
  }

  /** A truck drives in. @param swapMs from here until it drives off, if nothing holds it up */
  dock(truck: FullTruck, swapMs: number): void {
    if (this.truck !== null || this.#record !== null) violated(`${this.id} is taken`);
    this.truck = truck;
    this.#swapMs = swapMs;
    truckDrivesIn(this.#reading, truck.id);
    const begin = { bayId: this.id, localRequestId: this.#station.nextRequestId(), preauthorisationsOpen: false };
    const { record, effects } = dock(begin, this.world());
    this.#isWorking = true;
    this.#follow(record, effects);
    this.#isWorking = false;
    this.#work();
  }

  /** Inputs that arise during a step wait for its end. */
  apply(input: ProcedureInput): void {
    this.#queue.push(input);
    if (!this.#isWorking) this.#work();
  }

  #work(): void {
    this.#isWorking = true;
    for (let input = this.#queue.shift(); input !== undefined; input = this.#queue.shift()) {
      if (this.#record === null) continue;
      const { record, effects } = advanceOwn(this.#record, input, this.world());
      this.#follow(record, effects);
    }
    this.#isWorking = false;
  }

  #follow(record: SwapRecord, effects: readonly ProcedureEffect[]): void {
    this.#record = record;
    let hasLeft = false;
    for (const effect of effects) {
      if (effect.kind === 'left') hasLeft = true;
      else this.#perform(effect);
    }
    // What the platform answered at once is the next input, and has a deadline of its own.
    if (hasLeft || this.#queue.length === 0) this.#armDeadline(hasLeft ? null : record);
    if (!hasLeft) return;
    const { truck } = this;
    if (truck === null || record.ended === null) violated(`${this.id}: a truck left in the middle of its swap`);
    this.truck = null;
    this.#record = null;
    this.#station.left(this, truck, record.ended);
  }

  #perform(effect: Exclude<ProcedureEffect, { kind: 'left' }>): void {
    const station = this.#station;
    switch (effect.kind) {
      case 'event':
        return this.#reports.tell(effect, this.#swapMs);
      case 'result':
        return station.result({
          commandId: effect.commandId,
          result: effect.result,
          ...(effect.statusInfo ? { statusInfo: effect.statusInfo } : {}),
        });
      case 'identify':
        return station.time.schedule(this.#swapMs * IDENTIFY_SHARE, () => this.#identify());
      case 'move':
        return this.#move(effect.order);
      case 'fault':
        return station.raiseFault(effect.fault);
      case 'quarantine':
        return station.quarantine(effect.evseId);
      case 'stop.charging':
        return station.stopCharging(effect.evseId);
      case 'freeze':
        return this.#freeze();
      case 'unfreeze':
        return this.#unfreeze();
      case 'prompt':
        return station.prompt(this, effect);
      default:
        assertNever(effect, 'procedure effect');
    }
  }

  #identify(): void {
    const { truck } = this;
    if (truck === null) return;
    this.apply({
      kind: 'identity.read',
      identity: {
        plate: truck.id,
        rfid: `RFID-${truck.id}`,
        vin: `VIN-${truck.id}`,
        truckId: truck.id,
        driverToken: truck.token,
        packSerialNumber: truck.pack.id,
        packSocPercent: socPercentOf(truck.pack),
        packSohPercent: truck.pack.bms.sohPercent,
        odometerM: Math.round(truck.odometerM),
        durationMs: this.#swapMs * IDENTIFY_SHARE,
      },
    });
  }

  #move(order: MotionOrder): void {
    const { time } = this.#station;
    const durationMs = this.#isDown ? FAULT_ANSWER_MS : this.#swapMs * MOTION_SHARE[order.motion];
    const moving: Moving = { order, startedAtMs: time.nowMs, endsAtMs: time.nowMs + durationMs, timer: null };
    moving.timer = time.after(durationMs, () => this.#ended(moving));
    this.#moving = moving;
  }

  #freeze(): void {
    if (this.#moving?.timer == null) return;
    this.#station.time.cancel(this.#moving.timer);
    this.#moving.timer = null;
    this.#moving.endsAtMs -= this.#station.time.nowMs;
  }

  #unfreeze(): void {
    const moving = this.#moving;
    if (moving === null || moving.timer !== null) return;
    const { time } = this.#station;
    const leftMs = moving.endsAtMs;
    moving.endsAtMs = time.nowMs + leftMs;
    moving.timer = time.after(leftMs, () => this.#ended(moving));
  }

  #ended(moving: Moving): void {
    if (this.#isDown) return this.#fail(moving);
    const failure = this.#station.motionFailures.ofTry(this.id, moving.order.motion);
    if (failure === null) return this.#moved(moving);
    if (failure === 'LOCK_STUCK') stickLock(this.#reading);
    this.#fail(moving, failure);
  }

  /** Of a gantry in fault nothing has moved on: it holds what it held. */
  #fail({ order, startedAtMs }: Moving, reason: MotionFailure = 'GANTRY_FAULT'): void {
    this.#moving = null;
    // It takes longer than was thought.
    this.#reports.tellUntold();
    const durationMs = this.#station.time.nowMs - startedAtMs;
    this.apply({ kind: 'motion.ended', motionId: order.motionId, result: { ok: false, durationMs, reason, pack: null } });
  }

  #moved({ order, startedAtMs }: Moving): void {
    this.#moving = null;
    const pack = this.#touch(order);
    const result: MotionResult = {
      ok: true,
      durationMs: this.#station.time.nowMs - startedAtMs,
      pack: pack === null ? null : readBms(pack),
    };
    this.apply({ kind: 'motion.ended', motionId: order.motionId, result });
    if (order.motion === 'PLACE' && order.evseId !== null) this.#station.placed(order.evseId);
  }

  /** What is physically true after a motion. @returns the pack whose BMS speaks, or null */
  #touch({ motion, evseId }: MotionOrder): FullPack | null {
    const reading = this.#reading;
    switch (motion) {
      case 'POSITION':
        reading.parkBrakeOn = true;
        return null;
      case 'MAKE_SAFE':
        makeSafe(reading);
        return null;
      case 'UNLOCK':
        unlock(reading);
        return null;
      case 'LOCK':
        lock(reading);
        return null;
      case 'LIFT':
        this.#grip(this.#offTruck());
        reading.seatSensors = 0;
        return null;
      case 'PLACE': {
        const pack = this.#letGo();
        this.#station.place(slotOf(motion, evseId), pack);
        return pack;
      }
      case 'PICK': {
        const pack = this.#station.pick(slotOf(motion, evseId));
        this.#grip(pack);
        return pack;
      }
      case 'SEAT':
        this.#ontoTruck(this.#letGo());
        reading.seatSensors = 4;
        return null;
      case 'SELF_CHECK':
        return this.#docked().pack;
      case 'RELEASE':
        // It drives off as soon as the barrier opens.
        truckDrivesOff(reading);
        return null;
      case 'MOVE_IN':
      case 'MOVE_OUT':
        return null;
    }
  }

  #docked(): FullTruck {
    if (this.truck === null) violated(`${this.id} has no truck`);
    return this.truck;
  }

  #offTruck(): FullPack {
    const truck = this.#docked();
    if (truck.isBare) violated(`${truck.id} has no pack to lift`);
    truck.isBare = true;
    return truck.pack;
  }

  #ontoTruck(pack: FullPack): void {
    const truck = this.#docked();
    if (!truck.isBare) violated(`${truck.id} has a pack already`);
    truck.pack = pack;
    truck.isBare = false;
    pack.station = null;
  }

  #grip(pack: FullPack): void {
    if (this.gripped !== null) violated(`${this.id} holds a pack already`);
    this.gripped = pack;
    this.#reading.loadKg = PACK_LOAD_KG;
  }

  #letGo(): FullPack {
    const pack = this.gripped;
    if (pack === null) violated(`${this.id} holds no pack`);
    this.gripped = null;
    this.#reading.loadKg = 0;
    return pack;
  }

  #armDeadline(record: SwapRecord | null): void {
    const held = record?.held ?? null;
    const dueAtMs = record === null ? null : held === null ? record.deadlineAtMs : record.ended === null ? held.remindAtMs : null;
    if (dueAtMs === this.#deadlineAtMs) return;
    const { time } = this.#station;
    if (this.#deadline !== null) time.cancel(this.#deadline);
    this.#deadlineAtMs = dueAtMs;
    this.#deadline = dueAtMs === null ? null : time.after(Math.max(0, dueAtMs - time.nowMs), () => this.#deadlineReached());
  }

  #deadlineReached(): void {
    this.#deadline = null;
    this.#deadlineAtMs = null;
    this.apply({ kind: 'deadline.reached' });
  }
}
