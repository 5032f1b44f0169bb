import type { CommandArgs, CommandVerb } from '@corridor/protocols/cmd/command';
import { slotIdOf } from '@corridor/protocols/ids';
import type { ChargeOrder, ChargingController } from '../charging/charging-controller.ts';
import type { JournalTransaction, StageTwo } from '../journal/journal.ts';
import { isIssuable, type UsableSlot } from '../procedure/pack-choice.ts';
import { abortRefusal, beginRefusal } from '../procedure/procedure.ts';
import type { ProcedureInput } from '../procedure/procedure-effect.ts';
import type { Authorisation } from '../procedure/swap-record.ts';
import { type BayController, inventoryOf } from '../station/bay-controller.ts';
import { type StationCore, usableSlots } from '../station/station-core.ts';

/** What commands act on beside the station's memory. */
export type CommandTarget = {
  bays: readonly BayController[];
  charging: ChargingController;
  /** Follows the platform's clock; null where the clock is given from outside. */
  syncClock: ((sync: { scopeAtMs: number; factor: number }) => void) | null;
  showNotice(notice: { title: string; text: string }): void;
};

type BayInput = { controller: BayController; input: ProcedureInput };
/** What a command is answered and does. `write` and `stageTwo` are journalled with the answer, `after` runs then. */
export type Outcome =
  | { result: 'REJECTED'; reasonCode: string; detail?: string; bay?: BayInput }
  | {
      result: 'ACCEPTED';
      timeoutMs?: number;
      stageTwo?: StageTwo;
      bay?: BayInput;
      write?(tx: JournalTransaction): void;
      after?(): void;
    };

type Handler<V extends CommandVerb> = (
  core: StationCore,
  target: CommandTarget,
  args: CommandArgs<V>,
  command: { commandId: string; issuedAt: string; expiresAt: string },
) => Outcome;

/** A swap may wait for a repair: the platform is told not to expect its end sooner than this [ms]. */
const SWAP_RESULT_TIMEOUT_MS = 7_200_000;
const DONE: StageTwo = { result: 'ACCEPTED' };
const rejected = (reasonCode: string, bay?: BayInput): Outcome => ({ result: 'REJECTED', reasonCode, ...(bay ? { bay } : {}) });

const bayOf = (target: CommandTarget, requestId: number): BayController | null =>
  target.bays.find(({ record }) => record?.requestId === requestId) ?? null;

const startLocal: Handler<'swap.start'> = (_core, target, args, { commandId }) => {
  const controller = bayOf(target, args.requestId);
  if (controller?.record?.phase !== 'AUTHORISE') return rejected('SWAP_NOT_WAITING');
  const refuse = (reasonCode: string) => rejected(reasonCode, { controller, input: { kind: 'refused', reasonCode, detail: null } });
  if (controller.record.identity?.truckId !== args.truckId) return refuse('PLATE_RFID_MISMATCH');
  const refusal = beginRefusal(args, controller.world());
  if (refusal !== null) return refuse(refusal);
  const authorisation: Authorisation = { ...args, commandId };
  return { result: 'ACCEPTED', timeoutMs: SWAP_RESULT_TIMEOUT_MS, bay: { controller, input: { kind: 'authorised', authorisation } } };
};

const startRemote: Handler<'swap.start'> = (core, target, args, { commandId, expiresAt }) => {
  const { preauthorisations, journal, events, equipment } = core;
  if (args.requestId % 2 !== 0 || preauthorisations.get(args.requestId) || journal.hasOrder(args.requestId))
    return rejected('SWAP_NOT_WAITING');
  if (bayOf(target, args.requestId)) return rejected('SWAP_NOT_WAITING');
  const nowMs = equipment.clock.nowMs();
  const earlier = preauthorisations.find({ truckId: args.truckId, plate: null }, nowMs);
  // What the truck was promised before becomes free with the order that this one takes the place of.
  const own = [args.issuePackId, earlier?.authorisation.issuePackId];
  const isFree = ({ promised, pack }: UsableSlot): boolean => !promised || own.includes(pack?.packId);
  if (!usableSlots(core, new Set()).some((slot) => isFree(slot) && isIssuable(slot, core.procedureConfig())))
    return rejected('NO_BATTERY_AVAILABLE');
  const authorisation: Authorisation = { ...args, commandId };
  return {
    result: 'ACCEPTED',
    timeoutMs: SWAP_RESULT_TIMEOUT_MS,
    write: (tx) => {
      if (earlier) {
        preauthorisations.remove(tx, earlier.requestId);
        if (earlier.authorisation.commandId !== null) events.result(tx, earlier.authorisation.commandId, { result: 'CANCELLED' }, nowMs);
      }
      preauthorisations.add(tx, { requestId: args.requestId, authorisation, expiresAtMs: Date.parse(expiresAt) });
    },
  };
};

