import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { DbClient } from './db.ts';
import type { TelemetryBatch } from './telemetry-batch.ts';
import { TELEMETRY_TABLE_NAMES, TELEMETRY_TABLES, type TelemetryTable } from './telemetry-table.ts';

const UNIQUE_VIOLATION = '23505';

/** What became of a batch of readings. */
export type TelemetryWritten = { rows: number; known: number };

/**
 * Writes readings by COPY, inside the transaction of the caller, who stores the stream's position in the same one. COPY
 * knows no conflicts: when a reading is in the table already (a source that sends again what the stream has lost), the
 * batch goes by a slower way that passes over what is known.
 * @returns rows written, and rows that were known
 */
export async function writeTelemetry(client: DbClient, batch: TelemetryBatch): Promise<TelemetryWritten> {
  await client.query('savepoint telemetry');
  try {
    for (const table of TELEMETRY_TABLE_NAMES) {
      if (batch.rowsOf(table) > 0) await copyInto(client, table, table, batch.copyOf(table));
    }
    await client.query('release savepoint telemetry');
    return { rows: batch.rows, known: 0 };
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError && cause.code === UNIQUE_VIOLATION)) throw cause;
    await client.query('rollback to savepoint telemetry');
    return writePastKnown(client, batch);
  }
}

/** Backfill and repetition: through a table of the transaction, with what is known left out. */
export async function writePastKnown(client: DbClient, batch: TelemetryBatch): Promise<TelemetryWritten> {
  let rows = 0;
  for (const table of TELEMETRY_TABLE_NAMES) {
    if (batch.rowsOf(table) === 0) continue;
    const staging = `${table}_staging`;
    const columns = TELEMETRY_TABLES[table].join(', ');
    await client.query(`create temp table ${staging} on commit drop as select ${columns} from ${table} with no data`);
    await copyInto(client, table, staging, batch.copyOf(table));
    const inserted = await client.query(`insert into ${table} (${columns}) select ${columns} from ${staging} on conflict do nothing`);
    rows += inserted.rowCount ?? 0;
    await client.query(`drop table ${staging}`);
  }
  return { rows, known: batch.rows - rows };
}

async function copyInto(client: DbClient, shape: TelemetryTable, into: string, bytes: Buffer): Promise<void> {
  const copy = client.query(copyFrom(`copy ${into} (${TELEMETRY_TABLES[shape].join(', ')}) from stdin (format binary)`));
  copy.end(bytes);
  await finished(copy);
}
