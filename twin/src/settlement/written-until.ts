import type { Database } from '../db/db.ts';
import type { Writer } from '../writer/writer.ts';
import { writtenUntilMs } from './statements.queries.ts';

export interface WrittenOptions {
  readonly database: Database;
  readonly platformId: string;
  readonly writer: Pick<Writer, 'ask'>;
  readonly scopeNowMs: () => number;
}

/**
 * Whether all that happened until then is written: what is still to come is later than what was written last. The clock alone does not
 * say so: after an outage it is ahead of the stations' events.
 * @param untilMs scope ms   @param by user of the input that takes the time along, where nothing else did
 */
export async function isWrittenUntil(
  { database, platformId, writer, scopeNowMs }: WrittenOptions,
  untilMs: number,
  by: string,
): Promise<boolean> {
  if (scopeNowMs() < untilMs) return false;
  if ((await writtenUntilMs(database.pool, platformId)) >= untilMs) return true;
  // Time alone is not written: an input that does nothing takes it along, behind all that waits.
  await writer.ask({ type: 'settlement.progress', paidStatementIds: [], settledOrderIds: [] }, by);
  return (await writtenUntilMs(database.pool, platformId)) >= untilMs;
}
