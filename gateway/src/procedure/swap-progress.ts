import { assert, violated } from '@corridor/protocols/assert';
import type { SwapCommon, SwapFailureData } from '@corridor/protocols/evt/swap';
import { swapIdOf } from '@corridor/protocols/ids';
import type { BatteryData } from '@corridor/protocols/ocpp';
import { SWAP_STEPS, type SwapEventName } from '@corridor/protocols/swap-step';
import type { BmsReading } from '../ports/bms.ts';
import type { MotionOrder } from '../ports/robot.ts';
import { activeInterlock, allLocks } from './interlocks.ts';
import type { FaultNotice, ProcedureEffect, ProcedureWorld } from './procedure-effect.ts';
import {
  type Authorisation,
  idTokenOf,
  isTerminal,
  MOTION_OF_PHASE,
  type Phase,
  STEP_OF_PHASE,
  type SwapRecord,
  type TerminalEvent,
} from './swap-record.ts';

const STEP_OF_EVENT: ReadonlyMap<string, number> = new Map(SWAP_STEPS.map(({ event, step }) => [event, step]));

type Failure = { reasonCode: string; interlock?: string | null; recoverable: boolean; detail?: string | null };

/** One step of the procedure being made: the record that it changes, and the effects collected so far. Nothing here has an effect by itself. */
export class SwapProgress {
  readonly record: SwapRecord;
  readonly effects: ProcedureEffect[] = [];
  #world: ProcedureWorld;

  constructor(record: SwapRecord, world: ProcedureWorld) {
    this.record = record;
    this.#world = world;
  }

  get world(): ProcedureWorld {
    return this.#world;
  }

