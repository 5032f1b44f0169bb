import type { Fen } from '../ledger/fen.ts';
import type { RatingTerms } from './rating-terms.ts';

/** Part of a carrier's package that is kept for one order; what is not used goes back. */
export interface PackageGrant {
  packageId: string;
  unit: 'Wh' | 'swap';
  /** > 0 */
  quantity: bigint;
  /** Deferred money that belongs to the quantity; >= 0. */
  amountFen: Fen;
}

/** What a rating needs to know of the use of truck and station, beside the packs. null: not known, and never taken for 0. */
export interface SwapUsage {
  /** By the odometer since the swap before [m]. */
  distanceSinceSwapM: number | null;
  /** Packs that the station could issue when it reserved one, that one included. */
  readyPacks: number | null;
  /** From arrival to the begin of the swap [ms]. */
  waitedMs: number | null;
  packageGrant: PackageGrant | null;
}

export const UNKNOWN_USAGE: SwapUsage = { distanceSinceSwapM: null, readyPacks: null, waitedMs: null, packageGrant: null };

/** Why a swap cannot be rated by its contract's mode; null: it can. A distance that nobody knows is not 0. */
export function usageRefusal({ contract }: RatingTerms, { distanceSinceSwapM }: SwapUsage): 'ODOMETER_MISSING' | null {
  return contract.billing?.mode === 'PER_KM' && distanceSinceSwapM === null ? 'ODOMETER_MISSING' : null;
}
