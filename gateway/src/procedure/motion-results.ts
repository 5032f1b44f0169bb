import { assert } from '@corridor/protocols/assert';
import type { MotionResult } from '../ports/robot.ts';
import { allLocks, isPositioned, unsafeBecause } from './interlocks.ts';
import { chooseDeposit, choosePackForBare, isIssuable, returnedPackProblem, slotAt } from './pack-choice.ts';
import { batteryDataOf, type SwapProgress } from './swap-progress.ts';
import type { Phase, SwapRecord } from './swap-record.ts';

type Result = MotionResult;
type OnResult = (swap: SwapProgress, result: Result) => void;

function retryOr(swap: SwapProgress, triesMax: number, otherwise: () => void): void {
  const { phase, attempt } = swap.record;
  if (attempt < triesMax) swap.enter(phase, { attempt: attempt + 1 });
  else otherwise();
}

function positioned(swap: SwapProgress, result: Result): void {
  const { world } = swap;
  if (!result.ok || !isPositioned(world.bay, world.config)) {
    retryOr(swap, world.config.positionTriesMax, () => swap.abortSafe('POSITION_OUT_OF_TOLERANCE'));
    return;
  }
  swap.announce('positioned');
  swap.enter('MAKE_SAFE');
}

function madeSafe(swap: SwapProgress): void {
  swap.enter('AWAIT_SAFE', { deadlineInMs: swap.world.config.unsafeHoldMs });
  leaveWhenSafe(swap);
}

/** Step 4 ends when the sensors agree; until then it waits, at most `unsafeHoldMs`. */
export function leaveWhenSafe(swap: SwapProgress): void {
  const { record, world } = swap;
  if (unsafeBecause(world.bay, world.config) !== null) return;
  swap.announce('made_safe');
  if (world.nowMs > (record.authorisedAtMs ?? world.nowMs) + world.config.timeoutInMs) {
    swap.abortSafe('TIMEOUT_IN');
    return;
  }
  const deposit = chooseDeposit(world.slots);
  if (!deposit) {
    swap.abortSafe('NO_EMPTY_SLOT');
    return;
  }
  record.depositEvseId = deposit.evseId;
  swap.enter('UNLOCK');
}

function unlocked(swap: SwapProgress, result: Result): void {
  if (!result.ok || !allLocks(swap.world.bay, 'UNLOCKED')) {
    retryOr(swap, swap.world.config.unlockTriesMax, () => {
      swap.record.abortReasonCode = 'LOCK_STUCK';
      swap.enter('BACK_LOCK');
    });
    return;
  }
  swap.announce('unlocked');
  swap.enter('LIFT');
}

function lifted(swap: SwapProgress, result: Result): void {
  const { record, world } = swap;
  const { loadKg } = world.bay;
  if (result.ok && loadKg >= world.config.gripLoadKgMin && loadKg <= world.config.gripLoadKgMax) {
    swap.announce('lifted');
    swap.enter('MOVE_IN');
    return;
  }
  record.abortReasonCode = 'LIFT_FAILED';
  swap.fault({
    code: 'LIFT_FAILED',
    level: 2,
    scope: 'bay',
    scopeId: record.bayId,
    detail: result.ok ? `load ${loadKg} kg` : result.reason,
  });
  // A lift that failed has set the pack down again; a lift with a wrong load has not.
  swap.enter(result.ok ? 'BACK_SEAT' : 'BACK_LOCK');
}

function movedIn(swap: SwapProgress, result: Result): void {
  const { record, world } = swap;
  if (!result.ok) {
    swap.holdForRepair(result.reason, 'gantry stopped on its way to the slot');
    return;
  }
  const meant = slotAt(world.slots, record.depositEvseId);
  const stillFit = meant !== null && chooseDeposit([meant]) !== null;
  const other = stillFit ? meant : chooseDeposit(world.slots);
  if (!other) {
    record.abortReasonCode = 'NO_EMPTY_SLOT';
    swap.enter('BACK_MOVE_OUT');
    return;
  }
  record.depositEvseId = other.evseId;
  if (!stillFit) {
    swap.enter('MOVE_IN');
    return;
  }
  swap.announce('moved_in');
  swap.enter('PLACE');
}

