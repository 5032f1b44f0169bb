import type { CHARGE_END_REASONS, ChargeEventData } from '@corridor/protocols/evt/charge';
import type { JournalTransaction } from '../journal/journal.ts';
import type { RackSlot } from '../ports/rack.ts';
import type { StationCore } from '../station/station-core.ts';
import { stateKey, statePrefix } from '../station/station-journal-keys.ts';

/** A charging transaction that is open: what it began with, and what was last said about it. */
type ChargeSession = {
  transactionId: string;
  evseId: number;
  packId: string;
  gridBaseWh: number;
  pvBaseWh: number;
  last: { gridWh: number; pvWh: number; socPercent: number; sohPercent: number; atMs: number };
};
type EndReason = (typeof CHARGE_END_REASONS)[number];

/**
 * Charging transactions of the rack: `evt.charge.*` with cumulative registers. An open one survives a restart in the journal;
 * it is then ended with the registers of the meter, which counted on, and a new one begins.
 */
export class ChargeSessions {
  readonly #core: StationCore;
  readonly #open = new Map<number, ChargeSession>();
  #count = 0;

  constructor(core: StationCore) {
    this.#core = core;
    for (const { value } of core.journal.states<ChargeSession>(statePrefix.charge)) this.#open.set(value.evseId, value);
  }

  has(evseId: number): boolean {
    return this.#open.has(evseId);
  }

  /** Ends what the boot before left open. */
  endLeftOver(tx: JournalTransaction, slots: readonly RackSlot[], nowMs: number): void {
    for (const session of this.#open.values()) {
      this.#end(tx, session, slots.find(({ evseId }) => evseId === session.evseId) ?? null, 'OTHER', nowMs);
    }
  }

  begin(tx: JournalTransaction, slot: RackSlot, nowMs: number): void {
    const { pack } = slot;
    if (!pack || pack.packId === '') return;
    this.#count += 1;
    const session: ChargeSession = {
      transactionId: `${this.#core.station.id}-${this.#core.journal.bootId}-c${this.#count}`,
      evseId: slot.evseId,
      packId: pack.packId,
      gridBaseWh: slot.gridRegisterWh,
      pvBaseWh: slot.pvRegisterWh,
      last: { gridWh: 0, pvWh: 0, socPercent: pack.socPercent ?? 0, sohPercent: pack.sohPercent ?? 0, atMs: nowMs },
    };
    this.#open.set(slot.evseId, session);
    this.#tell(tx, 'started', session, null, nowMs);
  }

  /** Registers now, when energy flowed since they were last told. */
  update(tx: JournalTransaction, slots: readonly RackSlot[], nowMs: number): void {
    for (const session of this.#open.values()) {
      const slot = slots.find(({ evseId }) => evseId === session.evseId);
      if (!slot || !this.#read(session, slot, nowMs)) continue;
      this.#tell(tx, 'updated', session, null, nowMs);
    }
  }

  end(tx: JournalTransaction, slot: RackSlot, reason: EndReason, nowMs: number): void {
    const session = this.#open.get(slot.evseId);
    if (session) this.#end(tx, session, slot, reason, nowMs);
  }

  /** Open sessions whose pack is not in the slot any more. */
  orphans(slots: readonly RackSlot[]): RackSlot[] {
    return slots.filter((slot) => {
      const session = this.#open.get(slot.evseId);
      return session !== undefined && slot.pack?.packId !== session.packId;
    });
  }

  /** @returns true when energy flowed since the last report */
  #read(session: ChargeSession, slot: RackSlot, nowMs: number): boolean {
    const same = slot.pack?.packId === session.packId ? slot.pack : null;
    const gridWh = Math.max(session.last.gridWh, Math.floor(slot.gridRegisterWh) - Math.floor(session.gridBaseWh));
    const pvWh = Math.max(session.last.pvWh, Math.floor(slot.pvRegisterWh) - Math.floor(session.pvBaseWh));
    const flowed = gridWh > session.last.gridWh || pvWh > session.last.pvWh;
    const { socPercent, sohPercent } = session.last;
    session.last = { gridWh, pvWh, socPercent: same?.socPercent ?? socPercent, sohPercent: same?.sohPercent ?? sohPercent, atMs: nowMs };
    return flowed;
  }

  #end(tx: JournalTransaction, session: ChargeSession, slot: RackSlot | null, reason: EndReason, nowMs: number): void {
    if (slot) this.#read(session, slot, nowMs);
    this.#open.delete(session.evseId);
    this.#tell(tx, 'ended', session, reason, nowMs);
  }

  #tell(
    tx: JournalTransaction,
    event: 'started' | 'updated' | 'ended',
    session: ChargeSession,
    reason: EndReason | null,
    nowMs: number,
  ): void {
    const { transactionId, evseId, packId, last } = session;
    const data: ChargeEventData = {
      transactionId,
      evseId,
      packId,
      gridRegisterWh: last.gridWh,
      pvRegisterWh: last.pvWh,
      socPercent: last.socPercent,
      sohPercent: last.sohPercent,
      reason,
    };
    tx.event(this.#core.events.of('charge', event, nowMs, data));
    if (event === 'ended') tx.deleteState(stateKey.charge(evseId));
    else tx.putState(stateKey.charge(evseId), session);
  }
}
