import type { EnvelopeHead } from '@corridor/protocols/envelope';

/** A gateway's journal keeps a week and more; what says to be older than this is a broken clock. */
const BACKFILL_MS_MAX = 30 * 24 * 3_600_000;
/** A live message this late, or this early, is believed; more is a clock that is off. */
const LATE_MS_MAX = 3_600_000;

type Dated = Pick<EnvelopeHead, 'tsEvent' | 'backfill'>;

/** The text that was parsed last, and its instant: a message's time is asked for several times in a row. */
let parsed = { text: '', atMs: Number.NaN };
function parsedMs(text: string): number {
  if (parsed.text !== text) parsed = { text, atMs: Date.parse(text) };
  return parsed.atMs;
}

/**
 * When a fact happened, in scope time: what tariffs, lots and custody go by. The source's own time where it is credible,
 * else the time at which the message is taken: a clock that is hours off, in 1970 or in the future, prices nothing.
 * @param atMs scope time of taking the message
 */
export function eventTimeMs({ tsEvent, backfill }: Dated, atMs: number): number {
  const saidMs = parsedMs(tsEvent);
  return saidMs <= atMs && isPossibleTime({ tsEvent, backfill }, atMs) ? saidMs : atMs;
}

/** Whether a fact can have happened when its source says so, but for a clock that is somewhat fast. */
export function isPossibleTime({ tsEvent, backfill }: Dated, atMs: number): boolean {
  const lateMs = atMs - parsedMs(tsEvent);
  return lateMs >= -LATE_MS_MAX && lateMs <= (backfill ? BACKFILL_MS_MAX : LATE_MS_MAX);
}
