import type { PenaltyKind, PenaltyOf } from '@corridor/protocols/agreement/penalty';
import type { Charge } from '../charge/charge.ts';
import { type Incident, type PenaltyRated, penaltyChargeOf } from '../charge/penalty-charge.ts';
import type { Reference } from '../network/reference.ts';
import { localDateOf } from '../tariff/local-time.ts';
import type { Trial } from './draft-reference.ts';

/** A penalty as it was due, and as it would have been; null: none. */
export type PenaltyTried =
  | { readonly ok: true; readonly before: Charge | null; readonly after: Charge | null }
  | { readonly ok: false; readonly reason: string };

/**
 * What a truck did, under the drafts. One that nobody can rate, as it was or as it would have been, is compared with nothing; nor is one
 * that is due and not in the books: there is no bill of it yet.
 * @param known whose the station was then (undefined: nobody knows), and whether a charge of it is in the books
 */
export function penaltyTried(
  { before, tried }: Trial,
  incident: Incident,
  { operatorId, isBooked }: { operatorId: string | undefined; isBooked: boolean },
): PenaltyTried {
  const [was, is] = [penaltyChargeOf(before, incident, operatorId), penaltyChargeOf(tried, incident, operatorId)];
  for (const rated of [was, is]) if (rated.is === 'NOT_RATED') return { ok: false, reason: rated.reason };
  if (was.is === 'CHARGE' && !isBooked) return { ok: false, reason: 'NOT_BOOKED' };
  return { ok: true, before: chargeOf(was), after: chargeOf(is) };
}

const chargeOf = (rated: PenaltyRated): Charge | null => (rated.is === 'CHARGE' ? rated.charge : null);

/** Whether a penalty of a kind may be due of a carrier at an instant, with or without the drafts. */
export const mayPay = ({ before, tried }: Trial, kind: PenaltyKind, carrierId: string, atMs: number): boolean =>
  [before, tried].some((reference) => penaltyOf(reference, kind, { carrierId, atMs }) !== null);

/**
 * Whether the drafts may charge a stay in the bay of which nothing was noted: only one that was owed for is, so of those within the grace
 * of before, or where there was no such penalty, nobody knows how long they were.
 */
export function mayChargeUnknownStay({ before, tried }: Trial, at: { carrierId: string; atMs: number }): boolean {
  const is = penaltyOf(tried, 'OVERSTAY', at);
  const was = penaltyOf(before, 'OVERSTAY', at);
  return is !== null && (was === null || is.graceMinutes < was.graceMinutes);
}

function penaltyOf<K extends PenaltyKind>(reference: Reference, kind: K, at: { carrierId: string; atMs: number }): PenaltyOf<K> | null {
  const { penalties = [] } = reference.contractOf(at.carrierId, localDateOf(at.atMs)) ?? {};
  return penalties.find((penalty): penalty is PenaltyOf<K> => penalty.kind === kind) ?? null;
}
