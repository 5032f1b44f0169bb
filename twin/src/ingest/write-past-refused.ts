import pg from 'pg';
import type { DbClient } from '../db/db.ts';
import { writePastKnown, writeTelemetry } from '../db/telemetry.queries.ts';
import type { TelemetryBatch } from '../db/telemetry-batch.ts';
import { batchesOf, type Reading, type RefusedReading } from './telemetry-load.ts';

/** Values that a column, and rows that a constraint, does not take: the row is at fault, not the database. */
export function isRowRefused(cause: unknown): cause is pg.DatabaseError {
  return cause instanceof pg.DatabaseError && (cause.code?.startsWith('22') === true || cause.code?.startsWith('23') === true);
}

export async function writeRows(client: DbClient, { fresh, again }: { fresh: TelemetryBatch; again: TelemetryBatch }): Promise<void> {
  if (fresh.rows > 0) await writeTelemetry(client, fresh);
  if (again.rows > 0) await writePastKnown(client, again);
}

/**
 * Writes what the database takes, inside the transaction of the caller: halves of what was refused are tried again until the
 * single rows are found.
 */
export async function writePastRefused(client: DbClient, platformId: string, readings: readonly Reading[]): Promise<RefusedReading[]> {
  const [first] = readings;
  if (first === undefined) return [];
  await client.query('savepoint half');
  try {
    await writeRows(client, batchesOf(platformId, readings));
    await client.query('release savepoint half');
    return [];
  } catch (cause) {
    if (!isRowRefused(cause)) throw cause;
    await client.query('rollback to savepoint half');
    await client.query('release savepoint half');
    if (readings.length === 1) return [{ message: first.loaded.message, index: first.index, reason: cause.message }];
  }
  const middle = Math.ceil(readings.length / 2);
  return [
    ...(await writePastRefused(client, platformId, readings.slice(0, middle))),
    ...(await writePastRefused(client, platformId, readings.slice(middle))),
  ];
}
