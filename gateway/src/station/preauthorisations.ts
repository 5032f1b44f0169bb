import type { Journal, JournalTransaction } from '../journal/journal.ts';
import type { Authorisation } from '../procedure/swap-record.ts';
import { stateKey, statePrefix } from './station-journal-keys.ts';

export type Preauthorisation = { requestId: number; authorisation: Authorisation; expiresAtMs: number };

/** Remote orders whose truck has not come yet, by requestId; kept over restarts. */
export class Preauthorisations {
  readonly #open = new Map<number, Preauthorisation>();

  constructor(journal: Journal) {
    for (const { value } of journal.states<Preauthorisation>(statePrefix.preauthorisation)) this.#open.set(value.requestId, value);
  }

  get size(): number {
    return this.#open.size;
  }

  /** By the order in which they came. */
  get all(): readonly Preauthorisation[] {
    return [...this.#open.values()];
  }

  get(requestId: number): Preauthorisation | null {
    return this.#open.get(requestId) ?? null;
  }

  /** Packs that wait for their trucks, by id; they are nobody else's. */
  get promised(): ReadonlyMap<string, Authorisation> {
    return new Map([...this.#open.values()].map(({ authorisation }) => [authorisation.issuePackId, authorisation]));
  }

  /** Is the order of this command still waiting for its truck? */
  has(commandId: string): boolean {
    return [...this.#open.values()].some(({ authorisation }) => authorisation.commandId === commandId);
  }

  /** The live one of a truck, known by its id or else by its plate. */
  find(truck: { truckId: string | null; plate: string | null }, nowMs: number): Preauthorisation | null {
    for (const candidate of this.#open.values()) {
      if (candidate.expiresAtMs <= nowMs) continue;
      const { truckId, plate } = candidate.authorisation;
      if (truck.truckId === null ? truck.plate === plate : truck.truckId === truckId) return candidate;
    }
    return null;
  }

  expired(nowMs: number): Preauthorisation[] {
    return [...this.#open.values()].filter(({ expiresAtMs }) => expiresAtMs <= nowMs);
  }

  add(tx: JournalTransaction, preauthorisation: Preauthorisation): void {
    tx.putState(stateKey.preauthorisation(preauthorisation.requestId), preauthorisation);
    this.#open.set(preauthorisation.requestId, preauthorisation);
  }

  remove(tx: JournalTransaction, requestId: number): void {
    tx.deleteState(stateKey.preauthorisation(requestId));
    this.#open.delete(requestId);
  }
}
