import type { Motion, MotionFailure, MotionOrder, MotionResult } from '@corridor/gateway/ports/robot';
import { assert, violated } from '@corridor/protocols/assert';
import { SWAP_STEPS, type SwapStepEvent } from '@corridor/protocols/swap-step';
import { bmsReading } from './bms-reading.ts';
import { cranePositionM } from './crane-path.ts';
import { moveOntoTruck, moveToGantry, moveToSlot } from './pack-place.ts';
import type { PlantBay, PlantFact, PlantState, PlantStation, RunningMotion } from './plant-state.ts';
import type { World } from './world.ts';

/** Step of the procedure whose nominal duration a motion has. */
const STEP_OF: Record<Motion, SwapStepEvent> = {
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

/** Failures per motion (assumptions, docs/domain/swap-procedure.md). */
const FAILURES: Partial<Record<Motion, { failure: MotionFailure; ratio: number }>> = {
  POSITION: { failure: 'OUT_OF_TOLERANCE', ratio: 0.05 },
  MAKE_SAFE: { failure: 'NOT_SAFE', ratio: 0.001 },
  UNLOCK: { failure: 'LOCK_STUCK', ratio: 0.003 },
  PLACE: { failure: 'NO_HANDSHAKE', ratio: 0.005 },
  SEAT: { failure: 'MISALIGNED', ratio: 0.01 },
  LOCK: { failure: 'LOCK_STUCK', ratio: 0.002 },
  SELF_CHECK: { failure: 'ISOLATION_FAULT', ratio: 0.003 },
};
/** One gantry fault in 2000 swaps of 12 motions, repaired in a log-normal time of median 40 min. */
const GANTRY_FAULT_RATIO = 1 / 2000 / 12;
const GANTRY_REPAIR_MEDIAN_MS = 40 * 60_000;
/** A gantry in fault says so at once. */
const FAULT_ANSWER_MS = 2_000;
/** A BMS that missed its handshake stays silent this long. */
const SILENT_MS = 2 * 3_600_000;
const RESULTS_KEPT = 4;

/** Starts a motion. @throws InvariantError when one is under way: the caller's bug */
export function beginMotion(state: PlantState, world: World, bay: PlantBay, order: MotionOrder): void {
  assert(bay.motion === null, `${bay.id}: ${order.motionId} ordered while ${bay.motion?.motionId} is under way`);
  const prng = world.prng.fork(`motion:${order.motionId}`);
  const nominalMs = SWAP_STEPS.find(({ event }) => event === STEP_OF[order.motion])?.durationMs ?? violated(`no step of ${order.motion}`);
  const inFault = bay.gantryFaultUntilMs > state.atMs;
  const totalMs = inFault ? FAULT_ANSWER_MS : Math.round(nominalMs * prng.triangular(0.8, 1, 1.6));
  const usual = FAILURES[order.motion];
  const drawn = usual && prng.chance(usual.ratio) ? usual.failure : null;
  // What is broken does not break again: its repair would begin anew each time somebody tries.
  const breaksDown = !inFault && prng.fork('gantry').chance(GANTRY_FAULT_RATIO);
  if (breaksDown) {
    bay.gantryFaultUntilMs = state.atMs + totalMs + prng.fork('repair').logNormal(GANTRY_REPAIR_MEDIAN_MS, 0.5);
  }
  bay.motion = {
    ...order,
    startedAtMs: state.atMs,
    remainingMs: totalMs,
    totalMs,
    frozen: false,
    failure: inFault || breaksDown ? 'GANTRY_FAULT' : (scriptedFailure(state, bay, order.motion) ?? drawn),
    from: { ...bay.crane },
  };
}

function scriptedFailure(state: PlantState, bay: PlantBay, motion: Motion): MotionFailure | null {
  const fault = state.faults.find(
    (fault) =>
      fault.kind === 'MOTION_FAILS' && fault.bayId === bay.id && fault.motion === motion && fault.times > 0 && fault.untilMs > state.atMs,
  );
  if (fault?.kind !== 'MOTION_FAILS') return null;
  fault.times -= 1;
  return fault.failure;
}

/** Moves the gantry of a bay on by one step. */
export function stepGantry(
  { state, world, station, bay, facts }: { state: PlantState; world: World; station: PlantStation; bay: PlantBay; facts: PlantFact[] },
  durationMs: number,
): void {
  const motion = bay.motion;
  if (!motion) return;
  // Hardware freezes by itself; only the gateway, told by a person on the spot, lets it go on.
  if (station.emergencyStop || station.fire || bay.personDetected || !bay.positionSensorOk || station.dark) motion.frozen = true;
  if (motion.frozen) return;
  motion.remainingMs -= durationMs;
  bay.crane = cranePositionM(motion, station.slots.length, 1 - Math.max(0, motion.remainingMs) / motion.totalMs);
  if (motion.remainingMs > 0) return;
  const failure = motion.failure ?? physicalObstacle(state, station, bay, motion);
  const touchedPackId =
    failure === null ? applyMotion(state, world, { station, bay, motion }) : applyFailure(state, world, { station, bay, motion, failure });
  const touched = touchedPackId === null ? undefined : state.packs[touchedPackId];
  const pack = touched ? bmsReading(state, touched, world.cells) : null;
  const spentMs = state.atMs + durationMs - motion.startedAtMs;
  const result: MotionResult =
    failure === null ? { ok: true, durationMs: spentMs, pack } : { ok: false, durationMs: spentMs, reason: failure, pack };
  bay.motion = null;
  bay.finished = [...bay.finished.slice(1 - RESULTS_KEPT), { motionId: motion.motionId, result }];
  facts.push({ kind: 'MOTION_ENDED', stationId: station.id, bayId: bay.id, motionId: motion.motionId, result });
}

/** What the order runs into, whatever the gateway believed. */
function physicalObstacle(
  state: PlantState,
  station: PlantStation,
  bay: PlantBay,
  { motion, evseId }: RunningMotion,
): MotionFailure | null {
  const truck = bay.truckId === null ? undefined : state.trucks[bay.truckId];
  const slot = station.slots.find((slot) => slot.evseId === evseId);
  switch (motion) {
    case 'POSITION':
    case 'MAKE_SAFE':
      return truck ? null : 'OUT_OF_TOLERANCE';
    case 'LIFT':
      return !truck?.packId || bay.grippedPackId !== null || bay.locks.some((lock) => lock === 'LOCKED') ? 'OVERLOAD' : null;
    case 'PLACE':
      return !slot || slot.packId !== null || slot.locked || bay.grippedPackId === null ? 'PATH_BLOCKED' : null;
    case 'PICK':
      return !slot?.packId || slot.locked || bay.grippedPackId !== null || slot.powerW !== 0 ? 'PATH_BLOCKED' : null;
    case 'SEAT':
      return !truck || truck.packId !== null || bay.grippedPackId === null ? 'TRUCK_MOVED' : null;
    case 'SELF_CHECK':
      return truck?.packId ? null : 'NO_HANDSHAKE';
    case 'UNLOCK':
    case 'MOVE_IN':
    case 'MOVE_OUT':
    case 'LOCK':
    case 'RELEASE':
      return null;
  }
}

type Done = { station: PlantStation; bay: PlantBay; motion: RunningMotion };

/** @returns pack whose BMS spoke, or null */
function applyMotion(state: PlantState, world: World, { station, bay, motion }: Done): string | null {
  const truck = bay.truckId === null ? undefined : state.trucks[bay.truckId];
  switch (motion.motion) {
    case 'POSITION': {
      const prng = world.prng.fork(`park:${motion.motionId}`);
      bay.offsetM = prng.uniform(0.002, 0.02);
      bay.angleDeg = prng.uniform(0.05, 0.6);
      bay.parkBrakeOn = true;
      return null;
    }
    case 'MAKE_SAFE':
      bay.chocked = true;
      bay.hvOff = true;
      return null;
    case 'UNLOCK':
      bay.locks = ['UNLOCKED', 'UNLOCKED', 'UNLOCKED', 'UNLOCKED'];
      return null;
    case 'LIFT':
      assert(truck !== undefined, `${bay.id}: lifted from no truck`);
      moveToGantry(state, station, bay, truck.packId);
      bay.seatSensors = 0;
      return null;
    case 'PLACE': {
      const packId = bay.grippedPackId;
      moveToSlot(state, station, bay, motion.evseId);
      return packId;
    }
    case 'PICK': {
      const slot = station.slots.find(({ evseId }) => evseId === motion.evseId);
      moveToGantry(state, station, bay, slot?.packId ?? null);
      return bay.grippedPackId;
    }
    case 'SEAT':
      moveOntoTruck(state, station, bay);
      bay.seatSensors = 4;
      return null;
    case 'LOCK':
      bay.locks = ['LOCKED', 'LOCKED', 'LOCKED', 'LOCKED'];
      return null;
    case 'SELF_CHECK':
      bay.hvOff = false;
      return truck?.packId ?? null;
    case 'RELEASE':
      bay.chocked = false;
      bay.hvOff = false;
      bay.released = true;
      return null;
    case 'MOVE_IN':
    case 'MOVE_OUT':
      return null;
  }
}

function applyFailure(
  state: PlantState,
  world: World,
  { station, bay, motion, failure }: Done & { failure: MotionFailure },
): string | null {
  const prng = world.prng.fork(`failure:${motion.motionId}`);
  if (failure === 'OUT_OF_TOLERANCE') {
    bay.offsetM = prng.uniform(0.035, 0.12);
    bay.angleDeg = prng.uniform(0.4, 2.5);
    bay.parkBrakeOn = true;
  }
  if (failure === 'LOCK_STUCK') {
    const stuck = prng.integer(0, 3);
    const moved = motion.motion === 'UNLOCK' ? 'UNLOCKED' : 'LOCKED';
    bay.locks = [0, 1, 2, 3].map((lock) => (lock === stuck ? (moved === 'UNLOCKED' ? 'LOCKED' : 'UNKNOWN') : moved)) as PlantBay['locks'];
  }
  // Scripted: where the gantry was at fault before, its repair is under way, and may end while it answers.
  if (failure === 'GANTRY_FAULT' && bay.gantryFaultUntilMs <= motion.startedAtMs)
    bay.gantryFaultUntilMs = state.atMs + GANTRY_REPAIR_MEDIAN_MS;
  if (failure === 'NO_HANDSHAKE' && motion.motion === 'PLACE' && bay.grippedPackId !== null) {
    const packId = bay.grippedPackId;
    moveToSlot(state, station, bay, motion.evseId);
    state.faults.push({ kind: 'SILENT_BMS', id: `silent:${motion.motionId}`, packId, untilMs: state.atMs + SILENT_MS });
    return packId;
  }
  if (motion.motion === 'SELF_CHECK' && bay.truckId !== null) return state.trucks[bay.truckId]?.packId ?? null;
  return null;
}
