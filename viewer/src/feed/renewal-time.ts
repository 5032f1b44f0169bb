import type { Person } from './person.ts';

/** A token is renewed this long before its end, or in the last quarter of a short life [ms]. */
const AHEAD_MS_MAX = 60_000;
const AHEAD_PART = 0.25;
/** Between one token that was just got and the next, whatever they say [ms]. */
const PAUSE_MS = 1_000;

/**
 * After which time the next token is asked for [ms].
 * @param nowMs by the clock of this device, which may be wrong by hours
 * @param token one that was just got has its life before it, whatever that clock says; of one that was kept only the clock tells
 * @returns null: the token does not say when it ends
 */
export function msToRenewal(
  { issuedAtMs, expiresAtMs }: Pick<Person, 'issuedAtMs' | 'expiresAtMs'>,
  nowMs: number,
  token: 'JUST_GOT' | 'BY_CLOCK',
): number | null {
  if (expiresAtMs === null) return null;
  const lifeMs = issuedAtMs === null ? AHEAD_MS_MAX : expiresAtMs - issuedAtMs;
  const aheadMs = Math.min(AHEAD_MS_MAX, lifeMs * AHEAD_PART);
  const byClockMs = expiresAtMs - nowMs - aheadMs;
  if (token === 'BY_CLOCK') return Math.max(0, byClockMs);
  if (issuedAtMs === null) return Math.max(PAUSE_MS, byClockMs);
  return Math.max(PAUSE_MS, byClockMs > 0 ? Math.min(byClockMs, lifeMs - aheadMs) : lifeMs - aheadMs);
}
