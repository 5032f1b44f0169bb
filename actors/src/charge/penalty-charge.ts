import type { Emitted } from '../network/effect.ts';
import { effect, raiseAlarm } from '../network/outgoing.ts';
import type { Reference } from '../network/reference.ts';
import { rateNoShow, rateOverstay } from '../rating/rate-swap.ts';
import { type RatingRefusal, ratingTermsAt } from '../rating/rating-terms.ts';
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

/** NONE: the contract has no penalty for it. NOT_RATED: whether it has, or how much it is, nobody can say: a person has to look. */
export type PenaltyRated =
  | { readonly is: 'CHARGE'; readonly charge: Charge }
  | { readonly is: 'NONE' }
  | ({ readonly is: 'NOT_RATED' } & Pick<RatingRefusal, 'reason' | 'detail'>);

/**
 * Its bill, with the waiver that takes it back, if one does.
 * @param operatorId whose the station was at `ratedAtMs`; left out: whose it is
 */
export function penaltyChargeOf(reference: Reference, incident: Incident, operatorId?: string): PenaltyRated {
  const { kind, orderId, stationId, truckId, carrierId, ratedAtMs, stayedMs } = incident;
  const rating = ratingTermsAt(reference, { stationId, carrierId, atMs: ratedAtMs });
  if (!rating.ok) return { is: 'NOT_RATED', reason: rating.reason, detail: rating.detail };
  const terms = operatorId === undefined ? rating.terms : { ...rating.terms, operatorId };
  const bill = kind === 'NO_SHOW' ? rateNoShow(terms) : rateOverstay(terms, stayedMs);
  if (bill === null) return { is: 'NONE' };
  const { lines, shares, payableFen } = bill;
  const chargeId = `${kind === 'NO_SHOW' ? 'no-show' : 'overstay'}:${orderId}`;
  const about = { chargeId, kind, carrierId, truckId, stationId, orderId, contractId: terms.contract.id };
  return { is: 'CHARGE', charge: { ...about, basis: { ratedAtMs, stayedMs }, lines, shares, payableFen } };
}

/** What is noted of an incident in its step. One that cannot be rated is noted too, with an alarm: it must not be forgotten. */
export function penaltyIncurred(reference: Reference, incident: Incident, atMs: number): Emitted[] {
  const rated = penaltyChargeOf(reference, incident);
  if (rated.is === 'NONE') return [];
  const incurred = effect({ type: 'penalty.incurred', atMs, incident });
  if (rated.is === 'CHARGE') return [incurred];
  const { kind, orderId, stationId, truckId } = incident;
  return [
    incurred,
    raiseAlarm({
      code: 'PENALTY_NOT_RATED',
      level: 2,
      scope: 'order',
      scopeId: orderId,
      sinceMs: atMs,
      detail: `${kind} of ${truckId} at ${stationId} is not charged: ${rated.detail}.`,
      args: { kind, truckId, stationId, reason: rated.reason },
    }),
  ];
}
