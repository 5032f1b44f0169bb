import type { Journal, JournalTransaction } from '../journal/journal.ts';
import type { StationEvents } from './station-events.ts';
import { stateKey, statePrefix } from './station-journal-keys.ts';

/** What the platform said last of a slot. */
type Said = {
  isAside: boolean;
  /** When it said so, scope time: what it said before that comes too late. */
  issuedAtMs: number;
  /** Command that waits for the end of a swap which counts on the slot; null: done. */
  waitingId: string | null;
};

/** Slots that the platform set aside: in order, and used by no swap and no charging until it takes them into use again. Kept over restarts. */
export class SlotsSetAside {
  readonly #said = new Map<number, Said>();
  readonly #events: StationEvents;

  constructor(journal: Journal, events: StationEvents) {
    this.#events = events;
    for (const { key, value } of journal.states<Said>(statePrefix.slotAside)) {
      this.#said.set(Number(key.slice(statePrefix.slotAside.length)), value);
    }
  }

  isAside(evseId: number): boolean {
    const said = this.#said.get(evseId);
    return said !== undefined && said.isAside && said.waitingId === null;
  }

  /** Whether the platform has said something else since. */
  isOutdated(evseId: number, issuedAtMs: number): boolean {
    const said = this.#said.get(evseId);
    return said !== undefined && said.issuedAtMs > issuedAtMs;
  }

  isWaiting(commandId: string): boolean {
    return [...this.#said.values()].some(({ waitingId }) => waitingId === commandId);
  }

  /** Slots that are set aside as soon as no swap counts on them. */
  get waiting(): number[] {
    return [...this.#said].flatMap(([evseId, { waitingId }]) => (waitingId === null ? [] : [evseId]));
  }

  /** The newest word counts: a command that still waits is over. */
  say(tx: JournalTransaction, evseId: number, said: Said, nowMs: number): void {
    const waitingId = this.#said.get(evseId)?.waitingId ?? null;
    if (waitingId !== null) this.#events.result(tx, waitingId, { result: 'CANCELLED' }, nowMs);
    this.#put(tx, evseId, said);
  }

  /** The swap is over: does what waited for it, and tells so. */
  carryOut(tx: JournalTransaction, evseId: number, nowMs: number): void {
    const said = this.#said.get(evseId);
    if (said === undefined || said.waitingId === null) return;
    this.#events.result(tx, said.waitingId, { result: 'ACCEPTED' }, nowMs);
    this.#put(tx, evseId, { ...said, waitingId: null });
  }

  #put(tx: JournalTransaction, evseId: number, said: Said): void {
    tx.putState(stateKey.slotAside(evseId), said);
    this.#said.set(evseId, said);
  }
}