  #common(event: SwapEventName): SwapCommon {
    const { record, world } = this;
    const step = STEP_OF_EVENT.get(event) ?? record.step;
    record.step = step;
    record.stepSeq += 1;
    record.announced = [...record.announced, event];
    const durationMs = Math.max(0, Math.round(world.nowMs - record.stepStartedAtMs));
    record.stepStartedAtMs = world.nowMs;
    return {
      requestId: record.requestId,
      orderId: record.authorisation?.orderId ?? null,
      bayId: record.bayId,
      truckId: record.identity?.truckId ?? record.authorisation?.truckId ?? null,
      plate: record.identity?.plate ?? record.plateAtEntrance,
      idToken: idTokenOf(record),
      step,
      stepSeq: record.stepSeq,
      durationMs,
    };
  }

  /** Announces a step that ended. Each step is announced once, also when it is repeated with another pack. */
  announce(
    event: Exclude<SwapEventName, 'identified' | 'battery_in' | 'battery_out' | 'battery_out_timeout' | TerminalEvent | 'suspended'>,
  ): void {
    if (event !== 'resumed' && this.record.announced.includes(event)) return;
    this.effects.push({ event, data: this.#common(event), kind: 'event' });
  }

  announceArrival(): void {
    if (this.record.arrivalAnnounced) return;
    this.record.arrivalAnnounced = true;
    this.announce('arrived');
  }

  announceIdentified(): void {
    const { identity, initiation } = this.record;
    assert(identity !== null, 'identified without an identity');
    const data = {
      ...this.#common('identified'),
      rfid: identity.rfid,
      vin: identity.vin,
      initiation,
      packSerialNumber: identity.packSerialNumber,
      packSocPercent: identity.packSocPercent,
      odometerM: identity.odometerM,
    };
    this.effects.push({ event: 'identified', data, kind: 'event' });
  }

  announceBattery(event: 'battery_in' | 'battery_out', battery: BatteryData): void {
    this.effects.push({ event, data: { ...this.#common(event), batteryData: [battery] }, kind: 'event' });
  }

  #failure(event: SwapEventName, failure: Failure): SwapFailureData {
    const { reasonCode, interlock = null, recoverable, detail = null } = failure;
    return { ...this.#common(event), reasonCode, interlock, recoverable, detail };
  }

  /** Enters a phase: orders its motion when it has one. */
  enter(phase: Phase, options: { attempt?: number; deadlineInMs?: number } = {}): void {
    const { record, world } = this;
    record.phase = phase;
    record.step = STEP_OF_PHASE[phase] ?? record.step;
    record.attempt = options.attempt ?? 1;
    record.deadlineAtMs = options.deadlineInMs === undefined ? null : world.nowMs + options.deadlineInMs;
    record.motionUnderWay = false;
    if (phase === 'IDENTIFY') this.effects.push({ kind: 'identify' });
    if (MOTION_OF_PHASE[phase] !== null) this.#orderMotion();
  }

  #orderMotion(): void {
    const { record, world } = this;
    const interlock = activeInterlock(record.phase, world.bay, world.station, world.config);
    if (interlock !== null) {
      this.hold('INTERLOCK', interlock);
      return;
    }
    record.motionCount += 1;
    record.motionUnderWay = true;
    this.effects.push({ kind: 'move', order: motionOrderOf(record, world.stationId) });
  }

  /** Freezes motion, or stands, until a person at the station confirms. */
  hold(cause: 'INTERLOCK' | 'OPERATOR', reasonCode: string): void {
    const { record, world } = this;
    if (record.motionUnderWay) this.effects.push({ kind: 'freeze' });
    record.held = { cause, reasonCode, sinceMs: world.nowMs, remindAtMs: world.nowMs + world.config.remindEveryMs, lateResult: null };
    this.#announceSuspended(cause, reasonCode);
    this.effects.push({ kind: 'prompt', prompt: { kind: 'CONFIRM_RESUME', reasonCode } });
  }

  #announceSuspended(cause: 'INTERLOCK' | 'OPERATOR', reasonCode: string): void {
    if (this.record.ended !== null) return;
    const interlock = cause === 'INTERLOCK' ? reasonCode : null;
    const data = this.#failure('suspended', { reasonCode, interlock, recoverable: true });
    this.effects.push({ event: 'suspended', data, kind: 'event' });
  }

  /** Still held: said again. */
  remind(): void {
    const { record, world } = this;
    if (record.held === null || world.nowMs < record.held.remindAtMs) return;
    record.held = { ...record.held, remindAtMs: world.nowMs + world.config.remindEveryMs };
    this.#announceSuspended(record.held.cause, record.held.reasonCode);
  }

  /** An equipment fault that a person must look at: raised, and the procedure stands. */
  holdForRepair(reasonCode: string, detail: string): void {
    this.fault({ code: reasonCode, level: 2, scope: 'bay', scopeId: this.record.bayId, detail });
    this.hold('OPERATOR', reasonCode);
  }

  fault(fault: FaultNotice): void {
    this.effects.push({ kind: 'fault', fault });
  }

  quarantine(evseId: number, reasonCode: string): void {
    const slots = this.#world.slots.map((slot) => (slot.evseId === evseId ? { ...slot, quarantined: true } : slot));
    this.#world = { ...this.#world, slots };
    this.effects.push({ kind: 'quarantine', evseId, reasonCode });
  }

  /** The one terminal event of the swap, and stage 2 of the command that authorised it. */
  end(event: TerminalEvent, failure: Failure | null): void {
    const { record } = this;
    assert(record.ended === null, `swap ${record.requestId} ended as ${record.ended} before ${event}`);
    assert(isTerminal(event), `${event} does not end a swap`);
    this.announceArrival();
    record.ended = event;
    record.endReasonCode = failure?.reasonCode ?? null;
    if (event === 'completed') {
      this.effects.push({ event, data: this.#common(event), kind: 'event' });
    } else if (event === 'battery_out_timeout') {
      assert(record.issued !== null, 'battery_out_timeout without a pack that was meant');
      this.effects.push({ event, data: { ...this.#common(event), batteryData: [record.issued] }, kind: 'event' });
    } else {
      assert(failure !== null, `${event} without a reason`);
      this.effects.push({ event, data: this.#failure(event, failure), kind: 'event' });
    }
    const commandId = record.authorisation?.commandId ?? null;
    if (commandId !== null) {
      const statusInfo = failure ? { reasonCode: failure.reasonCode } : null;
      this.effects.push({ kind: 'result', commandId, result: event === 'completed' ? 'ACCEPTED' : 'FAILED', statusInfo });
    }
    this.effects.push({ kind: 'prompt', prompt: null });
  }

  /** Refuses the swap before anything moved; the truck is let out. */
  reject(reasonCode: string, detail: string | null = null): void {
    const interlock = reasonCode.startsWith('INTERLOCK_') ? reasonCode : null;
    this.end('rejected', { reasonCode, interlock, recoverable: true, detail });
    this.freeTruck();
  }

  /** The way back while the old pack stands on the truck: locks first, then the event, then the barrier. */
  abortSafe(reasonCode: string): void {
    const { record, world } = this;
    record.abortReasonCode = reasonCode;
    if (world.bay.truckDocked && !allLocks(world.bay, 'LOCKED')) {
      this.enter('BACK_LOCK');
      return;
    }
    const interlock = reasonCode.startsWith('INTERLOCK_') ? reasonCode : null;
    this.end('aborted_safe', { reasonCode, interlock, recoverable: true });
    this.freeTruck();
  }

  /** Parks the gantry and opens the barrier, but never for a truck whose pack is not locked. */
  freeTruck(): void {
    const { record, world } = this;
    if (world.bay.truckDocked && !allLocks(world.bay, 'LOCKED')) {
      record.phase = 'FREE_TRUCK';
      record.motionUnderWay = false;
      record.deadlineAtMs = null;
      this.holdForRepair('LOCK_NOT_CONFIRMED', 'truck may not leave: the locks of its pack are not confirmed');
      return;
    }
    this.enter('FREE_TRUCK');
  }

  /** The truck stays without a pack and blocks the bay until it is towed. */
  block(event: 'aborted_no_pack' | 'battery_out_timeout' | 'failed', failure: Failure): void {
    this.end(event, failure);
    this.fault({ code: failure.reasonCode, level: 2, scope: 'bay', scopeId: this.record.bayId, detail: `swap ended as ${event}` });
    this.enter('BLOCKED');
    this.effects.push({ kind: 'prompt', prompt: { kind: 'CLEAR_BAY', reasonCode: failure.reasonCode } });
  }

  authorise(authorisation: Authorisation): void {
    this.record.authorisation = authorisation;
    this.record.authorisedAtMs = this.world.nowMs;
  }
}

/** The motion that a record waits for. The same record always names the same motion: a restarted gateway attaches to it. */
export function motionOrderOf(record: SwapRecord, stationId: string): MotionOrder {
  const motion = MOTION_OF_PHASE[record.phase];
  if (motion === null) violated(`phase ${record.phase} has no motion`);
  const evseId = slotOfPhase(record);
  if (evseId === null && (motion === 'MOVE_IN' || motion === 'PLACE' || motion === 'PICK')) violated(`${record.phase} without a slot`);
  return { motionId: motionIdOf(record, stationId), motion, evseId, attempt: record.attempt };
}

export const motionIdOf = ({ requestId, motionCount }: SwapRecord, stationId: string): string =>
  `${swapIdOf(stationId, requestId)}-${motionCount}`;

function slotOfPhase(record: SwapRecord): number | null {
  if (record.phase === 'MOVE_IN' || record.phase === 'PLACE') return record.depositEvseId;
  const issued: readonly Phase[] = ['PICK', 'RETURN_MOVE_IN', 'RETURN_PLACE', 'REDO_MOVE_IN', 'REDO_PLACE'];
  return issued.includes(record.phase) ? record.issueEvseId : null;
}

/** OCPP's view of a pack in a slot. A silent BMS is said to be silent; its values come from the truck's side. */
export function batteryDataOf(
  evseId: number,
  pack: BmsReading | null,
  fallback: { packId: string; socPercent: number; sohPercent: number },
): BatteryData {
  const read = pack !== null && pack.packId !== '' && pack.socPercent !== null && pack.sohPercent !== null;
  return {
    evseId,
    serialNumber: pack && pack.packId !== '' ? pack.packId : fallback.packId,
    soC: pack?.socPercent ?? fallback.socPercent,
    soH: pack?.sohPercent ?? fallback.sohPercent,
    ...(read ? {} : { vendorInfo: 'NO_HANDSHAKE' }),
    ...(pack?.energyWh == null ? {} : { energyWh: pack.energyWh }),
    ...(pack ? { throughputWh: pack.throughputWh, cellTmaxC: pack.cellTmaxC } : {}),
  };
}
