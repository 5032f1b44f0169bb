import type { Db } from '../db/db.ts';
import { WRITER_STREAM } from '../writer/postgres-batch-store.ts';
import type { SourcePosition } from '../writer/sequencer.ts';

export interface WriterPosition {
  readonly platformId: string;
  readonly batchNo: number;
  readonly streamSeq: number;
  readonly scopeAtMs: number;
  readonly driven: boolean;
}

/** @returns null when nothing is registered: an empty database */
export async function loadPosition(db: Db): Promise<WriterPosition | null> {
  const { rows } = await db.query<{ platform_id: string; batch_no: bigint; stream_seq: bigint; scope_at: Date; driven: boolean }>({
    text: 'select platform_id, batch_no, stream_seq, scope_at, driven from ingest_position where stream = $1 limit 1',
    values: [WRITER_STREAM],
  });
  const row = rows[0];
  if (!row) return null;
  return {
    platformId: row.platform_id,
    batchNo: Number(row.batch_no),
    streamSeq: Number(row.stream_seq),
    scopeAtMs: row.scope_at.getTime(),
    driven: row.driven,
  };
}

/** Source -> position, of one lane. */
export async function loadSourcePositions(db: Db, platformId: string, lane: 'evt' | 'tele'): Promise<Map<string, SourcePosition>> {
  const { rows } = await db.query<{ src: string; boot_id: number; seq: bigint }>({
    text: 'select src, boot_id, seq from source_position where platform_id = $1 and lane = $2',
    values: [platformId, lane],
  });
  return new Map(rows.map(({ src, boot_id, seq }) => [src, { bootId: boot_id, seq: Number(seq) }]));
}