function placed(swap: SwapProgress, result: Result): void {
  const { record, world } = swap;
  if (!result.ok && result.reason !== 'NO_HANDSHAKE') {
    swap.holdForRepair(result.reason, 'gantry stopped while placing the pack');
    return;
  }
  const { authorisation, identity, depositEvseId } = record;
  assert(depositEvseId !== null && authorisation !== null, 'placed without a slot or an authorisation');
  const slot = slotAt(world.slots, depositEvseId);
  const pack = result.ok ? result.pack : null;
  const problem = returnedPackProblem(pack, slot?.smoke ?? false, authorisation.returnPackId, world.config);
  if (problem !== null) {
    const level = problem === 'PACK_HOT' || problem === 'SMOKE' ? 3 : 2;
    swap.quarantine(depositEvseId, problem);
    swap.fault({
      code: problem,
      level,
      scope: 'slot',
      scopeId: `${world.stationId}-${depositEvseId}`,
      detail: `returned pack ${pack?.packId ?? 'silent'}`,
    });
  }
  record.returned = batteryDataOf(depositEvseId, pack, {
    packId: identity?.packSerialNumber ?? authorisation.returnPackId ?? 'UNKNOWN',
    socPercent: identity?.packSocPercent ?? 0,
    sohPercent: identity?.packSohPercent ?? 0,
  });
  swap.announceBattery('battery_in', record.returned);
  pickNext(swap);
}

/** Step 9: the reserved pack, else the next eligible one, else wait for one until Timeout[Out]. */
export function pickNext(swap: SwapProgress): void {
  const { record, world } = swap;
  const { authorisation } = record;
  assert(authorisation !== null, 'picking without an authorisation');
  const returnedType = slotAt(world.slots, record.depositEvseId)?.pack?.typeCode ?? null;
  const typeCode = record.issuePack?.typeCode ?? returnedType;
  const { issuePackId: packId, issueEvseId: evseId } = authorisation;
  const wanted = { packId, evseId, typeCode, notPackId: record.returned?.serialNumber ?? null };
  const slot = choosePackForBare(world.slots, wanted, world.config);
  if (slot) {
    takePack(swap, slot.evseId, slot.pack);
    swap.effects.push({ kind: 'stop.charging', evseId: slot.evseId });
    swap.enter('PICK');
    return;
  }
  if (record.phase === 'AWAIT_PACK') return;
  swap.enter('AWAIT_PACK', { deadlineInMs: world.config.timeoutOutMs });
}

/** Notes the pack that is meant for the truck. */
export function takePack(swap: SwapProgress, evseId: number, pack: SwapRecord['issuePack']): void {
  const { record } = swap;
  record.issueEvseId = evseId;
  record.issuePack = pack;
  record.issued = batteryDataOf(evseId, pack, { packId: record.authorisation?.issuePackId ?? 'UNKNOWN', socPercent: 0, sohPercent: 0 });
}

function picked(swap: SwapProgress, result: Result): void {
  const { record, world } = swap;
  assert(record.issueEvseId !== null, 'picked without a slot');
  if (!result.ok) {
    if (result.reason === 'PACK_FAULT') {
      swap.quarantine(record.issueEvseId, 'PACK_FAULT');
      anotherPack(swap, () => pickAnother(swap));
    } else {
      swap.holdForRepair(result.reason, 'gantry stopped while picking');
    }
    return;
  }
  const pack = result.pack ?? record.issuePack;
  takePack(swap, record.issueEvseId, pack);
  const slot = slotAt(world.slots, record.issueEvseId);
  if (!slot || !isIssuable({ ...slot, pack, locked: false, doorOpen: false }, world.config)) {
    swap.quarantine(record.issueEvseId, 'NOT_ELIGIBLE');
    anotherPack(swap, () => swap.enter('RETURN_MOVE_IN'));
    return;
  }
  swap.announce('picked');
  swap.enter('MOVE_OUT');
}

