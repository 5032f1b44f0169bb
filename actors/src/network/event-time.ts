import type { EnvelopeHead } from '@corridor/protocols/envelope';

/** A gateway's journal keeps a week and more; what says to be older than this is a broken clock. */
const BACKFILL_MS_MAX = 30 * 24 * 3_600_000;
/** A live message this late is believed; more is a clock that is off. */
const LATE_MS_MAX = 3_600_000;

/**
 * When a fact happened, in scope time: what tariffs, lots and custody go by. The source's own time where it is credible,
 * else the time at which the message is taken: a clock that is hours off, in 1970 or in the future, prices nothing.
 * @param atMs scope time of taking the message
 */
export function eventTimeMs({ tsEvent, backfill }: Pick<EnvelopeHead, 'tsEvent' | 'backfill'>, atMs: number): number {
  const saidMs = Date.parse(tsEvent);
  const lateMs = atMs - saidMs;
  const isCredible = lateMs >= 0 && lateMs <= (backfill ? BACKFILL_MS_MAX : LATE_MS_MAX);
  return isCredible ? saidMs : atMs;
}
