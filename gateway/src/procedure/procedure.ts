import { assertNever, violated } from '@corridor/protocols/assert';
import type { StationReason } from '@corridor/protocols/reason-code';
import type { TruckIdentity } from '../ports/identification.ts';
import type { PanelAct } from '../ports/local-panel.ts';
import type { MotionResult } from '../ports/robot.ts';
import { activeInterlock, beginInterlock, freezeCause, unsafeBecause } from './interlocks.ts';
import { leaveWhenGone, leaveWhenSafe, noPack, ON_RESULT, pickNext, takePack } from './motion-results.ts';
import { chooseDeposit, choosePack, slotOfPack } from './pack-choice.ts';
import type { ProcedureEffect, ProcedureInput, ProcedureWorld } from './procedure-effect.ts';
import { motionIdOf, motionOrderOf, SwapProgress } from './swap-progress.ts';
import { type Authorisation, beginSwap, type Phase, type SwapRecord } from './swap-record.ts';

export type Advanced = { record: SwapRecord; effects: readonly ProcedureEffect[] };

/**
 * The swap procedure of one bay as a pure function: record and input in, record and effects out. It decides nothing by
 * time of its own and does nothing itself, so the same code runs at a station and in planning.
 */
export function advance(record: SwapRecord, input: ProcedureInput, world: ProcedureWorld): Advanced {
  return advanceOwn({ ...record }, input, world);
}

/** As `advance`, for who keeps no earlier record: it is changed itself. A plan advances each swap twenty times, and would copy it each time. */
export function advanceOwn(record: SwapRecord, input: ProcedureInput, world: ProcedureWorld): Advanced {
  const swap = new SwapProgress(record, world);
  handle(swap, input);
  return { record: swap.record, effects: swap.effects };
}

/**
 * A truck docked. The arrival is announced at once, unless a remotely ordered truck is awaited and the plate does not say
 * whether this is the one: then the swap's number is known only after the identification.
 */
export function dock(begin: { bayId: string; localRequestId: number; preauthorisationsOpen: boolean }, world: ProcedureWorld): Advanced {
  const plateAtEntrance = world.bay.plateAtEntrance;
  const remote = plateAtEntrance === null ? null : world.preauthorisation({ truckId: null, plate: plateAtEntrance });
  const record = beginSwap({
    bayId: begin.bayId,
    requestId: remote?.requestId ?? begin.localRequestId,
    initiation: remote ? 'REMOTE' : 'LOCAL',
    plateAtEntrance,
    nowMs: world.nowMs,
  });
  const swap = new SwapProgress(record, world);
  if (remote) swap.record.authorisation = remote.authorisation;
  if (remote || !begin.preauthorisationsOpen) swap.announceArrival();
  swap.enter('IDENTIFY');
  return { record: swap.record, effects: swap.effects };
}

/** What to order again after a restart of the gateway: the record says what it waits for. */
export function effectsAfterRestart(record: SwapRecord, stationId: string): ProcedureEffect[] {
  const effects: ProcedureEffect[] = [];
  if (record.phase === 'IDENTIFY') effects.push({ kind: 'identify' });
  if (record.motionUnderWay) effects.push({ kind: 'move', order: motionOrderOf(record, stationId) });
  if (record.held !== null && record.motionUnderWay) effects.push({ kind: 'freeze' });
  if (record.held !== null) effects.push({ kind: 'prompt', prompt: { kind: 'CONFIRM_RESUME', reasonCode: record.held.reasonCode } });
  if (record.phase === 'CONFIRM_IDENTITY')
    effects.push({ kind: 'prompt', prompt: { kind: 'CONFIRM_IDENTITY', reasonCode: 'IDENTIFICATION_FAILED' } });
  if (record.phase === 'BLOCKED')
    effects.push({ kind: 'prompt', prompt: { kind: 'CLEAR_BAY', reasonCode: record.endReasonCode ?? 'GIVEN_UP' } });
  return effects;
}

