import { swapIdOf } from '@corridor/protocols/ids';
import type { Journal, JournalTransaction } from '../journal/journal.ts';
import { choosePack, type UsableSlot } from '../procedure/pack-choice.ts';
import type { ProcedureConfig } from '../procedure/procedure-config.ts';
import type { Authorisation } from '../procedure/swap-record.ts';
import { stateKey } from './station-journal-keys.ts';

/** Trucks that may be served while the platform cannot be asked, each at most `swapsMax` times until it can be again. */
export type OfflineCreditConfig = { truckIds: readonly string[]; swapsMax: number };
export const NO_OFFLINE_CREDIT: OfflineCreditConfig = { truckIds: [], swapsMax: 2 };

/** Counts swaps on offline credit, over restarts. */
export class OfflineCredit {
  readonly #journal: Journal;
  readonly #config: OfflineCreditConfig;

  constructor(journal: Journal, config: OfflineCreditConfig) {
    this.#journal = journal;
    this.#config = config;
  }

  #used(truckId: string): number {
    return this.#journal.state<number>(stateKey.offlineCredit(truckId)) ?? 0;
  }

  /** The station's own authorisation; null when the truck has no credit (left). */
  authorisation(request: {
    truckId: string | null;
    plate: string | null;
    stationId: string;
    requestId: number;
    returnPackId: string | null;
    idToken: Authorisation['idToken'];
    slots: readonly UsableSlot[];
    config: ProcedureConfig;
  }): Authorisation | null {
    const { truckId, stationId, requestId, plate, returnPackId, idToken } = request;
    if (truckId === null || !this.#config.truckIds.includes(truckId) || this.#used(truckId) >= this.#config.swapsMax) return null;
    const pack = choosePack(request.slots, { packId: '', evseId: 0, typeCode: null }, request.config);
    if (!pack?.pack) return null;
    return {
      commandId: null,
      requestId,
      orderId: swapIdOf(stationId, requestId),
      idToken,
      truckId,
      plate: plate ?? '',
      returnPackId,
      issuePackId: pack.pack.packId,
      issueEvseId: pack.evseId,
      initiation: 'LOCAL',
    };
  }

  use(tx: JournalTransaction, truckId: string): void {
    tx.putState(stateKey.offlineCredit(truckId), this.#used(truckId) + 1);
  }

  /** The platform authorised this truck itself: it has its full credit again. */
  restore(tx: JournalTransaction, truckId: string): void {
    if (this.#used(truckId) > 0) tx.deleteState(stateKey.offlineCredit(truckId));
  }
}
