import type { Journal, JournalTransaction } from '../journal/journal.ts';
import type { RackSlot } from '../ports/rack.ts';
import { stateKey, statePrefix } from '../station/station-journal-keys.ts';

/**
 * What a command allows one pack at most, until it leaves its slot or `untilMs` [scope time] has come; 0: it is not charged. Journals from
 * before commands had a hold time have no `untilMs`.
 */
type ChargeCap = { evseId: number; packId: string; powerW: number; untilMs?: number | null };

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

  /** Slots whose capped pack is not in them any more, or whose time is over. */
  outlived(slots: readonly RackSlot[], nowMs: number): number[] {
    return slots.flatMap(({ evseId, pack }) => {
      const cap = this.#caps.get(evseId);
      if (cap === undefined) return [];
      const isOver = typeof cap.untilMs === 'number' && nowMs >= cap.untilMs;
      return isOver || cap.packId !== pack?.packId ? [evseId] : [];
    });
  }

  drop(tx: JournalTransaction, evseId: number): void {
    this.#caps.delete(evseId);
    tx.deleteState(stateKey.chargeCap(evseId));
  }
}
