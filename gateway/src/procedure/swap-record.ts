import type { CommandArgs } from '@corridor/protocols/cmd/command';
import type { BatteryData, IdToken } from '@corridor/protocols/ocpp';
import type { SwapEventName, SwapState } from '@corridor/protocols/swap-step';
import type { BmsReading } from '../ports/bms.ts';
import type { TruckIdentity } from '../ports/identification.ts';
import type { Motion, MotionResult } from '../ports/robot.ts';

/**
 * What the procedure waits for. Names of motions that serve several purposes carry the purpose: BACK_ = putting the old pack
 * back on the truck, RESEAT_ = lifting a pack that stands or locks wrongly to lower it again, RETURN_ = putting a picked pack back into its slot, REDO_ = taking a bad issued pack off the truck again.
 */
export const PHASES = [
  'IDENTIFY',
  'CONFIRM_IDENTITY',
  'AUTHORISE',
  'POSITION',
  'MAKE_SAFE',
  'AWAIT_SAFE',
  'UNLOCK',
  'LIFT',
  'MOVE_IN',
  'PLACE',
  'AWAIT_PACK',
  'PICK',
  'MOVE_OUT',
  'SEAT',
  'LOCK',
  'RESEAT_UNLOCK',
  'RESEAT_LIFT',
  'SELF_CHECK',
  'RELEASE',
  'BACK_MOVE_OUT',
  'BACK_SEAT',
  'BACK_LOCK',
  'RETURN_MOVE_IN',
  'RETURN_PLACE',
  'REDO_UNLOCK',
  'REDO_LIFT',
  'REDO_MOVE_IN',
  'REDO_PLACE',
  'FREE_TRUCK',
  'LEAVING',
  'BLOCKED',
] as const;
export type Phase = (typeof PHASES)[number];

/** Motion that a phase waits for; null: it waits for something else. */
export const MOTION_OF_PHASE: Readonly<Record<Phase, Motion | null>> = {
  IDENTIFY: null,
  CONFIRM_IDENTITY: null,
  AUTHORISE: null,
  POSITION: 'POSITION',
  MAKE_SAFE: 'MAKE_SAFE',
  AWAIT_SAFE: null,
  UNLOCK: 'UNLOCK',
  LIFT: 'LIFT',
  MOVE_IN: 'MOVE_IN',
  PLACE: 'PLACE',
  AWAIT_PACK: null,
  PICK: 'PICK',
  MOVE_OUT: 'MOVE_OUT',
  SEAT: 'SEAT',
  LOCK: 'LOCK',
  RESEAT_UNLOCK: 'UNLOCK',
  RESEAT_LIFT: 'LIFT',
  SELF_CHECK: 'SELF_CHECK',
  RELEASE: 'RELEASE',
  BACK_MOVE_OUT: 'MOVE_OUT',
  BACK_SEAT: 'SEAT',
  BACK_LOCK: 'LOCK',
  RETURN_MOVE_IN: 'MOVE_IN',
  RETURN_PLACE: 'PLACE',
  REDO_UNLOCK: 'UNLOCK',
  REDO_LIFT: 'LIFT',
  REDO_MOVE_IN: 'MOVE_IN',
  REDO_PLACE: 'PLACE',
  FREE_TRUCK: 'RELEASE',
  LEAVING: null,
  BLOCKED: null,
};

/** How a phase is called in `tele.bay` and by the platform. */
export const STATE_OF_PHASE: Readonly<Record<Phase, SwapState>> = {
  IDENTIFY: 'IDENTIFYING',
  CONFIRM_IDENTITY: 'IDENTIFYING',
  AUTHORISE: 'AUTHORIZING',
  POSITION: 'POSITIONING',
  MAKE_SAFE: 'SECURING',
  AWAIT_SAFE: 'SECURING',
  UNLOCK: 'UNLOCKING',
  LIFT: 'LIFTING',
  MOVE_IN: 'TRANSFER_IN',
  PLACE: 'BATTERY_IN',
  AWAIT_PACK: 'PICKING',
  PICK: 'PICKING',
  MOVE_OUT: 'TRANSFER_OUT',
  SEAT: 'SEATING',
  LOCK: 'LOCKING',
  RESEAT_UNLOCK: 'LOCKING',
  RESEAT_LIFT: 'SEATING',
  SELF_CHECK: 'SELF_CHECK',
  RELEASE: 'RELEASING',
  BACK_MOVE_OUT: 'SEATING',
  BACK_SEAT: 'SEATING',
  BACK_LOCK: 'LOCKING',
  RETURN_MOVE_IN: 'TRANSFER_IN',
  RETURN_PLACE: 'BATTERY_IN',
  REDO_UNLOCK: 'UNLOCKING',
  REDO_LIFT: 'LIFTING',
  REDO_MOVE_IN: 'TRANSFER_IN',
  REDO_PLACE: 'BATTERY_IN',
  FREE_TRUCK: 'RELEASING',
  LEAVING: 'COMPLETED',
  BLOCKED: 'ABORTED_NO_PACK',
};

