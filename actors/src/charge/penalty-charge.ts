import type { Reference } from '../network/reference.ts';
import { rateNoShow, rateOverstay } from '../rating/rate-swap.ts';
import { ratingTermsAt } from '../rating/rating-terms.ts';
import type { Charge } from './charge.ts';

/** What a truck did that its contract has a penalty for. */
export type Incident = {
  readonly orderId: string;
  readonly stationId: string;
  readonly truckId: string;
  readonly carrierId: string;
  /** By the contract of that instant: the begin of the order, or the end of the swap. */
  readonly ratedAtMs: number;
} & (
  | { readonly kind: 'NO_SHOW'; readonly stayedMs: null }
  /** In the bay after the swap, ms >= 0. */
  | { readonly kind: 'OVERSTAY'; readonly stayedMs: number }
);

/** Its bill, with the waiver that takes it back, if one does; null: no contract has a penalty for it. */
export function penaltyChargeOf(reference: Reference, incident: Incident): Charge | null {
  const { kind, orderId, stationId, truckId, carrierId, ratedAtMs, stayedMs } = incident;
  const rating = ratingTermsAt(reference, { stationId, carrierId, atMs: ratedAtMs });
  if (!rating.ok) return null;
  const { terms } = rating;
  const bill = kind === 'NO_SHOW' ? rateNoShow(terms) : rateOverstay(terms, stayedMs);
  if (bill === null) return null;
  const { lines, shares, payableFen } = bill;
  const chargeId = `${kind === 'NO_SHOW' ? 'no-show' : 'overstay'}:${orderId}`;
  const about = { chargeId, kind, carrierId, truckId, stationId, orderId, contractId: terms.contract.id };
  return { ...about, basis: { ratedAtMs, stayedMs }, lines, shares, payableFen };
}
