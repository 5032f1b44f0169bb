import type { EffectOf, Emitted } from '../network/effect.ts';
import { alarmIdOf, effect } from '../network/outgoing.ts';
import type { Reference } from '../network/reference.ts';
import { rateNoShow, rateOverstay } from '../rating/rate-swap.ts';
import { penaltyTermsAt } from '../rating/rating-terms.ts';
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

/** NONE: the contract has no penalty for it. NOT_RATED: whether it has, or whose it is, nobody can say: a person has to look. */
export type PenaltyRated =
  | { readonly is: 'CHARGE'; readonly charge: Charge }
  | { readonly is: 'NONE' }
  | ({ readonly is: 'NOT_RATED' } & PenaltyNotRated);

export interface PenaltyNotRated {
  readonly reason: 'NETWORK_NOT_ALLOWED' | 'OPERATOR_UNKNOWN';
  readonly detail: string;
}

/** No bill is ever made out to it. */
const NOBODY = '';

/**
 * Its bill, with the waiver that takes it back, if one does. By the contract alone, in which its amount stands: the station may have been
 * sold, or have left, since.
 * @param operatorId whose the station was at `ratedAtMs`; undefined: nobody knows
 */
export function penaltyChargeOf(reference: Reference, incident: Incident, operatorId: string | undefined): PenaltyRated {
  const { kind, orderId, stationId, truckId, carrierId, ratedAtMs, stayedMs } = incident;
  const found = penaltyTermsAt(reference, { stationId, operatorId: operatorId ?? NOBODY, carrierId, atMs: ratedAtMs });
  if (!found.ok) return { is: 'NOT_RATED', reason: found.reason, detail: found.detail };
  const { terms } = found;
  const bill = kind === 'NO_SHOW' ? rateNoShow(terms) : rateOverstay(terms, stayedMs);
  // Whether one is due does not depend on whose it is.
  if (bill === null) return { is: 'NONE' };
  if (operatorId === undefined) return { is: 'NOT_RATED', reason: 'OPERATOR_UNKNOWN', detail: `whose ${stationId} was is not recorded` };
  const { lines, shares, payableFen } = bill;
  const chargeId = `${kind === 'NO_SHOW' ? 'no-show' : 'overstay'}:${orderId}`;
  const about = { chargeId, kind, carrierId, truckId, stationId, orderId, contractId: terms.contract.id };
  return { is: 'CHARGE', charge: { ...about, basis: { ratedAtMs, stayedMs }, lines, shares, payableFen } };
}

/**
 * What is noted of an incident in its step. One that cannot be rated is noted too, with an alarm: it must not be forgotten. Whom it is
 * paid to is read of the record of then when it is booked.
 */
export function penaltyIncurred(reference: Reference, incident: Incident, atMs: number): Emitted[] {
  const rated = penaltyChargeOf(reference, incident, reference.station(incident.stationId)?.operatorId);
  if (rated.is === 'NONE') return [];
  const incurred = effect({ type: 'penalty.incurred', atMs, incident });
  return rated.is === 'CHARGE' ? [incurred] : [incurred, effect(penaltyNotRatedAlarm(incident, rated, atMs))];
}

/** One alarm an incident, of the platform. */
export function penaltyNotRatedAlarm(
  { kind, orderId, stationId, truckId }: Incident,
  { reason, detail }: PenaltyNotRated,
  atMs: number,
): EffectOf<'alarm.raised'> {
  const subject = { code: 'PENALTY_NOT_RATED', scope: 'order', scopeId: orderId } as const;
  return {
    type: 'alarm.raised',
    atMs,
    alarmId: alarmIdOf({ ...subject, sinceMs: atMs }),
    ...subject,
    level: 2,
    detail: `${kind} of ${truckId} at ${stationId} is not charged: ${detail}.`,
    args: { kind, truckId, stationId, reason },
  };
}
