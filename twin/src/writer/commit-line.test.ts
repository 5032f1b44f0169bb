import { expect, it } from 'vitest';
import { CommitLine } from './commit-line.ts';
import type { WriterBatch } from './writer-batch.ts';

const batchOf = (batchNo: number): WriterBatch => ({
  batchNo,
  scopeAtMs: 0,
  driven: false,
  step: { effects: [], transitions: [], changed: new Map(), retired: new Set(), undelivered: [] },
  evidence: [],
  cleared: [],
  passedOver: [],
  positions: new Map(),
  forgottenSources: [],
  streamSeq: 0,
  registered: [],
  commandUpdates: [],
  requestedBy: new Map(),
  audits: [],
});

/** A line whose commits end when the test says so; `said`: what happened, in order. */
function openLine() {
  const said: string[] = [];
  const commits = new Map<number, PromiseWithResolvers<void>>();
  const line = new CommitLine({
    prepare: async ({ batchNo }) => {
      said.push(`prepared ${batchNo}`);
      return {
        commit: () => {
          said.push(`sent ${batchNo}`);
          const end = Promise.withResolvers<void>();
          commits.set(batchNo, end);
          return end.promise;
        },
      };
    },
  });
  const take = async (batchNo: number) =>
    line.take(batchOf(batchNo), { committed: () => said.push(`committed ${batchNo}`), failed: () => said.push(`failed ${batchNo}`) });
  const end = (batchNo: number) => commits.get(batchNo);
  return { line, take, end, said };
}

/** Everything that can go on without a commit has gone on. */
const turn = async () => new Promise((resolve) => setImmediate(resolve));

it('writes the next batch down while one is at the database, and sends it only when that is committed', async () => {
  const { line, take, end, said } = openLine();
  await take(1);
  const second = take(2);
  await turn();
  expect(said).toEqual(['prepared 1', 'sent 1', 'prepared 2']);
  end(1)?.resolve();
  await second;
  expect(said).toEqual(['prepared 1', 'sent 1', 'prepared 2', 'committed 1', 'sent 2']);
  expect(line.isBusy).toBe(true);
  end(2)?.resolve();
  await line.settled();
  expect(line.isBusy).toBe(false);
  expect(said.at(-1)).toBe('committed 2');
});

it('drops what was made on top of a batch that fails', async () => {
  const { line, take, end, said } = openLine();
  await take(1);
  const second = take(2);
  await turn();
  const cause = new Error('refused');
  end(1)?.reject(cause);
  await expect(second).rejects.toBe(cause);
  await expect(line.settled()).rejects.toBe(cause);
  await expect(take(3)).rejects.toBe(cause);
  expect(said).toEqual(['prepared 1', 'sent 1', 'prepared 2', 'failed 1', 'prepared 3']);
});

it('tells what needs no writing after what was taken before it', async () => {
  const { line, take, end, said } = openLine();
  await take(1);
  const told = line.take(null, { committed: () => said.push('told'), failed: () => said.push('failed') });
  await turn();
  expect(said.at(-1)).toBe('sent 1');
  end(1)?.resolve();
  await told;
  await line.settled();
  expect(said).toEqual(['prepared 1', 'sent 1', 'committed 1', 'told']);
});
