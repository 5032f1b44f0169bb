import { ProblemError } from './problem.ts';

/**
 * Of what has not come nothing is told, rather than what is now.
 * @param at RFC 3339, scope time; null: now is asked for
 * @param unknown what is not known of an instant ahead, as in `what an account will have`
 * @throws ProblemError 422 INSTANT_AHEAD
 */
export function refuseAhead(at: string | null, nowMs: number, unknown: string): void {
  if (at === null || Date.parse(at) <= nowMs) return;
  throw new ProblemError(422, 'INSTANT_AHEAD', `${unknown} at ${at} is not known: it is ${new Date(nowMs).toISOString()}`);
}
