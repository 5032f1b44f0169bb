import type { Log } from '../log.ts';
import type { Database } from './db.ts';
import { dropOldReadings, rollUp } from './rollup.queries.ts';
import type { TimeSeriesTier } from './time-series.ts';

const MINUTES_EVERY_MS = 60_000;
const HOURS_EVERY_MS = 600_000;
const RETENTION_EVERY_MS = 21_600_000;

export type Upkeep = { stop(): Promise<void> };

/**
 * Keeps rollups and retention up to date where the server does not do it by itself. One piece of work at a time; what
 * fails is logged and tried again at its next turn, because nothing of it is lost by waiting.
 */
export function startTimeSeriesUpkeep(options: { database: Database; tier: TimeSeriesTier; log: Log; scopeNowMs: () => number }): Upkeep {
  const { database, tier, log } = options;
  if (tier === 'COMMUNITY') return { stop: async () => {} };
  let last: Promise<void> = Promise.resolve();
  const doAfterLast = (what: string, work: () => Promise<unknown>) => {
    last = attempt({ after: last, what, work, log });
  };
  const timers = [
    setInterval(() => doAfterLast('minutes', () => rollUp(database, '1m')), MINUTES_EVERY_MS),
    setInterval(() => doAfterLast('hours', () => rollUp(database, '1h')), HOURS_EVERY_MS),
    setInterval(() => doAfterLast('retention', () => dropOldReadings(database, tier, options.scopeNowMs())), RETENTION_EVERY_MS),
  ];
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await last;
    },
  };
}

async function attempt(task: { after: Promise<void>; what: string; work: () => Promise<unknown>; log: Log }): Promise<void> {
  await task.after;
  try {
    await task.work();
  } catch (cause) {
    task.log.warn({ err: cause, what: task.what }, 'upkeep of the time series failed; it is tried again');
  }
}
