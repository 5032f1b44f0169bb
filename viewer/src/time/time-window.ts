const HOUR_MS = 3_600_000;

/** Parts of the past, or of a recording, that the slider may span. */
export const WINDOWS = {
  hour: HOUR_MS,
  quarter: 6 * HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
  /** Of what has an end. */
  all: Number.POSITIVE_INFINITY,
} as const;
export type WindowName = keyof typeof WINDOWS;
export const WINDOW_NAMES = Object.keys(WINDOWS) as WindowName[];

export interface TimeSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * The part of the past that the slider spans: as it was while the instant lies in it, so that nothing jumps under the hand; else one with the
 * instant in its middle. Never beyond what there is.
 */
export function windowAround(atMs: number, lengthMs: number, span: TimeSpan, before: TimeSpan | null): TimeSpan {
  const length = Math.min(lengthMs, span.untilMs - span.fromMs);
  if (before !== null && before.untilMs - before.fromMs === length && atMs >= before.fromMs && atMs <= before.untilMs) return before;
  const fromMs = Math.min(Math.max(atMs - length / 2, span.fromMs), span.untilMs - length);
  return { fromMs, untilMs: fromMs + length };
}

/** Corridor time as a field for date and time has it: `2026-11-22T14:03:27`. */
export const fieldOf = (atMs: number): string => new Date(atMs + ZONE_OFFSET_MS).toISOString().slice(0, 19);
/** @returns NaN for what is no instant */
export const instantOfField = (text: string): number => Date.parse(`${text.length === 16 ? `${text}:00` : text}${ZONE}`);
/** The zone has had no summer time since 1991. */
const ZONE = '+08:00';
const ZONE_OFFSET_MS = 8 * HOUR_MS;
