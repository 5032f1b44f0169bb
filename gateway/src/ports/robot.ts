import type { BmsReading } from './bms.ts';

/**
 * Everything a bay's gantry and truck fixture can be told to do, one at a time. Durations are the equipment's own; the
 * nominal ones are in `@corridor/protocols/swap-step`.
 *
 * | motion | what is physically true after `ok` |
 * |---|---|
 * | POSITION | truck guided onto the rails and measured; repeated = re-parked. Ends step 3 |
 * | MAKE_SAFE | chocks set, HV-off requested over CAN. Ends step 4 |
 * | UNLOCK | the four locks under the pack on the truck opened. Ends step 5 |
 * | LIFT | pack on the truck gripped and lifted: the gantry holds it, the truck has none. Ends step 6 |
 * | MOVE_IN | gantry with the pack over slot `evseId`. Ends step 7 |
 * | PLACE | pack set into slot `evseId`, plugged, BMS read: the slot holds it, the gantry is empty. Ends step 8 |
 * | PICK | pack in slot `evseId` unplugged and gripped: the gantry holds it, the slot is empty. Ends step 9 |
 * | MOVE_OUT | gantry with the pack over the truck. Ends step 10 |
 * | SEAT | the pack that the gantry holds lowered onto the truck: the truck has it; repeated with a correction when it hung wrongly. Ends step 11 |
 * | LOCK | the four locks closed. Ends step 12; also the re-lock of an abort |
 * | SELF_CHECK | HV on, BMS of the pack on the truck read, isolation measured; on failure HV is off again. Ends step 13 |
 * | RELEASE | gantry parked, chocks away, barrier open: the truck may leave. Ends step 14; also ends a refused swap |
 *
 * Ways back: LIFT is undone by SEAT; a pack that was picked is put back by MOVE_IN and PLACE.
 */
export const MOTIONS = [
  'POSITION',
  'MAKE_SAFE',
  'UNLOCK',
  'LIFT',
  'MOVE_IN',
  'PLACE',
  'PICK',
  'MOVE_OUT',
  'SEAT',
  'LOCK',
  'SELF_CHECK',
  'RELEASE',
] as const;
export type Motion = (typeof MOTIONS)[number];

/** Why a motion ended without success. What is physically true then is in the second column. */
export const MOTION_FAILURES = [
  'OUT_OF_TOLERANCE', // POSITION: truck stands wrong
  'NOT_SAFE', // MAKE_SAFE: HV or brake did not obey
  'LOCK_STUCK', // UNLOCK, LOCK: at least one lock did not follow; the lock sensors say which
  'OVERLOAD', // LIFT: the pack is back on the truck, unlocked
  'SLIP', // LIFT: the pack is back on the truck, unlocked
  'PATH_BLOCKED', // MOVE_IN, MOVE_OUT, PICK: gantry stands, holding what it held
  'NO_HANDSHAKE', // PLACE: the pack IS in the slot, its BMS is silent. SELF_CHECK: BMS on the truck is silent
  'MISALIGNED', // SEAT: the pack hangs over the truck, the gantry holds it
  'TRUCK_MOVED', // MOVE_OUT, SEAT: as MISALIGNED; a person must look
  'ISOLATION_FAULT', // SELF_CHECK: the pack is on the truck, locked
  'PACK_FAULT', // SELF_CHECK, PICK: the BMS reports a fault; PICK left the pack in its slot
  'GANTRY_FAULT', // any: nothing moved on; the gantry holds what it held before
] as const;
export type MotionFailure = (typeof MOTION_FAILURES)[number];

export type MotionOrder = {
  /** `<swapId>-<n>`: names this motion for ever. */
  motionId: string;
  motion: Motion;
  /** Slot, for MOVE_IN, PLACE and PICK; else null. */
  evseId: number | null;
  /** 1 for the first try of this motion, 2.. for corrections. */
  attempt: number;
};

export type MotionResult =
  /** `pack` is what its BMS said, for PLACE, PICK and SELF_CHECK; null for the others. */
  | { ok: true; durationMs: number; pack: BmsReading | null }
  | { ok: false; durationMs: number; reason: MotionFailure; pack: BmsReading | null };

export type RobotStatus = {
  /** Motion under way or frozen in the middle; null when it stands still between motions. */
  motionId: string | null;
  frozen: boolean;
  /** Pack the gripper holds. */
  grippedPackId: string | null;
};

/**
 * Gantry of one bay. Never more than one motion: a second order while one is under way is a bug of the caller and throws.
 * A result is durable before the promise resolves: the equipment (its PLC, or the simulated plant) remembers the last motion.
 */
export interface Robot {
  /**
   * Performs a motion, or, for a `motionId` it knows, attaches to the running one or repeats the result of the finished
   * one without moving: a restarted gateway simply orders the same motion again. A frozen motion stays pending.
   */
  perform(order: MotionOrder): Promise<MotionResult>;
  /** Stops motion where it is; without one it does nothing; brakes hold. Hardware does the same by itself on an emergency stop. */
  freeze(): void;
  /** Goes on with a frozen motion; without one it does nothing. Called after a local confirmation only. */
  unfreeze(): void;
  status(): RobotStatus;
}
