import type { Timer } from '@corridor/actors/time/virtual-clock';
import type { Motion, MotionFailure, MotionOrder, MotionResult } from '@corridor/gateway/ports/robot';
import type { StationReading } from '@corridor/gateway/ports/station-sensors';
import type { UsableSlot } from '@corridor/gateway/procedure/pack-choice';
import { advanceOwn, dock } from '@corridor/gateway/procedure/procedure';
import type { ProcedureConfig } from '@corridor/gateway/procedure/procedure-config';
import type { ProcedureEffect, ProcedureInput, ProcedureWorld } from '@corridor/gateway/procedure/procedure-effect';
import type { Phase, SwapRecord, TerminalEvent } from '@corridor/gateway/procedure/swap-record';
import { assertNever, violated } from '@corridor/protocols/assert';
import { BayFloor, type FloorRack } from './bay-floor.ts';
import { type BayWorld, bayWorldOf } from './bay-world.ts';
import { type FullPack, type FullTruck, readBms, socPercentOf } from './full-units.ts';
import type { MotionFailures } from './motion-failures.ts';
import type { RunTime } from './run-time.ts';
import { type ReportingStation, SwapReports } from './swap-reports.ts';
import { IDENTIFY_SHARE, MOTION_SHARE } from './swap-shares.ts';

/** What a bay needs of its station's rack. */
export interface BayStock extends FloorRack {
  /** The rack as this bay may use it. */
  slotsFor(bay: FullBay): readonly UsableSlot[];
  /** It stands in its slot, and the platform knows. */
  placed(evseId: number): void;
  stopCharging(evseId: number): void;
  quarantine(evseId: number): void;
  /** People look for a pack for the truck that blocks a bay. @returns null: none may be taken now */
  takeByHand(bay: FullBay): FullPack | null;
}

/** What a bay needs of its station. */
export interface BayStation extends ReportingStation {
  readonly stock: BayStock;
  readonly id: string;
  readonly time: RunTime;
  readonly config: ProcedureConfig;
  readonly sensors: StationReading;
  readonly motionFailures: MotionFailures;
  /** Numbers swaps that begin here. */
  nextRequestId(): number;
  result(data: unknown): void;
  raiseFault(fault: Extract<ProcedureEffect, { kind: 'fault' }>['fault']): void;
  /** What stood in a bay goes on, or its truck has left. */
  clearFaultsOf(bay: FullBay): void;
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

/** Phases in which a pack that was picked goes back into its slot. */
const RETURNING: ReadonlySet<Phase> = new Set<Phase>(['RETURN_PLACE', 'REDO_PLACE']);

/** A gantry in fault says so at once, as the live plant's. */
const FAULT_ANSWER_MS = 2_000;

/** One bay: the procedure that real gateways run, on equipment whose motions are durations. */
export class FullBay {
  readonly id: string;
  readonly #station: BayStation;
  readonly #floor: BayFloor;
  readonly #reports: SwapReports;
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
  #awaitsPeople = false;
  #failedLast: Motion | null = null;

  constructor(station: BayStation, id: string) {
    this.id = id;
    this.#station = station;
    this.#floor = new BayFloor(id, () => station.stock);
    this.#reports = new SwapReports(station);
    this.#world = bayWorldOf(station, this.#floor.reading, () => (this.#slots ??= station.stock.slotsFor(this)));
  }

  get truck(): FullTruck | null {
    return this.#floor.truck;
  }

