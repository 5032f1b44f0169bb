import { assertNever } from '@corridor/protocols/assert';
import type { JournalTransaction } from '../journal/journal.ts';
import type { TimerHandle } from '../ports/clock.ts';
import type { BayEquipment } from '../ports/equipment.ts';
import type { MotionOrder } from '../ports/robot.ts';
import { type Advanced, advance, dock, effectsAfterRestart } from '../procedure/procedure.ts';
import type { ProcedureEffect, ProcedureInput, ProcedureWorld } from '../procedure/procedure-effect.ts';
import { idTokenOf, type SwapRecord } from '../procedure/swap-record.ts';
import { isOutOfUse, type StationCore, usableSlots } from './station-core.ts';
import { stateKey } from './station-journal-keys.ts';

/** The platform's answer takes wall time: at least this much of it, whatever the clock's factor. */
const AUTHORISE_TIMEOUT_SCOPE_MS = 60_000;
const AUTHORISE_TIMEOUT_WALL_MS = 20_000;

type Work = { input: ProcedureInput; also: ((tx: JournalTransaction) => void) | null };

/**
 * Runs the procedure of one bay on real equipment: reads the world, takes a step, journals the step with its events in
 * one synced transaction, and only then lets anything move. After a restart it continues from the journalled record.
 */
export class BayController {
  readonly bay: BayEquipment;
  readonly #core: StationCore;
  readonly #reservedByOthers: () => ReadonlySet<number>;
  readonly #onChanged: () => void;
  readonly #unsubscribe: (() => void)[] = [];
  readonly #queue: Work[] = [];
  #record: SwapRecord | null;
  #timer: TimerHandle | null = null;
  #working = false;
  #stopped = false;

  constructor(core: StationCore, bay: BayEquipment, hooks: { reservedByOthers: () => ReadonlySet<number>; onChanged: () => void }) {
    this.#core = core;
    this.bay = bay;
    this.#reservedByOthers = hooks.reservedByOthers;
    this.#onChanged = hooks.onChanged;
    this.#record = core.journal.state<SwapRecord>(stateKey.swap(bay.bayId));
  }

  get record(): SwapRecord | null {
    return this.#record;
  }

  /** Slots that this bay's swap counts on. */
  get reservedEvseIds(): readonly number[] {
    const record = this.#record;
    if (!record || record.ended !== null) return [];
    // The slot that took the old pack may charge it at once; the one the new pack came from may have to take it back.
    const depositEvseId = record.returned === null ? record.depositEvseId : null;
    return [depositEvseId, record.issueEvseId].filter((evseId) => evseId !== null);
  }

