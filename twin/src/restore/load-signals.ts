import type { SignalTable } from '@corridor/actors/network/signal-table';
import type { Db } from '../db/db.ts';
import { replacing, rowsStatement, writeRows } from '../writer/json-rows.ts';

type SignalRow = Parameters<SignalTable['restore']>[0] extends Iterable<infer Row> ? Row : never;

const columns = { kind: 'text', id: 'text', boot_id: 'integer', seq: 'bigint', reported_at: 'timestamptz', content: 'json' };
const statement = rowsStatement('checkpoint_signals', {
  table: 'signal_checkpoint',
  columns,
  onConflict: replacing(columns, ['kind', 'id']),
});
/** Rows in one statement. */
const CHUNK = 2_000;

/** Last values as they were written last; what is missing comes with the next reports. */
export async function loadSignals(db: Db, platformId: string): Promise<SignalRow[]> {
  const { rows } = await db.query<{ content: SignalRow }>({
    text: 'select content from signal_checkpoint where platform_id = $1',
    values: [platformId],
  });
  return rows.map(({ content }) => content);
}

export async function saveSignals(db: Db, platformId: string, rows: Iterable<SignalRow>): Promise<void> {
  let chunk: object[] = [];
  for (const row of rows) {
    const reported = Number.isFinite(row.reportedAtMs) ? new Date(row.reportedAtMs).toISOString() : null;
    chunk.push({ kind: row.kind, id: row.id, boot_id: row.bootId, seq: row.seq, reported_at: reported, content: row });
    if (chunk.length < CHUNK) continue;
    await writeRows(db, statement, platformId, chunk);
    chunk = [];
  }
  await writeRows(db, statement, platformId, chunk);
}
