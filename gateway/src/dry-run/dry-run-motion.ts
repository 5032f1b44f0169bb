import { assert } from '@corridor/protocols/assert';
import { SWAP_STEPS, type SwapStepEvent } from '@corridor/protocols/swap-step';
import type { Motion, MotionFailure, MotionOrder, MotionResult } from '../ports/robot.ts';
import { bmsReadingOf } from './dry-run-rack.ts';
import type { DryRunBay, DryRunSlot, DryRunState } from './dry-run-state.ts';

const EVENT_OF_MOTION: Readonly<Record<Motion, SwapStepEvent>> = {
  POSITION: 'positioned',
  MAKE_SAFE: 'made_safe',
  UNLOCK: 'unlocked',
  LIFT: 'lifted',
  MOVE_IN: 'moved_in',
  PLACE: 'battery_in',
  PICK: 'picked',
  MOVE_OUT: 'moved_out',
  SEAT: 'seated',
  LOCK: 'locked',
  SELF_CHECK: 'battery_out',
  RELEASE: 'released',
};

/** Nominal time of a motion [ms]. */
export function nominalMs(motion: Motion): number {
  return SWAP_STEPS.find(({ event }) => event === EVENT_OF_MOTION[motion])?.durationMs ?? 0;
}

/** Distance between slots of the rack, and from the rack to the truck [m]. */
const SLOT_PITCH_M = 2.6;
const TRUCK_Y_M = 6;

function slotOf(state: DryRunState, order: MotionOrder): DryRunSlot {
  const slot = state.slots.find(({ evseId }) => evseId === order.evseId);
  assert(slot !== undefined, `${order.motion}: no slot ${order.evseId}`);
  return slot;
}

/** Physics forbids it: two packs in one place, a pack out of nothing. A procedure that orders it is wrong. */
function possible(condition: boolean, order: MotionOrder, why: string): void {
  assert(condition, `motion ${order.motionId} ${order.motion} ${order.evseId ?? ''}: ${why}`);
}

type Done = { failure: MotionFailure | null; packRead: ReturnType<typeof bmsReadingOf> | null };
const done = (failure: MotionFailure | null = null, packRead: Done['packRead'] = null): Done => ({ failure, packRead });

/** What each motion does to the world; `failure` says that it fails and how. */
const CARRY_OUT: Readonly<Record<Motion, (state: DryRunState, bay: DryRunBay, order: MotionOrder, failure: MotionFailure | null) => Done>> =
  {
    POSITION: (_state, bay, order, failure) => {
      possible(bay.truck !== null, order, 'no truck');
      bay.positioned = failure === null;
      return done(failure);
    },
    MAKE_SAFE: (_state, bay, _order, failure) => {
      bay.wheelChock = true;
      bay.hvOff = failure === null;
      return done(failure);
    },
    UNLOCK: (_state, bay, order, failure) => {
      possible(bay.hvOff, order, 'HV is on');
      bay.lock = failure === null ? 'UNLOCKED' : 'UNKNOWN';
      return done(failure);
    },
    LOCK: (_state, bay, order, failure) => {
      possible(bay.truck?.pack != null, order, 'no pack to lock');
      bay.lock = failure === null ? 'LOCKED' : 'UNKNOWN';
      return done(failure);
    },
    LIFT: (_state, bay, order, failure) => {
      possible(bay.truck?.pack != null && bay.gripped === null, order, 'nothing to lift, or gripper full');
      possible(bay.lock === 'UNLOCKED', order, 'pack is locked');
      if (failure === null && bay.truck?.pack) {
        bay.gripped = bay.truck.pack;
        bay.truck.pack = null;
        bay.seatSensors = 0;
        bay.craneZM = 4;
        bay.craneYM = TRUCK_Y_M;
      }
      return done(failure);
    },
    MOVE_IN: (_state, bay, order, failure) => {
      if (failure === null) {
        bay.craneXM = ((order.evseId ?? 1) - 1) * SLOT_PITCH_M;
        bay.craneYM = 0;
      }
      return done(failure);
    },
    PLACE: (state, bay, order, failure) => {
      const slot = slotOf(state, order);
      possible(bay.gripped !== null, order, 'gripper empty');
      possible(slot.pack === null, order, 'two packs in one slot');
      if (failure === 'GANTRY_FAULT' || failure === 'PATH_BLOCKED' || !bay.gripped) return done(failure);
      if (failure === 'NO_HANDSHAKE') bay.gripped.bmsAnswers = false;
      slot.pack = bay.gripped;
      bay.gripped = null;
      const silent = !slot.pack.bmsAnswers;
      return done(silent ? 'NO_HANDSHAKE' : failure, silent ? null : bmsReadingOf(slot.pack, 0));
    },
    PICK: (state, bay, order, failure) => {
      const slot = slotOf(state, order);
      possible(slot.pack !== null && bay.gripped === null, order, 'slot empty, or gripper full');
      possible(slot.setpointW === 0, order, 'pack is being charged');
      if (failure !== null || !slot.pack) return done(failure);
      bay.gripped = slot.pack;
      slot.pack = null;
      return done(null, bmsReadingOf(bay.gripped, 0));
    },
    MOVE_OUT: (_state, bay, order, failure) => {
      possible(bay.truck !== null, order, 'no truck');
      if (failure === null) bay.craneYM = TRUCK_Y_M;
      return done(failure);
    },
    SEAT: (_state, bay, order, failure) => {
      possible(bay.gripped !== null && bay.truck !== null, order, 'nothing to seat');
      possible(bay.truck?.pack === null, order, 'two packs on one truck');
      if (!bay.truck || failure !== null) return done(failure);
      bay.truck.pack = bay.gripped;
      bay.gripped = null;
      bay.seatSensors = 4;
      return done();
    },
    SELF_CHECK: (_state, bay, order, failure) => {
      possible(bay.lock === 'LOCKED' && bay.truck?.pack != null, order, 'HV on a pack that is not locked');
      bay.hvOff = failure !== null;
      return done(failure, failure === null && bay.truck?.pack ? bmsReadingOf(bay.truck.pack, 0) : null);
    },
    RELEASE: (_state, bay, order, failure) => {
      possible(bay.gripped === null, order, 'gantry still holds a pack');
      possible(bay.truck === null || (bay.lock === 'LOCKED' && bay.truck.pack !== null), order, 'truck without a locked pack');
      if (failure === null) {
        bay.wheelChock = false;
        bay.hvOff = false;
        bay.craneZM = 6;
      }
      return done(failure);
    },
  };

/** Makes a motion happen, with the failure that was drawn for it. */
export function carryOut(state: DryRunState, bay: DryRunBay, order: MotionOrder, failure: MotionFailure | null): MotionResult {
  const durationMs = nominalMs(order.motion);
  const { failure: reason, packRead } = CARRY_OUT[order.motion](state, bay, order, failure);
  return reason === null ? { ok: true, durationMs, pack: packRead } : { ok: false, durationMs, reason, pack: packRead };
}