function handle(swap: SwapProgress, input: ProcedureInput): void {
  const { record } = swap;
  switch (input.kind) {
    case 'identity.read':
      if (record.phase === 'IDENTIFY') identified(swap, input.identity);
      return;
    case 'authorised':
      if (record.phase === 'AUTHORISE') authorised(swap, input.authorisation);
      return;
    case 'refused':
      if (record.phase === 'AUTHORISE') swap.reject(input.reasonCode, input.detail);
      return;
    case 'motion.ended':
      motionEnded(swap, input.motionId, input.result);
      return;
    case 'sensors.changed':
      sensorsChanged(swap);
      return;
    case 'deadline.reached':
      deadlineReached(swap);
      return;
    case 'panel.acted':
      panelActed(swap, input.act);
      return;
    case 'abort.requested':
      abortRequested(swap, input.reasonCode);
      return;
    default:
      assertNever(input, 'procedure input');
  }
}

/** Two of the three readings, and the truck's id; a remotely ordered truck must also be the ordered one. */
function isIdentified(identity: TruckIdentity, expected: Authorisation | null): boolean {
  const readings = [identity.plate, identity.rfid, identity.vin].filter((reading) => reading !== null).length;
  if (readings < 2 || identity.truckId === null) return false;
  if (expected === null) return true;
  if (identity.truckId !== expected.truckId) return false;
  return identity.plate === expected.plate || (identity.rfid !== null && identity.vin !== null);
}

function identified(swap: SwapProgress, identity: TruckIdentity): void {
  const { record, world } = swap;
  record.identity = identity;
  if (!record.arrivalAnnounced) {
    const remote = world.preauthorisation({ truckId: identity.truckId, plate: identity.plate });
    if (remote) {
      record.requestId = remote.requestId;
      record.initiation = 'REMOTE';
      record.authorisation = remote.authorisation;
    }
    swap.announceArrival();
  }
  if (isIdentified(identity, record.authorisation)) {
    proceedIdentified(swap);
    return;
  }
  swap.enter('CONFIRM_IDENTITY', { deadlineInMs: world.config.confirmIdentityMs });
  swap.effects.push({ kind: 'prompt', prompt: { kind: 'CONFIRM_IDENTITY', reasonCode: 'IDENTIFICATION_FAILED' } });
}

function proceedIdentified(swap: SwapProgress): void {
  const { record, world } = swap;
  swap.announceIdentified();
  if (record.authorisation) authorised(swap, record.authorisation);
  else swap.enter('AUTHORISE', { deadlineInMs: world.authoriseTimeoutMs });
}

/** Why the station cannot begin this swap now, though the platform would: its part of the eleven checks. Null = it can. */
export function beginRefusal(
  wanted: { issuePackId: string; issueEvseId: number },
  world: Pick<ProcedureWorld, 'bay' | 'station' | 'slots' | 'config'>,
): string | null {
  const interlock = beginInterlock(world.bay, world.station, world.config);
  if (interlock !== null) return interlock;
  const promised = { packId: wanted.issuePackId, evseId: wanted.issueEvseId };
  const typeCode = slotOfPack(world.slots, promised)?.pack?.typeCode ?? null;
  if (!choosePack(world.slots, { ...promised, typeCode }, world.config)) return 'NO_BATTERY_AVAILABLE';
  return chooseDeposit(world.slots) ? null : 'NO_EMPTY_SLOT';
}

function authorised(swap: SwapProgress, authorisation: Authorisation): void {
  const { record, world } = swap;
  swap.authorise(authorisation);
  const refusal = beginRefusal(authorisation, world);
  if (refusal !== null) {
    swap.reject(refusal);
    return;
  }
  swap.announce('authorized');
  const wanted = slotOfPack(world.slots, { packId: authorisation.issuePackId, evseId: authorisation.issueEvseId });
  if (wanted !== null) takePack(swap, wanted.evseId, wanted.pack);
  else takePack(swap, authorisation.issueEvseId, null);
  record.depositEvseId = chooseDeposit(world.slots)?.evseId ?? null;
  swap.enter('POSITION');
}