  start(): void {
    const { bayId, sensors } = this.bay;
    this.#unsubscribe.push(
      sensors.onChange(() => this.sensorsChanged()),
      this.#core.equipment.panel.onAct((act) => {
        if ('bayId' in act && act.bayId === bayId) this.apply({ kind: 'panel.acted', act });
      }),
    );
    if (this.#record) {
      this.#core.log.info({ bayId, phase: this.#record.phase, requestId: this.#record.requestId }, 'swap goes on after a restart');
      this.#record = this.#withTimeToAnswer(this.#record);
      this.#perform(effectsAfterRestart(this.#record, this.#core.station.id));
      this.#armDeadline();
    }
    this.sensorsChanged();
  }

  /** The platform could not answer while this gateway was down: it gets its time again. */
  #withTimeToAnswer(record: SwapRecord): SwapRecord {
    if (record.phase !== 'AUTHORISE') return record;
    const { nowMs, authoriseTimeoutMs } = this.world();
    return { ...record, deadlineAtMs: nowMs + authoriseTimeoutMs };
  }

  stop(): void {
    this.#stopped = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    if (this.#timer !== null) this.#core.equipment.clock.clearTimer(this.#timer);
    this.#timer = null;
  }

  /** A truck may have docked or left, an interlock or the rack changed. */
  sensorsChanged(): void {
    if (this.#stopped) return;
    if (this.#record) this.apply({ kind: 'sensors.changed' });
    else if (this.bay.sensors.read().truckDocked) this.#dock();
    this.#setEntrance();
  }

  /**
   * Takes an input; `also` is journalled with its step. Inputs that arise during a step wait for its end.
   * @returns false when the gateway cannot go on
   */
  apply(input: ProcedureInput, also: ((tx: JournalTransaction) => void) | null = null): boolean {
    if (this.#stopped) return false;
    this.#queue.push({ input, also });
    if (this.#working) return true;
    this.#working = true;
    try {
      for (let work = this.#queue.shift(); work && !this.#stopped; work = this.#queue.shift()) {
        const taken = work;
        this.#guarded(() => this.#take(taken));
      }
    } finally {
      this.#working = false;
    }
    this.#setEntrance();
    return !this.#stopped;
  }

  #take({ input, also }: Work): void {
    const before = this.#record;
    if (!before) {
      if (also) this.#core.journal.transaction(also);
      return;
    }
    const { record, effects } = advance(before, input, this.world());
    if (effects.length === 0 && also === null && sameFields(before, record)) return;
    this.#commit({ record, effects }, also);
  }

  #dock(): void {
    const { journal, preauthorisations } = this.#core;
    if (this.bay.robot.status().motionId !== null) return;
    this.#guarded(() => {
      const advanced = journal.transaction((tx) => {
        const begin = { bayId: this.bay.bayId, localRequestId: tx.nextRequestId(), preauthorisationsOpen: preauthorisations.size > 0 };
        const docked = dock(begin, this.world());
        tx.openOrder({ requestId: docked.record.requestId, truckId: null, atMs: docked.record.arrivedAtMs, record: docked.record });
        this.#write(tx, null, docked);
        return docked;
      });
      this.#follow(advanced);
    });
  }

  #commit(advanced: Advanced, also: ((tx: JournalTransaction) => void) | null): void {
    const before = this.#record;
    this.#core.journal.transaction((tx) => {
      also?.(tx);
      this.#write(tx, before, advanced);
    });
    this.#follow(advanced);
  }

  /** A journal that cannot be written, or a bug, ends the gateway with the gantry frozen: what moves unseen is not billed. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (cause) {
      this.bay.robot.freeze();
      this.stop();
      this.#core.fatal(cause);
    }
  }

  #write(tx: JournalTransaction, before: SwapRecord | null, { record, effects }: Advanced): void {
    const { events, faults, blocks, preauthorisations, offlineCredit, equipment } = this.#core;
    const nowMs = equipment.clock.nowMs();
    let left = false;
    for (const effect of effects) {
      if (effect.kind === 'event') tx.event(events.of('swap', effect.event, nowMs, effect.data));
      else if (effect.kind === 'result') {
        const statusInfo = effect.statusInfo ? { statusInfo: effect.statusInfo } : {};
        events.result(tx, effect.commandId, { result: effect.result, ...statusInfo }, nowMs);
      } else if (effect.kind === 'fault') faults.raise(tx, effect.fault, nowMs);
      else if (effect.kind === 'quarantine') blocks.block(tx, effect.evseId, effect.reasonCode);
      else if (effect.kind === 'left') left = true;
    }
    const resumed = before?.held != null && record.held === null;
    if (resumed || left) faults.clear(tx, (fault) => fault.scope === 'bay' && fault.scopeId === record.bayId, nowMs);
    if (record.authorisation && !before?.authorisation) {
      preauthorisations.remove(tx, record.requestId);
      if (record.authorisation.commandId === null) offlineCredit.use(tx, record.authorisation.truckId);
      else offlineCredit.restore(tx, record.authorisation.truckId);
    }
    if (record.ended !== null && before?.ended == null) {
      const { requestId, ended } = record;
      tx.closeOrder(record.openedAsRequestId, {
        requestId,
        truckId: record.identity?.truckId ?? null,
        atMs: nowMs,
        outcome: ended,
        record,
      });
    }
    if (left) {
      tx.deleteState(stateKey.swap(record.bayId));
      if (record.ended !== 'completed' && record.authorisation) tx.event(events.of('gateway', 'inventory', nowMs, inventoryOf(this.#core)));
    } else {
      tx.putState(stateKey.swap(record.bayId), record);
    }
  }

  #follow({ record, effects }: Advanced): void {
    this.#record = effects.some(({ kind }) => kind === 'left') ? null : record;
    this.#armDeadline();
    this.#perform(effects);
    this.#onChanged();
    // The next truck may already stand at the barrier of a bay whose record has just been closed.
    if (!this.#record && this.bay.sensors.read().truckDocked) this.#dock();
  }

  #perform(effects: readonly ProcedureEffect[]): void {
    const { equipment } = this.#core;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'identify':
          void this.#identify();
          break;
        case 'move':
          void this.#move(effect.order);
          break;
        case 'freeze':
          this.bay.robot.freeze();
          break;
        case 'unfreeze':
          this.bay.robot.unfreeze();
          break;
        case 'prompt':
          equipment.panel.show(this.bay.bayId, effect.prompt);
          break;
        case 'stop.charging':
          equipment.rack.setCharging(effect.evseId, { powerW: 0, untilSocPercent: 0 });
          break;
        case 'quarantine':
          equipment.rack.setCharging(effect.evseId, { powerW: 0, untilSocPercent: 0 });
          break;
        case 'event':
        case 'result':
        case 'fault':
        case 'left':
          break;
        default:
          assertNever(effect, 'procedure effect');
      }
    }
  }

  async #move(order: MotionOrder): Promise<void> {
    try {
      const result = await this.bay.robot.perform(order);
      this.apply({ kind: 'motion.ended', motionId: order.motionId, result });
    } catch (cause) {
      this.#core.fatal(cause);
    }
  }

  async #identify(): Promise<void> {
    const requestId = this.#record?.requestId;
    try {
      const identity = await this.bay.identification.identify();
      if (this.#record?.requestId === requestId) this.apply({ kind: 'identity.read', identity });
    } catch (cause) {
      this.#core.fatal(cause);
    }
  }

  #armDeadline(): void {
    const { clock } = this.#core.equipment;
    if (this.#timer !== null) clock.clearTimer(this.#timer);
    this.#timer = null;
    const record = this.#record;
    const held = record?.held ?? null;
    const dueAtMs = held === null ? (record?.deadlineAtMs ?? null) : record?.ended == null ? held.remindAtMs : null;
    if (this.#stopped || dueAtMs === null) return;
    this.#timer = clock.setTimer(Math.max(0, dueAtMs - clock.nowMs()), () => {
      this.#timer = null;
      this.apply({ kind: 'deadline.reached' });
      // A clock that was set back in between: the deadline is still ahead.
      if (this.#timer === null) this.#armDeadline();
    });
  }

  #setEntrance(): void {
    const free = this.#record === null && !this.#stopped && this.bay.robot.status().motionId === null;
    this.bay.sensors.setEntrance(free && !this.#core.equipment.sensors.read().emergencyStop);
  }

  /** The world as the procedure sees it now. */
  world(): ProcedureWorld {
    const { equipment, preauthorisations, offlineCredit, station } = this.#core;
    const { clock } = equipment;
    const nowMs = clock.nowMs();
    const config = this.#core.procedureConfig();
    const slots = usableSlots(this.#core, this.#reservedByOthers());
    return {
      stationId: station.id,
      nowMs,
      bay: this.bay.sensors.read(),
      station: equipment.sensors.read(),
      robotFrozen: this.bay.robot.status().frozen,
      slots,
      config,
      authoriseTimeoutMs: Math.max(AUTHORISE_TIMEOUT_SCOPE_MS, AUTHORISE_TIMEOUT_WALL_MS * clock.factor()),
      preauthorisation: (truck) => preauthorisations.find(truck, nowMs),
      offlineAuthorisation: (truckId) => {
        const record = this.#record;
        if (!record) return null;
        const request = {
          truckId,
          plate: record.identity?.plate ?? null,
          stationId: station.id,
          requestId: record.requestId,
          returnPackId: record.identity?.packSerialNumber ?? null,
          idToken: idTokenOf(record),
        };
        return offlineCredit.authorisation({ ...request, slots, config });
      },
    };
  }
}

/** `evt.gateway.inventory`: what stands in the rack. */
export function inventoryOf(core: StationCore): { slots: unknown[] } {
  return {
    slots: core.equipment.rack.slots().map((slot) => ({
      evseId: slot.evseId,
      slotState: isOutOfUse(core, slot.evseId) || slot.locked ? 'UNAVAILABLE' : slot.pack ? 'HOLDS_PACK' : 'EMPTY',
      packId: slot.pack && slot.pack.packId !== '' ? slot.pack.packId : null,
      socPercent: slot.pack?.socPercent ?? null,
      sohPercent: slot.pack?.sohPercent ?? null,
    })),
  };
}

function sameFields(a: SwapRecord, b: SwapRecord): boolean {
  return (Object.keys(b) as (keyof SwapRecord)[]).every((key) => Object.is(a[key], b[key]));
}