/** Takes back a remote order whose truck has not come; null when there is none. */
function cancelPreauthorisation(core: StationCore, requestId: number): Outcome | null {
  const waiting = core.preauthorisations.get(requestId);
  if (!waiting) return null;
  return {
    result: 'ACCEPTED',
    stageTwo: DONE,
    write: (tx) => {
      core.preauthorisations.remove(tx, requestId);
      const { commandId } = waiting.authorisation;
      if (commandId !== null) core.events.result(tx, commandId, { result: 'CANCELLED' }, core.equipment.clock.nowMs());
    },
  };
}

const rejectSwap: Handler<'swap.reject'> = (core, target, { requestId, reasonCode, detail }) => {
  const cancelled = cancelPreauthorisation(core, requestId);
  if (cancelled) return cancelled;
  const controller = bayOf(target, requestId);
  if (controller?.record?.phase !== 'AUTHORISE') return rejected('SWAP_NOT_WAITING');
  return { result: 'ACCEPTED', stageTwo: DONE, bay: { controller, input: { kind: 'refused', reasonCode, detail: detail ?? null } } };
};

const abortSwap: Handler<'swap.abort'> = (core, target, { requestId, reasonCode }) => {
  const cancelled = cancelPreauthorisation(core, requestId);
  if (cancelled) return cancelled;
  const controller = bayOf(target, requestId);
  if (!controller?.record) return rejected('SWAP_NOT_WAITING');
  const refusal = abortRefusal(controller.record);
  if (refusal !== null) return rejected(refusal);
  return { result: 'ACCEPTED', stageTwo: DONE, bay: { controller, input: { kind: 'abort.requested', reasonCode } } };
};

/** Frozen motion restarts after a local confirmation, never by a remote command. */
const resumeSwap: Handler<'swap.resume'> = (_core, target, { requestId }) =>
  rejected(bayOf(target, requestId)?.record?.held ? 'LOCAL_CONFIRMATION_REQUIRED' : 'SWAP_NOT_WAITING');

/** A command about one slot: refused when there is no such slot, or when a swap counts on it. */
function onSlot(core: StationCore, target: CommandTarget, evseId: number, act: () => Outcome): Outcome {
  if (!core.equipment.rack.slots().some((slot) => slot.evseId === evseId)) return rejected('EVSE_UNKNOWN');
  if (target.bays.some(({ reservedEvseIds }) => reservedEvseIds.includes(evseId))) return rejected('SLOT_IN_USE');
  return act();
}

/**
 * Sets a slot aside, or takes it into use again. One that a swap counts on is set aside when the swap is over: stage 2 comes then. Words of
 * the platform may come in another order than it said them, after a lost connection: the newest counts.
 */
const setAvailability: Handler<'slot.availability'> = (core, target, { evseId, operationalStatus }, { commandId, issuedAt }) => {
  const { setAside, equipment } = core;
  const issuedAtMs = Date.parse(issuedAt);
  if (!equipment.rack.slots().some((slot) => slot.evseId === evseId)) return rejected('EVSE_UNKNOWN');
  if (setAside.isOutdated(evseId, issuedAtMs)) return rejected('COMMAND_SUPERSEDED');
  const isAside = operationalStatus === 'INOPERATIVE';
  const waits = isAside && target.bays.some(({ reservedEvseIds }) => reservedEvseIds.includes(evseId));
  return {
    result: 'ACCEPTED',
    ...(waits ? { timeoutMs: SWAP_RESULT_TIMEOUT_MS } : { stageTwo: DONE }),
    write: (tx) => setAside.say(tx, evseId, { isAside, issuedAtMs, waitingId: waits ? commandId : null }, equipment.clock.nowMs()),
    after: () => target.charging.control(),
  };
};