/** A local or remote abort that waited for the motion to end. @returns true when it took the swap over */
function abortAfterMotion(swap: SwapProgress, result: MotionResult): boolean {
  const { phase, abortReasonCode } = swap.record;
  if (abortReasonCode === null) return false;
  const wayBack: Partial<Record<Phase, Phase>> = {
    UNLOCK: 'BACK_LOCK',
    LIFT: result.ok ? 'BACK_SEAT' : 'BACK_LOCK',
    MOVE_IN: 'BACK_MOVE_OUT',
  };
  if (phase === 'POSITION' || phase === 'MAKE_SAFE') swap.abortSafe(abortReasonCode);
  else if (wayBack[phase]) swap.enter(wayBack[phase]);
  else return false;
  return true;
}

function motionEnded(swap: SwapProgress, motionId: string, result: MotionResult): void {
  const { record, world } = swap;
  if (!record.motionUnderWay || motionIdOf(record, world.stationId) !== motionId) return;
  if (record.held !== null) {
    record.held = { ...record.held, lateResult: result };
    return;
  }
  // The interlock may have come in the very moment the motion ended: it stands before anything else moves.
  record.motionUnderWay = false;
  if (!result.ok && result.reason === 'GANTRY_FAULT') {
    swap.holdForRepair('GANTRY_FAULT', `gantry failed in ${record.phase}`);
    return;
  }
  if (abortAfterMotion(swap, result)) return;
  const onResult = ON_RESULT[record.phase];
  if (onResult === undefined) violated(`phase ${record.phase} has no result`);
  onResult(swap, result);
}

const BEFORE_AUTHORISATION: ReadonlySet<Phase> = new Set<Phase>(['IDENTIFY', 'CONFIRM_IDENTITY', 'AUTHORISE']);
const BEFORE_UNLOCK: ReadonlySet<Phase> = new Set<Phase>(['POSITION', 'MAKE_SAFE', 'AWAIT_SAFE']);

function sensorsChanged(swap: SwapProgress): void {
  const { record, world } = swap;
  if (record.held !== null) return;
  const interlock = activeInterlock(record.phase, world.bay, world.station, world.config);
  if (interlock !== null) {
    swap.hold('INTERLOCK', interlock);
    return;
  }
  if (record.motionUnderWay && world.robotFrozen) {
    swap.hold('INTERLOCK', freezeCause(world.bay, world.station));
    return;
  }
  if (record.phase === 'LEAVING' || record.phase === 'BLOCKED') leaveWhenGone(swap);
  else if (!world.bay.truckDocked && BEFORE_AUTHORISATION.has(record.phase)) swap.reject('TRUCK_LEFT');
  else if (!world.bay.truckDocked && BEFORE_UNLOCK.has(record.phase)) abortRequested(swap, 'TRUCK_LEFT');
  else if (record.phase === 'AWAIT_SAFE') leaveWhenSafe(swap);
  else if (record.phase === 'AWAIT_PACK') pickNext(swap);
}

function deadlineReached(swap: SwapProgress): void {
  const { record, world } = swap;
  if (record.held !== null) {
    swap.remind();
    return;
  }
  if (record.deadlineAtMs === null || world.nowMs < record.deadlineAtMs) return;
  record.deadlineAtMs = null;
  if (record.phase === 'CONFIRM_IDENTITY') {
    swap.reject('IDENTIFICATION_FAILED');
  } else if (record.phase === 'AUTHORISE') {
    const offline = world.offlineAuthorisation(record.identity?.truckId ?? null);
    if (offline) authorised(swap, offline);
    else swap.reject('PLATFORM_UNREACHABLE');
  } else if (record.phase === 'AWAIT_SAFE') {
    swap.abortSafe(unsafeBecause(world.bay, world.config) ?? 'NOT_SAFE');
  } else if (record.phase === 'AWAIT_PACK') {
    noPack(swap, 'NO_BATTERY_AVAILABLE');
  }
}

