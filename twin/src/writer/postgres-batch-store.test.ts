import { startTestDatabase } from '@corridor/testkit/test-database';
import { expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { PostgresBatchStore } from './postgres-batch-store.ts';
import type { WriterBatch } from './writer-batch.ts';

const batchOf = (batchNo: number, source: string): WriterBatch => ({
  batchNo,
  scopeAtMs: 0,
  driven: false,
  step: { effects: [], transitions: [], changed: new Map(), retired: new Set(), undelivered: [] },
  evidence: [],
  cleared: [],
  passedOver: [],
  positions: new Map([[source, { bootId: 1, seq: batchNo }]]),
  forgottenSources: [],
  streamSeq: batchNo,
  registered: [],
  commandUpdates: [],
  requestedBy: new Map(),
  audits: [],
});

it('writes a batch that follows the last one, and nothing of one that does not', async () => {
  await using test = await startTestDatabase();
  const { database } = test;
  await database.pool.query(`insert into platform values ('PF', 'Platform', now());
    insert into ingest_position (platform_id, stream, stream_seq, batch_no, scope_at, driven) values ('PF', 'EVT', 0, 0, now(), false)`);
  const storeOf = (platformId: string) => new PostgresBatchStore({ database, platformId, scope: 'live', log: silentLog() });
  const store = storeOf('PF');
  await store.commit(batchOf(1, 'station:A'));
  for (const late of [batchOf(1, 'station:B'), batchOf(3, 'station:C')]) {
    await expect(store.commit(late)).rejects.toMatchObject({ code: 'STORE_FAILED', inputAtFault: false });
  }
  // A platform that is not there has no position either.
  await expect(storeOf('PG').commit(batchOf(1, 'station:D'))).rejects.toMatchObject({ code: 'STORE_FAILED', inputAtFault: false });
  await store.commit(batchOf(2, 'station:E'));
  const { rows } = await database.pool.query('select src from source_position order by src');
  expect(rows).toEqual([{ src: 'station:A' }, { src: 'station:E' }]);
});