/** Counts a pack that proved bad; after too many the truck stays without one. */
function anotherPack(swap: SwapProgress, next: () => void): void {
  const { record, world } = swap;
  record.redos += 1;
  record.afterReturn = record.redos > world.config.redosMax ? 'NO_PACK' : 'NEXT_PACK';
  next();
}

function pickAnother(swap: SwapProgress): void {
  if (swap.record.afterReturn === 'NO_PACK') noPack(swap, 'NO_BATTERY_AVAILABLE');
  else pickNext(swap);
}

/** No pack for this truck: Timeout[Out]. */
export function noPack(swap: SwapProgress, reasonCode: string): void {
  swap.block('battery_out_timeout', { reasonCode, recoverable: false });
}

function movedOut(swap: SwapProgress, result: Result): void {
  const { world } = swap;
  if (!result.ok) {
    swap.holdForRepair(result.reason, 'gantry stopped on its way to the truck');
    return;
  }
  if (!isPositioned(world.bay, world.config) || unsafeBecause(world.bay, world.config) !== null) {
    swap.holdForRepair('TRUCK_MOVED', 'truck is not where it stood, or not safe any more');
    return;
  }
  swap.announce('moved_out');
  swap.enter('SEAT');
}

function seated(swap: SwapProgress, result: Result): void {
  const { record, world } = swap;
  const { loadKg, seatSensors } = world.bay;
  if (result.ok && loadKg < world.config.seatedLoadKgMax && seatSensors === 4) {
    swap.announce('seated');
    swap.enter('LOCK');
    return;
  }
  if (!result.ok && result.reason !== 'MISALIGNED') {
    swap.holdForRepair(result.reason, 'gantry stopped while seating');
    return;
  }
  if (record.reseats + 1 < world.config.seatTriesMax) {
    record.reseats += 1;
    // A pack that stands wrongly is lifted first; one that was not set down hangs already.
    if (result.ok) swap.enter('RESEAT_LIFT');
    else swap.enter('SEAT', { attempt: record.reseats + 1 });
    return;
  }
  record.afterReturn = 'NO_PACK';
  record.abortReasonCode = 'SEATING_FAILED';
  swap.enter(result.ok ? 'REDO_LIFT' : 'RETURN_MOVE_IN');
}

function locked(swap: SwapProgress, result: Result): void {
  const { record, world } = swap;
  if (result.ok && allLocks(world.bay, 'LOCKED')) {
    swap.announce('locked');
    swap.enter('SELF_CHECK');
    return;
  }
  if (record.reseats + 1 < world.config.seatTriesMax) {
    record.reseats += 1;
    swap.enter('RESEAT_UNLOCK');
    return;
  }
  record.afterReturn = 'NO_PACK';
  record.abortReasonCode = 'LOCK_NOT_CONFIRMED';
  swap.enter('REDO_UNLOCK');
}

function selfChecked(swap: SwapProgress, result: Result): void {
  const { record } = swap;
  assert(record.issueEvseId !== null && record.issuePack !== null, 'self-check without a pack');
  if (result.ok && result.pack !== null && result.pack.packId === record.issuePack.packId) {
    record.issued = batteryDataOf(record.issueEvseId, result.pack, { packId: result.pack.packId, socPercent: 0, sohPercent: 0 });
    swap.announceBattery('battery_out', record.issued);
    swap.enter('RELEASE');
    return;
  }
  const detail = result.ok ? `BMS says ${result.pack?.packId ?? 'nothing'}` : result.reason;
  swap.fault({ code: 'SELF_CHECK_FAILED', level: 2, scope: 'pack', scopeId: record.issuePack.packId, detail });
  record.abortReasonCode = 'SELF_CHECK_FAILED';
  swap.quarantine(record.issueEvseId, 'SELF_CHECK_FAILED');
  anotherPack(swap, () => swap.enter('REDO_UNLOCK'));
}

function released(swap: SwapProgress, result: Result): void {
  if (!result.ok) {
    swap.holdForRepair(result.reason, 'gantry does not park');
    return;
  }
  swap.announce('released');
  swap.end('completed', null);
  swap.enter('LEAVING');
  leaveWhenGone(swap);
}

