import type { JournalTransaction } from '../journal/journal.ts';
import type { TimerHandle } from '../ports/clock.ts';
import type { RackSlot } from '../ports/rack.ts';
import { isOutOfUse, type StationCore } from '../station/station-core.ts';
import { ChargeCaps } from './charge-caps.ts';
import { ChargeSessions } from './charge-sessions.ts';
import { sharePower } from './share-power.ts';
import { nextBoundaryMs } from './tariff-boundary.ts';

/** AC to DC of a charger (assumption, docs/domain/physics.md). */
const CHARGER_EFFICIENCY_RATIO = 0.95;
/** Set-points are looked at this often [scope ms], at most {@link TICKS_PER_WALL_S} times a wall second. */
const TICK_SCOPE_MS = 10_000;
const TICKS_PER_WALL_S = 4;
/** Registers are reported at least this often while energy flows [scope ms]. */
const UPDATE_EVERY_MS = 900_000;
/** Smaller changes of a set-point are not worth an order [W]. */
const SETPOINT_STEP_W = 1_000;
/** A full pack is charged again only when it lost this much by itself [percentage points]. */
const RECHARGE_HYSTERESIS_PERCENT = 1;

/** What a command wants of one slot: [W], null what the plan gives; for so long [ms], null until the pack leaves. */
export type ChargeOrder = Readonly<{ powerW: number | null; holdMs: number | null }>;

/**
 * Charges the packs in the rack: up to `maxSocPercent`, all chargers together under the limit of the connection (what PV gives
 * on top is shared too), and reports the energy in transactions cut at every tariff boundary.
 */
export class ChargingController {
  readonly #core: StationCore;
  readonly #sessions: ChargeSessions;
  readonly #caps: ChargeCaps;
  readonly #isReserved: (evseId: number) => boolean;
  readonly #onTick: () => void;
  #unsubscribe: (() => void) | null = null;
  #tickTimer: TimerHandle | null = null;
  #cutTimer: TimerHandle | null = null;
  #cutDueAtMs = 0;
  #inTick = false;

  constructor(core: StationCore, hooks: { isReserved: (evseId: number) => boolean; onTick: () => void }) {
    this.#core = core;
    this.#sessions = new ChargeSessions(core);
    this.#caps = new ChargeCaps(core.journal);
    this.#isReserved = hooks.isReserved;
    this.#onTick = hooks.onTick;
  }

  start(): void {
    const { clock, rack } = this.#core.equipment;
    this.#journal((tx) => this.#sessions.endLeftOver(tx, rack.slots(), clock.nowMs()));
    this.#unsubscribe = rack.onChange(() => this.control());
    this.#scheduleTick();
    this.#scheduleCut();
    this.control();
  }