/** Step 0..14 a phase belongs to; null for ways back, which do not count as progress. */
export const STEP_OF_PHASE: Readonly<Record<Phase, number | null>> = {
  IDENTIFY: 1,
  CONFIRM_IDENTITY: 1,
  AUTHORISE: 2,
  POSITION: 3,
  MAKE_SAFE: 4,
  AWAIT_SAFE: 4,
  UNLOCK: 5,
  LIFT: 6,
  MOVE_IN: 7,
  PLACE: 8,
  AWAIT_PACK: 9,
  PICK: 9,
  MOVE_OUT: 10,
  SEAT: 11,
  LOCK: 12,
  RESEAT_UNLOCK: 12,
  RESEAT_LIFT: 11,
  SELF_CHECK: 13,
  RELEASE: 14,
  BACK_MOVE_OUT: null,
  BACK_SEAT: null,
  BACK_LOCK: null,
  RETURN_MOVE_IN: null,
  RETURN_PLACE: null,
  REDO_UNLOCK: null,
  REDO_LIFT: null,
  REDO_MOVE_IN: null,
  REDO_PLACE: null,
  FREE_TRUCK: null,
  LEAVING: null,
  BLOCKED: null,
};

/** The one event that ends a swap. */
export const TERMINAL_EVENTS = ['completed', 'rejected', 'aborted_safe', 'aborted_no_pack', 'battery_out_timeout', 'failed'] as const;
export type TerminalEvent = (typeof TERMINAL_EVENTS)[number];

export function isTerminal(event: SwapEventName): event is TerminalEvent {
  return (TERMINAL_EVENTS as readonly string[]).includes(event);
}

export type Initiation = 'LOCAL' | 'REMOTE';
/** An authorisation of the platform (or of the station itself when the platform is unreachable and the truck is listed). */
export type Authorisation = Omit<CommandArgs<'swap.start'>, 'orderId' | 'issuePackId' | 'issueEvseId'> & {
  orderId: string;
  issuePackId: string;
  issueEvseId: number;
  /** Command to answer in stage 2; null for an authorisation by the station itself. */
  commandId: string | null;
};

/** Motion is frozen, or the procedure stands, until a person at the station confirms. */
export type Held = {
  cause: 'INTERLOCK' | 'OPERATOR';
  reasonCode: string;
  sinceMs: number;
  /** The platform is told again at this time that the swap still stands, so that it does not take it for lost. */
  remindAtMs: number;
  /** Result of a motion that ended in the very moment of the freeze; taken up on resuming. */
  lateResult: MotionResult | null;
};

/** Everything the procedure of one swap knows: JSON, journalled with each step, so that a killed gateway goes on. */
export type SwapRecord = {
  bayId: string;
  requestId: number;
  /** Number under which the station's own order log opened the swap. */
  openedAsRequestId: number;
  initiation: Initiation;
  /** `arrived` waits for the identification while a remotely ordered truck may be the one that came. */
  arrivalAnnounced: boolean;
  arrivedAtMs: number;
  phase: Phase;
  held: Held | null;
  /** The phase ends by itself at this scope time; null: never. */
  deadlineAtMs: number | null;
  /** Scope time at which the current step of the procedure began. */
  stepStartedAtMs: number;
  /** Step that ended or is under way, 0..14. */
  step: number;
  stepSeq: number;
  announced: readonly SwapEventName[];
  ended: TerminalEvent | null;
  endReasonCode: string | null;
  identity: TruckIdentity | null;
  plateAtEntrance: string | null;
  authorisation: Authorisation | null;
  authorisedAtMs: number | null;
  abortReasonCode: string | null;
  /** Motion under way or about to be ordered. */
  motionCount: number;
  motionUnderWay: boolean;
  attempt: number;
  reseats: number;
  redos: number;
  /** What follows when an issued pack is back in its slot. */
  afterReturn: 'NEXT_PACK' | 'NO_PACK';
  depositEvseId: number | null;
  issueEvseId: number | null;
  issuePack: BmsReading | null;
  returned: BatteryData | null;
  issued: BatteryData | null;
};

/** The record as one sees it on entering a bay. */
export function beginSwap(begin: {
  bayId: string;
  requestId: number;
  initiation: Initiation;
  plateAtEntrance: string | null;
  nowMs: number;
}): SwapRecord {
  return {
    bayId: begin.bayId,
    requestId: begin.requestId,
    openedAsRequestId: begin.requestId,
    initiation: begin.initiation,
    arrivalAnnounced: false,
    arrivedAtMs: begin.nowMs,
    phase: 'IDENTIFY',
    held: null,
    deadlineAtMs: null,
    stepStartedAtMs: begin.nowMs,
    step: 0,
    stepSeq: 0,
    announced: [],
    ended: null,
    endReasonCode: null,
    identity: null,
    plateAtEntrance: begin.plateAtEntrance,
    authorisation: null,
    authorisedAtMs: null,
    abortReasonCode: null,
    motionCount: 0,
    motionUnderWay: false,
    attempt: 1,
    reseats: 0,
    redos: 0,
    afterReturn: 'NEXT_PACK',
    depositEvseId: null,
    issueEvseId: null,
    issuePack: null,
    returned: null,
    issued: null,
  };
}

/** Identity the swap is done for: the order's, else the driver's, else the truck's VIN. */
export function idTokenOf(record: SwapRecord): IdToken {
  if (record.authorisation) return record.authorisation.idToken;
  if (record.identity?.driverToken) return record.identity.driverToken;
  return record.identity?.vin ? { idToken: record.identity.vin, type: 'VIN' } : { idToken: '', type: 'NoAuthorization' };
}