function truckFreed(swap: SwapProgress, result: Result): void {
  if (!result.ok) {
    swap.holdForRepair(result.reason, 'gantry does not park');
    return;
  }
  swap.enter('LEAVING');
  leaveWhenGone(swap);
}

/** LEAVING and BLOCKED end when the truck is out of the bay. */
export function leaveWhenGone(swap: SwapProgress): void {
  if (!swap.world.bay.truckDocked) swap.effects.push({ kind: 'prompt', prompt: null }, { kind: 'left' });
}

function lockedBack(swap: SwapProgress, result: Result): void {
  const { world, record } = swap;
  if (result.ok && allLocks(world.bay, 'LOCKED')) {
    swap.abortSafe(record.abortReasonCode ?? 'LOCAL_ABORT');
    return;
  }
  retryOr(swap, world.config.unlockTriesMax, () => swap.holdForRepair('LOCK_NOT_CONFIRMED', 'locks of the old pack are not confirmed'));
}

/** A way back that only goes on when it succeeded; else a person looks at it and has it tried again. */
const backThen =
  (next: Phase): OnResult =>
  (swap, result) => {
    if (result.ok) swap.enter(next);
    else swap.holdForRepair(result.reason, `gantry stopped in ${swap.record.phase}`);
  };

/** The picked or rejected pack stands in its slot again (a silent BMS included: that pack was bad anyway). */
function packReturned(swap: SwapProgress, result: Result): void {
  const { record } = swap;
  if (!result.ok && result.reason !== 'NO_HANDSHAKE') {
    swap.holdForRepair(result.reason, 'gantry stopped while putting the pack back');
  } else if (record.afterReturn === 'NEXT_PACK') {
    pickNext(swap);
  } else if (record.abortReasonCode === 'SEATING_FAILED' || record.abortReasonCode === 'LOCK_NOT_CONFIRMED') {
    swap.block('aborted_no_pack', { reasonCode: record.abortReasonCode, recoverable: false });
  } else {
    noPack(swap, record.abortReasonCode ?? 'NO_BATTERY_AVAILABLE');
  }
}

function redoUnlocked(swap: SwapProgress, result: Result, next: Phase): void {
  if (result.ok && allLocks(swap.world.bay, 'UNLOCKED')) swap.enter(next);
  else retryOr(swap, swap.world.config.unlockTriesMax, () => swap.holdForRepair('LOCK_STUCK', 'locks of the new pack do not open'));
}

/** What follows a motion, by the phase that ordered it. A gantry fault is the same in every phase: repair, then again. */
export const ON_RESULT: Readonly<Partial<Record<Phase, OnResult>>> = {
  POSITION: positioned,
  MAKE_SAFE: madeSafe,
  UNLOCK: unlocked,
  LIFT: lifted,
  MOVE_IN: movedIn,
  PLACE: placed,
  PICK: picked,
  MOVE_OUT: movedOut,
  SEAT: seated,
  LOCK: locked,
  RESEAT_UNLOCK: (swap, result) => {
    if (result.ok && allLocks(swap.world.bay, 'UNLOCKED')) swap.enter('RESEAT_LIFT');
    else retryOr(swap, swap.world.config.unlockTriesMax, () => swap.holdForRepair('LOCK_STUCK', 'locks of the new pack do not open'));
  },
  RESEAT_LIFT: (swap, result) => {
    if (result.ok) swap.enter('SEAT', { attempt: swap.record.reseats + 1 });
    else swap.holdForRepair(result.reason, 'gantry stopped while lifting the pack again');
  },
  SELF_CHECK: selfChecked,
  RELEASE: released,
  BACK_MOVE_OUT: backThen('BACK_SEAT'),
  BACK_SEAT: backThen('BACK_LOCK'),
  BACK_LOCK: lockedBack,
  RETURN_MOVE_IN: backThen('RETURN_PLACE'),
  RETURN_PLACE: packReturned,
  REDO_UNLOCK: (swap, result) => redoUnlocked(swap, result, 'REDO_LIFT'),
  REDO_LIFT: backThen('REDO_MOVE_IN'),
  REDO_MOVE_IN: backThen('REDO_PLACE'),
  REDO_PLACE: packReturned,
  FREE_TRUCK: truckFreed,
};