  stop(): void {
    const { clock } = this.#core.equipment;
    this.#unsubscribe?.();
    for (const timer of [this.#tickTimer, this.#cutTimer]) if (timer !== null) clock.clearTimer(timer);
    this.#tickTimer = null;
    this.#cutTimer = null;
  }

  /** The boundaries may be different now. */
  configChanged(): void {
    this.#scheduleCut();
    this.control();
  }

  /**
   * Caps one slot until its pack leaves or `holdMs` are over; 0 W stops it, null gives it back to the plan. Takes effect at the next
   * {@link control}.
   */
  cap(tx: JournalTransaction, { evseId, packId }: { evseId: number; packId: string }, { powerW, holdMs }: ChargeOrder): void {
    if (powerW === null) return this.#caps.drop(tx, evseId);
    const untilMs = holdMs === null ? null : this.#core.equipment.clock.nowMs() + holdMs;
    this.#caps.set(tx, { evseId, packId, powerW, untilMs });
  }

  /** Are packs charging that could not be? For `tele.slots`. */
  isCharging(evseId: number): boolean {
    return this.#sessions.has(evseId);
  }

  #scheduleTick(): void {
    const { clock } = this.#core.equipment;
    const periodMs = Math.max(TICK_SCOPE_MS, (1_000 / TICKS_PER_WALL_S) * clock.factor());
    this.#tickTimer = clock.setTimer(periodMs, () => {
      this.#scheduleTick();
      this.control();
      this.#onTick();
    });
  }

  #scheduleCut(): void {
    const { clock } = this.#core.equipment;
    if (this.#cutTimer !== null) clock.clearTimer(this.#cutTimer);
    const nowMs = clock.nowMs();
    const boundaryMs = nextBoundaryMs(nowMs, this.#core.config.values.tariffBoundariesMinute) ?? Number.POSITIVE_INFINITY;
    this.#cutDueAtMs = Math.min(boundaryMs, nowMs + UPDATE_EVERY_MS);
    this.#cutTimer = clock.setTimer(this.#cutDueAtMs - nowMs, () => this.#cut());
  }

  /** The event bears the instant of the boundary itself: what a late timer measured too much is a fraction of a second. */
  #cut(): void {
    const { clock, rack } = this.#core.equipment;
    const nowMs = clock.nowMs();
    if (nowMs >= this.#cutDueAtMs) {
      const slots = rack.slots();
      this.#journal((tx) => this.#sessions.update(tx, slots, Math.min(nowMs, this.#cutDueAtMs)));
    }
    this.#scheduleCut();
  }

  #journal(work: (tx: JournalTransaction) => void): void {
    try {
      this.#core.journal.transaction(work);
    } catch (cause) {
      this.#core.fatal(cause);
    }
  }

  /** Looks at every slot: transactions begin and end, set-points follow the limit. */
  control(): void {
    if (this.#inTick) return;
    this.#inTick = true;
    try {
      this.#control();
    } finally {
      this.#inTick = false;
    }
  }

  #control(): void {
    const { rack, clock } = this.#core.equipment;
    const slots = rack.slots();
    const nowMs = clock.nowMs();
    const outlived = this.#caps.outlived(slots, nowMs);
    if (outlived.length > 0) this.#journal((tx) => outlived.forEach((evseId) => this.#caps.drop(tx, evseId)));
    const wanted = slots.filter((slot) => this.#wantsCharge(slot));
    const orphans = this.#sessions.orphans(slots);
    const ending = slots.filter((slot) => this.#sessions.has(slot.evseId) && !wanted.includes(slot) && !orphans.includes(slot));
    const beginning = wanted.filter((slot) => !this.#sessions.has(slot.evseId) || orphans.includes(slot));
    if (orphans.length + ending.length + beginning.length > 0) {
      this.#journal((tx) => {
        for (const slot of orphans) this.#sessions.end(tx, slot, 'PACK_PICKED', nowMs);
        for (const slot of ending) this.#sessions.end(tx, slot, this.#endReason(slot), nowMs);
        for (const slot of beginning) this.#sessions.begin(tx, slot, nowMs);
      });
    }
    this.#setPoints(slots, wanted);
  }

  #wantsCharge(slot: RackSlot): boolean {
    const { pack, evseId } = slot;
    if (pack?.socPercent == null || pack.packId === '' || slot.locked || slot.smoke || isOutOfUse(this.#core, evseId)) return false;
    if (slot.chargingState === 'FAULT' || slot.availablePowerW <= 0 || this.#isReserved(evseId)) return false;
    if (this.#caps.ofSlot(evseId) === 0) return false;
    const { maxSocPercent } = this.#core.config.values;
    const goalPercent = this.#sessions.has(evseId) ? maxSocPercent : maxSocPercent - RECHARGE_HYSTERESIS_PERCENT;
    return pack.socPercent < goalPercent;
  }

  #endReason(slot: RackSlot): 'MAX_SOC' | 'FAULT' | 'STOPPED' | 'PACK_PICKED' {
    if (this.#isReserved(slot.evseId)) return 'PACK_PICKED';
    if ((slot.pack?.socPercent ?? 0) >= this.#core.config.values.maxSocPercent) return 'MAX_SOC';
    return slot.chargingState === 'FAULT' || slot.availablePowerW <= 0 || slot.smoke ? 'FAULT' : 'STOPPED';
  }

  #setPoints(slots: readonly RackSlot[], wanted: readonly RackSlot[]): void {
    const { rack, meters } = this.#core.equipment;
    const { gridLimitW, pv, auxPowerW } = meters.read();
    const { gridLimitW: configuredW, maxSocPercent } = this.#core.config.values;
    const acW = Math.min(gridLimitW, configuredW) + (pv?.powerW ?? 0) - auxPowerW;
    const wishes = wanted.map((slot) => ({
      evseId: slot.evseId,
      wishW: Math.min(slot.availablePowerW, this.#caps.ofSlot(slot.evseId)),
    }));
    const sharesW = sharePower(wishes, acW * CHARGER_EFFICIENCY_RATIO);
    for (const slot of slots) {
      const powerW = sharesW.get(slot.evseId) ?? 0;
      const off = powerW === 0;
      if (off ? slot.setpointW === 0 : Math.abs(slot.setpointW - powerW) < SETPOINT_STEP_W) continue;
      rack.setCharging(slot.evseId, { powerW, untilSocPercent: maxSocPercent });
    }
  }
}