function resume(swap: SwapProgress): void {
  const { record, world } = swap;
  const { held } = record;
  if (held === null) return;
  const interlock = activeInterlock(record.phase, world.bay, world.station, world.config);
  if (interlock !== null) {
    swap.effects.push({ kind: 'prompt', prompt: { kind: 'CONFIRM_RESUME', reasonCode: interlock } });
    return;
  }
  record.held = null;
  if (record.deadlineAtMs !== null) record.deadlineAtMs += world.nowMs - held.sinceMs;
  if (record.ended === null) swap.announce('resumed');
  swap.effects.push({ kind: 'prompt', prompt: null });
  if (record.motionUnderWay) {
    swap.effects.push({ kind: 'unfreeze' });
    if (held.lateResult) motionEnded(swap, motionOrderOf(record, world.stationId).motionId, held.lateResult);
  } else if (record.phase === 'FREE_TRUCK') {
    swap.freeTruck();
  } else if (record.phase === 'AWAIT_SAFE' && record.abortReasonCode !== null) {
    swap.abortSafe(record.abortReasonCode);
  } else if (record.phase === 'AWAIT_SAFE' || record.phase === 'AWAIT_PACK') {
    sensorsChanged(swap);
  } else {
    swap.enter(record.phase, { attempt: held.cause === 'OPERATOR' ? 1 : record.attempt });
  }
}

function panelActed(swap: SwapProgress, act: PanelAct): void {
  const { record } = swap;
  switch (act.kind) {
    case 'RESUME_CONFIRMED':
      resume(swap);
      return;
    case 'IDENTITY_CONFIRMED': {
      if (record.phase !== 'CONFIRM_IDENTITY' || record.identity === null) return;
      swap.effects.push({ kind: 'prompt', prompt: null });
      record.identity = { ...record.identity, truckId: act.truckId, plate: act.plate };
      if (record.authorisation && record.authorisation.truckId !== act.truckId) swap.reject('IDENTIFICATION_FAILED');
      else proceedIdentified(swap);
      return;
    }
    case 'ABORT':
      abortRequested(swap, 'LOCAL_ABORT');
      return;
    case 'GIVEN_UP':
      giveUp(swap, act.detail);
      return;
    case 'QUARANTINE_LIFTED':
      return;
    default:
      assertNever(act, 'panel act');
  }
}

/** People take over: whatever moved stands still, and the bay is theirs until the truck is out of it. */
function giveUp(swap: SwapProgress, detail: string): void {
  const { record } = swap;
  if (record.phase === 'LEAVING' || record.phase === 'BLOCKED') return;
  if (record.motionUnderWay) swap.effects.push({ kind: 'freeze' });
  record.held = null;
  if (record.ended === null) {
    swap.block('failed', { reasonCode: 'GIVEN_UP', recoverable: false, detail: detail.slice(0, 400) });
    return;
  }
  swap.enter('BLOCKED');
  swap.effects.push({ kind: 'prompt', prompt: { kind: 'CLEAR_BAY', reasonCode: 'GIVEN_UP' } });
}

/** Why the platform may not abort this swap any more; null = it may. */
export function abortRefusal(record: SwapRecord): StationReason | null {
  if (record.ended !== null) return 'SWAP_NOT_WAITING';
  const abortable = BEFORE_AUTHORISATION.has(record.phase) || BEFORE_UNLOCK.has(record.phase) || record.phase === 'UNLOCK';
  return abortable ? null : 'SWAP_BEYOND_ABORT';
}

const GOES_BACK: ReadonlySet<Phase> = new Set<Phase>(['POSITION', 'MAKE_SAFE', 'AWAIT_SAFE', 'UNLOCK', 'LIFT', 'MOVE_IN']);

/** Why a person at the station may not abort this swap any more; null = it may. */
export function localAbortRefusal(record: SwapRecord): StationReason | null {
  if (record.ended !== null || record.abortReasonCode !== null) return 'SWAP_NOT_WAITING';
  return BEFORE_AUTHORISATION.has(record.phase) || GOES_BACK.has(record.phase) ? null : 'SWAP_BEYOND_ABORT';
}

/**
 * Before the authorisation: refused. Before the lift: back to the old pack. Once the old pack is in its slot, forward is the
 * only safe way, and the wish is ignored.
 */
function abortRequested(swap: SwapProgress, reasonCode: string): void {
  const { record } = swap;
  if (localAbortRefusal(record) !== null) return;
  if (BEFORE_AUTHORISATION.has(record.phase)) {
    swap.reject(reasonCode);
    return;
  }
  record.abortReasonCode = reasonCode;
  if (record.held !== null || record.motionUnderWay) return;
  swap.abortSafe(reasonCode);
}
