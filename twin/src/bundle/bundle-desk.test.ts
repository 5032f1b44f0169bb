import { once } from 'node:events';
import { type ReadStream, readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestDatabase, type TestDatabase } from '@corridor/testkit/test-database';
import { afterAll, afterEach, assert, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../log.ts';
import { BundleDesk, type WrittenBundle } from './bundle-desk.ts';
import type { BundleScope } from './bundle-party.ts';

const SCOPE: BundleScope = {
  platformId: 'PF',
  principalId: 'C1',
  principalKind: 'CARRIER',
  from: '2026-10-01T00:00:00.000Z',
  until: '2026-11-01T00:00:00.000Z',
};
const NEVER = new AbortController().signal;

let test: TestDatabase;
let desk: BundleDesk;
const folder = temporaryFolder();
beforeAll(async () => {
  test = await startTestDatabase();
  vi.stubEnv('TMPDIR', folder.path);
});
beforeEach(() => {
  desk = new BundleDesk({ databaseUrl: test.postgres.url, log: silentLog() });
});
afterEach(async () => desk.close());
afterAll(async () => {
  vi.unstubAllEnvs();
  await test[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

function fileOf(bundle: WrittenBundle): ReadStream {
  assert('file' in bundle, `refused: ${JSON.stringify(bundle)}`);
  return bundle.file;
}
async function leave(file: ReadStream): Promise<void> {
  const closed = once(file, 'close');
  file.destroy();
  await closed;
}
/** Connections of bundles that do something, or hold a transaction. */
async function connectionsAtWork(waitEvent: string | null = null): Promise<number> {
  const { rows } = await test.database.pool.query(
    `select from pg_stat_activity where application_name = 'corridor-twin-bundles' and state <> 'idle' and ($1::text is null or wait_event_type = $1)`,
    [waitEvent],
  );
  return rows.length;
}

describe('a bundle that nobody reads', () => {
  it('holds neither a connection nor a name on the disk, and keeps only its own user from another one', async () => {
    const unread = fileOf(await desk.write('u1', SCOPE, NEVER));
    expect(await connectionsAtWork()).toBe(0);
    expect(readdirSync(folder.path)).toEqual([]);
    expect(await desk.write('u1', SCOPE, NEVER)).toEqual({ refused: 'BUNDLE_UNDER_WAY' });
    for (const user of ['u2', 'u3', 'u4']) {
      const read = JSON.parse(await text(fileOf(await desk.write(user, SCOPE, NEVER)))) as { principalId: string };
      expect(read.principalId).toBe('C1');
    }
    await leave(unread);
    await leave(fileOf(await desk.write('u1', SCOPE, NEVER)));
  });
});

describe('bundles that are written at the same time', () => {
  it('are two at most', async () => {
    const written = await Promise.all(['u1', 'u2', 'u3'].map(async (user) => desk.write(user, SCOPE, NEVER)));
    expect(written[2]).toEqual({ refused: 'BUNDLES_BUSY' });
    for (const bundle of written.slice(0, 2)) await leave(fileOf(bundle));
    await leave(fileOf(await desk.write('u3', SCOPE, NEVER)));
  });
});

describe('a bundle whose client leaves while the database computes', () => {
  it('ends at once, and so does one that is being written when the twin stops', async () => {
    const blocker = await test.database.pool.connect();
    try {
      await blocker.query('begin; lock table contract in access exclusive mode');
      const gone = new AbortController();
      const writing = desk.write('u1', SCOPE, gone.signal);
      await vi.waitUntil(async () => (await connectionsAtWork('Lock')) === 1, { timeout: 30_000 });
      gone.abort();
      await expect(writing).rejects.toThrow();
      const stopped = desk.write('u1', SCOPE, NEVER);
      const ended = expect(stopped).rejects.toThrow();
      await desk.close();
      await ended;
    } finally {
      await blocker.query('rollback');
      blocker.release();
    }
    expect(readdirSync(folder.path)).toEqual([]);
    desk = new BundleDesk({ databaseUrl: test.postgres.url, log: silentLog() });
  });
});