/** Journalled with the answer, so that it holds after a restart too; refused where there is no pack that it could be about. */
function capped(core: StationCore, target: CommandTarget, evseId: number, order: ChargeOrder): Outcome {
  return onSlot(core, target, evseId, () => {
    const packId = core.equipment.rack.slots().find((slot) => slot.evseId === evseId)?.pack?.packId;
    if (packId === undefined) return rejected('SLOT_EMPTY');
    return {
      result: 'ACCEPTED',
      stageTwo: DONE,
      write: (tx) => target.charging.cap(tx, { evseId, packId }, order),
      after: () => target.charging.control(),
    };
  });
}

export const HANDLERS: { readonly [V in CommandVerb]: Handler<V> } = {
  'swap.start': (core, target, args, command) =>
    args.initiation === 'LOCAL' ? startLocal(core, target, args, command) : startRemote(core, target, args, command),
  'swap.reject': rejectSwap,
  'swap.abort': abortSwap,
  'swap.resume': resumeSwap,
  'slot.lock': (core, target, { evseId }) =>
    onSlot(core, target, evseId, () => ({ result: 'ACCEPTED', stageTwo: DONE, after: () => core.equipment.rack.setLock(evseId, true) })),
  'slot.unlock': (core, target, { evseId }) =>
    onSlot(core, target, evseId, () => ({
      result: 'ACCEPTED',
      stageTwo: DONE,
      write: (tx) => liftBlock(core, tx, evseId),
      after: () => core.equipment.rack.setLock(evseId, false),
    })),
  'slot.quarantine': (core, target, { evseId, reasonCode }) =>
    onSlot(core, target, evseId, () => ({
      result: 'ACCEPTED',
      stageTwo: DONE,
      write: (tx) => core.blocks.block(tx, evseId, reasonCode),
      after: () => target.charging.control(),
    })),
  'slot.availability': setAvailability,
  'charge.setpoint': (core, target, { evseId, powerW, holdMs = null }) =>
    powerW !== null && powerW < 0 ? rejected('VALUE_OUT_OF_RANGE') : capped(core, target, evseId, { powerW, holdMs }),
  'charge.stop': (core, target, { evseId, holdMs = null }) => capped(core, target, evseId, { powerW: 0, holdMs }),
  'config.get': (core, _target, { keys }) => {
    const { values } = core.config;
    const detail = Object.fromEntries(Object.entries(values).filter(([key]) => keys.length === 0 || keys.includes(key)));
    return { result: 'ACCEPTED', stageTwo: { result: 'ACCEPTED', detail } };
  },
  'config.set': (core, target, { values }) => {
    const refusal = core.config.refusalOf(values);
    if (refusal !== null) return rejected(refusal);
    return { result: 'ACCEPTED', stageTwo: DONE, write: (tx) => core.config.set(tx, values), after: () => target.charging.configChanged() };
  },
  'inventory.report': (core) => ({
    result: 'ACCEPTED',
    stageTwo: DONE,
    write: (tx) => void tx.event(core.events.of('gateway', 'inventory', core.equipment.clock.nowMs(), inventoryOf(core))),
  }),
  'time.sync': (_core, target, { scopeAt, factor }) => ({
    result: 'ACCEPTED',
    stageTwo: DONE,
    after: () => target.syncClock?.({ scopeAtMs: Date.parse(scopeAt), factor }),
  }),
  'notify.show': (_core, target, { title, text }) => ({
    result: 'ACCEPTED',
    stageTwo: DONE,
    after: () => target.showNotice({ title, text }),
  }),
};

/** Puts a slot back into use and clears its faults, those of the pack in it, and those of packs that stand in this rack no more. */
export function liftBlock(core: StationCore, tx: JournalTransaction, evseId: number): void {
  const slotId = slotIdOf(core.station.id, evseId);
  const slots = core.equipment.rack.slots();
  // One whose BMS is silent may be it.
  const isElsewhere = (packId: string) => slots.every(({ pack }) => pack === null || (pack.packId !== '' && pack.packId !== packId));
  const packId = slots.find((slot) => slot.evseId === evseId)?.pack?.packId;
  core.blocks.unblock(tx, evseId);
  core.faults.clear(
    tx,
    ({ scope, scopeId, code }) =>
      (scope === 'slot' && scopeId === slotId && code !== 'CHARGER_DOWN') ||
      (scope === 'pack' && (scopeId === packId || isElsewhere(scopeId))),
    core.equipment.clock.nowMs(),
  );
}
