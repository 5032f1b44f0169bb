import type { UpkeepWork } from '../upkeep.ts';
import type { Database } from './db.ts';
import { dropOldReadings, rollUp } from './rollup.queries.ts';
import type { TimeSeriesTier } from './time-series.ts';

const MINUTES_EVERY_MS = 60_000;
const HOURS_EVERY_MS = 600_000;
const RETENTION_EVERY_MS = 21_600_000;

/** Keeps rollups and retention of the time series up to date where the server does not do it by itself. */
export function timeSeriesUpkeep(options: { database: Database; tier: TimeSeriesTier; scopeNowMs: () => number }): UpkeepWork[] {
  const { database, tier, scopeNowMs } = options;
  if (tier === 'COMMUNITY') return [];
  return [
    { what: 'minutes', everyMs: MINUTES_EVERY_MS, work: () => rollUp(database, '1m') },
    { what: 'hours', everyMs: HOURS_EVERY_MS, work: () => rollUp(database, '1h') },
    { what: 'retention', everyMs: RETENTION_EVERY_MS, work: () => dropOldReadings(database, tier, scopeNowMs()) },
  ];
}
