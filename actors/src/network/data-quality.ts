import { QUALITY_FLAGS, type QualityFlag } from '@corridor/protocols/envelope';

/** Flags as bits, so that a reading carries them without allocation. */
const BIT_OF = Object.fromEntries(QUALITY_FLAGS.map((flag, index) => [flag, 1 << index])) as Record<QualityFlag, number>;
export const LATE = BIT_OF.LATE;
export const SKEW = BIT_OF.SKEW;
export const SOC_JUMP = BIT_OF.SOC_JUMP;
export const STUCK = BIT_OF.STUCK;
export const INVALID = BIT_OF.INVALID;
export const GPS_DRIFT = BIT_OF.GPS_DRIFT;
export const COUNTER_RESET = BIT_OF.COUNTER_RESET;

const namesByMask = new Map<number, readonly QualityFlag[]>([[0, []]]);

/** @param mask of flags; the array is shared and not to be changed */
export function flagNames(mask: number): readonly QualityFlag[] {
  const known = namesByMask.get(mask);
  if (known) return known;
  const names = QUALITY_FLAGS.filter((_, index) => (mask & (1 << index)) !== 0);
  namesByMask.set(mask, names);
  return names;
}

/** What a source says of its own message. */
export function flagMask(flags: readonly QualityFlag[]): number {
  let mask = 0;
  for (const flag of flags) mask |= BIT_OF[flag];
  return mask;
}

/** A message older than this when it is taken is late. */
export const LATE_AFTER_MS = 30_000;
/** A sender's clock further ahead of ours than this, or further behind without being late, is skewed. */
export const SKEW_AFTER_MS = 60_000;

/** @param sentMs `tsSend`   @param happenedMs `tsEvent`   @param atMs scope time of taking it */
export function timeFlags({ sentMs, happenedMs, atMs }: { sentMs: number; happenedMs: number; atMs: number }): number {
  return (atMs - happenedMs > LATE_AFTER_MS ? LATE : 0) | (Math.abs(atMs - sentMs) > SKEW_AFTER_MS ? SKEW : 0);
}

/** A SOC that moves this much more than the current explains has jumped (BMS re-calibration, hand-shake, spike). */
const JUMP_PERCENT = 3;
/** In a longer silence the power may have been what neither report says: so much more is allowed for each minute. */
const SILENCE_MS = 60_000;
const SILENCE_PERCENT_PER_MS = 1 / 60_000;
/** After a silence this long, nothing can be said about a jump. */
const JUMP_WITHIN_MS = 600_000;
/** A level that stays consistent with itself for this long after a jump is the new truth. */
const JUMP_ACCEPTED_AFTER_MS = 120_000;

export interface SocJudgement {
  /** What rules may use: the reported value, or the last plausible one carried on by the current. */
  socPercent: number;
  jumped: boolean;
  /** Since when values are held; NaN while they are taken as reported. */
  heldSinceMs: number;
}

/**
 * Judges a reported SOC against the last plausible one and the energy that flowed since.
 * @param last NaN values when there was none   @param contentWh of the full pack, to count the energy as a share
 */
export function judgeSoc(
  reported: { socPercent: number; powerW: number; atMs: number },
  last: { socPercent: number; rawPercent: number; powerW: number; atMs: number; heldSinceMs: number },
  contentWh: number,
): SocJudgement {
  const elapsedMs = reported.atMs - last.atMs;
  const asReported = { socPercent: reported.socPercent, jumped: false, heldSinceMs: Number.NaN };
  if (!(elapsedMs >= 0) || elapsedMs > JUMP_WITHIN_MS || Number.isNaN(last.socPercent) || !(contentWh > 0)) return asReported;
  const powerW = Number.isNaN(reported.powerW) ? 0 : reported.powerW;
  const percentOf = (watts: number) => (((watts * elapsedMs) / 3_600_000) * 100) / contentWh;
  const explained = percentOf(powerW);
  // Somewhere between the two reports it went from the one power to the other.
  const before = Number.isNaN(last.powerW) ? explained : percentOf(last.powerW);
  const slack = JUMP_PERCENT + Math.max(0, elapsedMs - SILENCE_MS) * SILENCE_PERCENT_PER_MS;
  const isExplained = (change: number) => change >= Math.min(before, explained) - slack && change <= Math.max(before, explained) + slack;
  if (isExplained(reported.socPercent - last.socPercent)) return asReported;
  const heldSinceMs = Number.isNaN(last.heldSinceMs) ? reported.atMs : last.heldSinceMs;
  const isSteady = isExplained(reported.socPercent - last.rawPercent);
  if (isSteady && reported.atMs - heldSinceMs >= JUMP_ACCEPTED_AFTER_MS) return { ...asReported, jumped: true };
  const held = Math.min(100, Math.max(0, last.socPercent + explained));
  // A level that is not steady begins the wait anew.
  return { socPercent: held, jumped: true, heldSinceMs: isSteady ? heldSinceMs : reported.atMs };
}

const STUCK_AFTER_MS = 600_000;
/** So much power moves the SOC of any pack visibly within ten minutes. */
const STUCK_POWER_W = 50_000;

/** A SOC that repeats while power flows is frozen. */
export function isStuck({ unchangedMs, powerW }: { unchangedMs: number; powerW: number }): boolean {
  return unchangedMs > STUCK_AFTER_MS && Math.abs(powerW) > STUCK_POWER_W;
}