  /** Held by the gantry. */
  get gripped(): FullPack | null {
    return this.#floor.gripped;
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

  /** The motion that failed last in the swap under way; null: none did. */
  get failedLast(): Motion | null {
    return this.#failedLast;
  }

  /** People are called: until they have come, nothing goes on here. @returns false: they were called before */
  callPeople(): boolean {
    if (this.#awaitsPeople) return false;
    this.#awaitsPeople = true;
    return true;
  }

  /** They are done. */
  peopleDone(): void {
    this.#awaitsPeople = false;
    this.resume();
  }

  /** A person lets a swap that stands go on, or the bay is cleared, if what it stands for is gone. */
  resume(): void {
    if (this.#isDown || this.#station.sensors.powerLoss || this.#awaitsPeople) return;
    if (this.#record?.phase === 'BLOCKED') return this.#clear();
    if (this.#record?.held == null) return;
    this.apply({ kind: 'panel.acted', act: { kind: 'RESUME_CONFIRMED', bayId: this.id } });
  }

  #clear(): void {
    const pack = this.#station.stock.takeByHand(this);
    if (pack === null) return;
    this.#floor.handOver(pack);
    this.apply({ kind: 'sensors.changed' });
  }

  /** A pack became ready: a swap that waits for one takes it. */
  offer(): void {
    if (this.#record?.phase === 'AWAIT_PACK') this.apply({ kind: 'sensors.changed' });
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

  /** Packs that its swap moves, or is about to. */
  get packsInSwap(): string[] {
    const record = this.#record;
    if (record === null || record.ended !== null) return [];
    const { identity, authorisation, issuePack } = record;
    return [identity?.packSerialNumber, authorisation?.issuePackId, issuePack?.packId].flatMap((packId) => packId ?? []);
  }

  /** A truck drives in. @param swapMs from here until it drives off, if nothing holds it up */
  dock(truck: FullTruck, swapMs: number): void {
    if (this.truck !== null || this.#record !== null) violated(`${this.id} is taken`);
    this.#floor.drivesIn(truck);
    this.#failedLast = null;
    this.#swapMs = swapMs;
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
      const stood = this.#record.held !== null;
      const { record, effects } = advanceOwn(this.#record, input, this.world());
      this.#follow(record, effects);
      if (stood && record.held === null) this.#station.clearFaultsOf(this);
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
    this.#floor.truck = null;
    this.#record = null;
    this.#station.clearFaultsOf(this);
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
        return station.time.schedule(this.#swapMs * IDENTIFY_SHARE, () => this.#identify(), 'SWAPS');
      case 'move':
        return this.#move(effect.order);
      case 'fault':
        return station.raiseFault(effect.fault);
      case 'quarantine':
        return station.stock.quarantine(effect.evseId);
      case 'stop.charging':
        return station.stock.stopCharging(effect.evseId);
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
    moving.timer = time.after(durationMs, () => this.#ended(moving), 'SWAPS');
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
    moving.timer = time.after(leftMs, () => this.#ended(moving), 'SWAPS');
  }

  #ended(moving: Moving): void {
    if (this.#isDown) return this.#fail(moving);
    const failure = this.#station.motionFailures.ofTry(this.id, moving.order.motion);
    if (failure === null) return this.#moved(moving);
    this.#failedLast = moving.order.motion;
    this.#floor.failed(moving.order, failure, this.#isReturning);
    this.#fail(moving, failure);
    this.#tellPlaced(moving.order);
  }

  get #isReturning(): boolean {
    return this.#record !== null && RETURNING.has(this.#record.phase);
  }

  /** Of a gantry in fault nothing has moved on: it holds what it held. */
  #fail({ order, startedAtMs }: Moving, reason: MotionFailure = 'GANTRY_FAULT'): void {
    this.#moving = null;
    // It takes longer than was thought.
    this.#reports.tellUntold();
    const durationMs = this.#station.time.nowMs - startedAtMs;
    // The BMS of a pack that fails its self-check speaks.
    const pack = reason === 'ISOLATION_FAULT' && this.truck !== null ? readBms(this.truck.pack) : null;
    this.apply({ kind: 'motion.ended', motionId: order.motionId, result: { ok: false, durationMs, reason, pack } });
  }

  #moved({ order, startedAtMs }: Moving): void {
    this.#moving = null;
    const pack = this.#floor.moved(order, this.#isReturning);
    const result: MotionResult = {
      ok: true,
      durationMs: this.#station.time.nowMs - startedAtMs,
      pack: pack === null ? null : readBms(pack),
    };
    this.apply({ kind: 'motion.ended', motionId: order.motionId, result });
    this.#tellPlaced(order);
  }

  /** After the platform knows of it: what stands in a slot may be charged. */
  #tellPlaced({ motion, evseId }: MotionOrder): void {
    if (motion === 'PLACE' && evseId !== null) this.#station.stock.placed(evseId);
  }

  #armDeadline(record: SwapRecord | null): void {
    const held = record?.held ?? null;
    const dueAtMs = record === null ? null : held === null ? record.deadlineAtMs : record.ended === null ? held.remindAtMs : null;
    if (dueAtMs === this.#deadlineAtMs) return;
    const { time } = this.#station;
    if (this.#deadline !== null) time.cancel(this.#deadline);
    this.#deadlineAtMs = dueAtMs;
    this.#deadline = dueAtMs === null ? null : time.after(Math.max(0, dueAtMs - time.nowMs), () => this.#deadlineReached(), 'SWAPS');
  }

  #deadlineReached(): void {
    this.#deadline = null;
    this.#deadlineAtMs = null;
    this.apply({ kind: 'deadline.reached' });
  }
}
