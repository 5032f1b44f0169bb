import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTwinConfig } from '@corridor/twin/config';
import { createLog, silentLog } from '@corridor/twin/log';
import { type RunningTwin, startTwin } from '@corridor/twin/start-twin';
import type pg from 'pg';
import { clearOfMidnight } from './clear-of-midnight.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { startTestNats, type TestNats } from './test-nats.ts';
import { openTestPool } from './test-pool.ts';
import { startTestPostgres, type TestPostgres } from './test-postgres.ts';

/** A twin with servers of its own, in this process: `await using platform = await startTestTwin();` */
export interface TestTwin {
  readonly twin: RunningTwin;
  readonly nats: TestNats;
  readonly postgres: TestPostgres;
  /** Connection of the application, for looking into tables. */
  readonly db: pg.Pool;
  /** Bearer token of a demo user (`PF`, `C1`, …), or of a service. */
  token(principalId: string): Promise<string>;
  get(path: string, as?: string): Promise<{ status: number; body: never }>;
  post(path: string, body: object, as?: string): Promise<{ status: number; body: never }>;
  /** Stops it and starts it again on what its database holds: at another address. */
  restart(): Promise<void>;
  /** Resolves when the twin failed for good. */
  readonly failed: Promise<unknown>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface TestTwinOptions {
  env?: NodeJS.ProcessEnv;
  viewerDir?: string;
  /** Fills the database, which has its tables and nothing in them, before the twin starts. */
  prepare?: (databaseUrl: string) => Promise<void>;
}

export async function startTestTwin(options: TestTwinOptions = {}): Promise<TestTwin> {
  await clearOfMidnight();
  // What was started before something failed ends with it: the process goes on with other tests.
  await using built = new AsyncDisposableStack();
  const folder = built.use(temporaryFolder());
  const postgres = built.use(await startTestPostgres({ migrated: true }));
  const nats = built.use(await startTestNats());
  const credsFile = join(folder.path, 'twin.creds');
  writeFileSync(credsFile, (await nats.credentials.issueService('twin')).creds, { mode: 0o600 });
  const failed = Promise.withResolvers<unknown>();
  const config = readTwinConfig({
    NATS_URL: nats.url,
    NATS_CREDS: credsFile,
    NATS_KEYS: nats.keysFile,
    DATABASE_URL: postgres.url,
    DATA_DIR: folder.path,
    ...options.env,
  });
  const log = process.env['TEST_LOG'] ? createLog({ name: 'twin', level: 'debug' }) : silentLog();
  const start = () => startTwin({ config: { ...config, port: 0 }, log, viewerDir: options.viewerDir ?? null, onFatal: failed.resolve });
  const db = openTestPool({ url: postgres.url, max: 2 });
  built.defer(() => db.end());
  await options.prepare?.(postgres.url);
  let twin = await start();
  built.defer(() => twin.stop());
  const token = async (principalId: string): Promise<string> => {
    const issued = await twin.issuer?.issueDemoToken(`demo-${principalId}`);
    if (!issued) throw new Error(`no demo user for ${principalId}`);
    return issued;
  };
  const call = async (method: string, path: string, as: string, body?: object) => {
    const headers = { authorization: `Bearer ${await token(as)}`, ...(body ? { 'content-type': 'application/json' } : {}) };
    const response = await fetch(`${twin.url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as never };
  };
  const kept = built.move();
  return {
    get twin() {
      return twin;
    },
    nats,
    postgres,
    db,
    token,
    get: (path, as = 'PF') => call('GET', path, as),
    post: (path, body, as = 'PF') => call('POST', path, as, body),
    async restart() {
      await twin.stop();
      twin = await start();
    },
    failed: failed.promise,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
