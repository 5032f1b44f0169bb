import type { Database } from '../db/db.ts';
import type { Log } from '../log.ts';
import type { Writer } from '../writer/writer.ts';
import type { OncePerKey } from './once-per-key.ts';
import type { PaymentRail } from './payment-rail.ts';

/** What everything about payments needs. */
export interface PaymentContext {
  readonly database: Database;
  readonly platformId: string;
  readonly rail: PaymentRail;
  readonly writer: Pick<Writer, 'ask'>;
  /** One thing at a time for each payment. */
  readonly oncePerKey: OncePerKey;
  readonly wallNowMs: () => number;
  readonly scopeNowMs: () => number;
  readonly log: Log;
}

const CHECK_MS_MIN = 2_000;
const CHECK_MS_MAX = 60_000;

/** Wall ms until the rail is asked again. @param checks how often it was asked */
export const checkAfterMs = (checks: number): number => Math.min(CHECK_MS_MAX, CHECK_MS_MIN * 2 ** Math.min(checks, 10));
