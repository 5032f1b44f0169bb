import type { Database } from '../db/db.ts';
import type { Log } from '../log.ts';
import type { Turns } from '../turns/turns.ts';
import type { Writer } from '../writer/writer.ts';
import type { PaymentRail } from './payment-rail.ts';

/** What everything about payments needs. */
export interface PaymentContext {
  readonly database: Database;
  readonly platformId: string;
  readonly rail: PaymentRail;
  readonly writer: Pick<Writer, 'ask'>;
  /** One thing at a time for each payment. */
  readonly turns: Turns;
  /** By principal: nothing begins while it leaves. */
  readonly leaving: Turns;
  readonly wallNowMs: () => number;
  readonly scopeNowMs: () => number;
  /** Wall ms until the rail is asked again. @param checks how often it was asked */
  readonly checkAfterMs: (checks: number) => number;
  readonly log: Log;
}

const CHECK_MS_MAX = 60_000;

/** Less and less often. @param firstMs wall ms until the first time, up to a minute */
export const checksFrom =
  (firstMs: number): PaymentContext['checkAfterMs'] =>
  (checks) =>
    Math.min(CHECK_MS_MAX, firstMs * 2 ** Math.min(checks, 10));
