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
        commit: (before) => {
          said.push(before === null ? `sent ${batchNo}` : `sent ${batchNo} behind another`);
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

it('sends the next batch behind the one at the database, and the one after it when that is committed', async () => {
  const { line, take, end, said } = openLine();
  await take(1);
  await take(2);
  const third = take(3);
  await turn();
  expect(said).toEqual(['prepared 1', 'sent 1', 'prepared 2', 'sent 2 behind another', 'prepared 3']);
  end(1)?.resolve();
  await third;
  expect(said.slice(5)).toEqual(['committed 1', 'sent 3 behind another']);
  // Nobody hears of the third before the second, whichever is known first.
  end(3)?.resolve();
  await turn();
  expect(said).toHaveLength(7);
  expect(line.isBusy).toBe(true);
  end(2)?.resolve();
  await line.settled();
  expect(said.slice(7)).toEqual(['committed 2', 'committed 3']);
  expect(line.isBusy).toBe(false);
});

it('drops what was made on top of a batch that fails, and lays it on that one alone', async () => {
  const { line, take, end, said } = openLine();
  await take(1);
  await take(2);
  const third = take(3);
  await turn();
  const cause = new Error('refused');
  end(1)?.reject(cause);
  end(2)?.reject(new Error('follows nothing'));
  await expect(third).rejects.toBe(cause);
  await expect(line.settled()).rejects.toBe(cause);
  await expect(take(4)).rejects.toBe(cause);
  expect(said.slice(4)).toEqual(['prepared 3', 'failed 1', 'prepared 4']);
});

it('sends nothing on top of a batch that failed behind one that is committed', async () => {
  const { take, end, said } = openLine();
  await take(1);
  await take(2);
  end(1)?.resolve();
  const cause = new Error('refused');
  end(2)?.reject(cause);
  await turn();
  await expect(take(3)).rejects.toBe(cause);
  expect(said.slice(4)).toEqual(['committed 1', 'failed 2', 'prepared 3']);
});

it('tells what needs no writing after what was taken before it', async () => {
  const { line, take, end, said } = openLine();
  await take(1);
  await line.take(null, { committed: () => said.push('told'), failed: () => said.push('failed') });
  expect(said.at(-1)).toBe('sent 1');
  end(1)?.resolve();
  await line.settled();
  expect(said).toEqual(['prepared 1', 'sent 1', 'committed 1', 'told']);
});
