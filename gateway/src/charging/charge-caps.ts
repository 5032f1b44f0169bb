import type { Journal, JournalTransaction } from '../journal/journal.ts';
import type { RackSlot } from '../ports/rack.ts';
import { stateKey, statePrefix } from '../station/station-journal-keys.ts';

/** What a command allows one pack at most, until it leaves its slot; 0: it is not charged. */
type ChargeCap = { evseId: number; packId: string; powerW: number };

/** Caps by `charge.setpoint` and `charge.stop`, in the journal: a restart of the gateway is no reason to charge a pack again. */
export class ChargeCaps {
  readonly #caps = new Map<number, ChargeCap>();

  constructor(journal: Journal) {
    for (const { value } of journal.states<ChargeCap>(statePrefix.chargeCap)) this.#caps.set(value.evseId, value);
  }

  /** [W], infinite where nothing was commanded. */
  ofSlot(evseId: number): number {
    return this.#caps.get(evseId)?.powerW ?? Number.POSITIVE_INFINITY;
  }

  set(tx: JournalTransaction, cap: ChargeCap): void {
    this.#caps.set(cap.evseId, cap);
    tx.putState(stateKey.chargeCap(cap.evseId), cap);
  }

  /** Slots whose capped pack is not in them any more. */
  outlived(slots: readonly RackSlot[]): number[] {
    return slots.flatMap(({ evseId, pack }) => {
      const cap = this.#caps.get(evseId);
      return cap !== undefined && cap.packId !== pack?.packId ? [evseId] : [];
    });
  }

  drop(tx: JournalTransaction, evseId: number): void {
    this.#caps.delete(evseId);
    tx.deleteState(stateKey.chargeCap(evseId));
  }
}
