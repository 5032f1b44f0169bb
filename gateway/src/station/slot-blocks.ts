import type { Journal, JournalTransaction } from '../journal/journal.ts';
import { stateKey, statePrefix } from './station-journal-keys.ts';

/** Slots taken out of use, with the reason; kept over restarts. */
export class SlotBlocks {
  readonly #reasons = new Map<number, string>();

  constructor(journal: Journal) {
    for (const { key, value } of journal.states<{ reasonCode: string }>(statePrefix.slotBlock)) {
      this.#reasons.set(Number(key.slice(statePrefix.slotBlock.length)), value.reasonCode);
    }
  }

  isBlocked(evseId: number): boolean {
    return this.#reasons.has(evseId);
  }

  reasonOf(evseId: number): string | null {
    return this.#reasons.get(evseId) ?? null;
  }

  /** By slot number. */
  get all(): { evseId: number; reasonCode: string }[] {
    return [...this.#reasons].map(([evseId, reasonCode]) => ({ evseId, reasonCode })).sort((a, b) => a.evseId - b.evseId);
  }

  block(tx: JournalTransaction, evseId: number, reasonCode: string): void {
    tx.putState(stateKey.slotBlock(evseId), { reasonCode });
    this.#reasons.set(evseId, reasonCode);
  }

  unblock(tx: JournalTransaction, evseId: number): void {
    tx.deleteState(stateKey.slotBlock(evseId));
    this.#reasons.delete(evseId);
  }
}
