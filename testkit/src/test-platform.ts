import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_SCOPES } from '@corridor/twin/auth/caller';
import { createEmbeddedIssuer } from '@corridor/twin/auth/embedded-issuer';
import { freePort } from '@corridor/twin/embedded/free-port';
import { NodeProcess } from './node-process.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { startTestNats, type TestNats } from './test-nats.ts';
import { startTestPostgres, type TestPostgres } from './test-postgres.ts';
import { until } from './until.ts';

export interface TestPlatformOptions {
  /** Registered at the first start; default: the corridor's own. */
  networkFile?: string;
  scope?: string;
  /** true where PostgreSQL is killed or commits are timed: every commit is synced, as in the product. */
  durable?: boolean;
  postgresFlags?: readonly string[];
  twinFlags?: readonly string[];
  logLevel?: string;
  /** How long the first start may take; default a minute. */
  readyWithinMs?: number;
}

/** The whole platform as processes of their own: PostgreSQL, nats-server, twin. Every one of them can be killed. */
export interface TestPlatform {
  readonly postgres: TestPostgres;
  readonly nats: TestNats;
  readonly twin: NodeProcess;
  /** Address of the twin, without a slash at its end. */
  readonly url: string;
  readonly scope: string;
  /** Bearer token of a service with every scope there is. */
  readonly token: string;
  /** Folder for whatever belongs to this platform; gone with it. */
  readonly dir: string;
  /** Whether `/readyz` says so now. */
  isReady(): Promise<boolean>;
  /** Waits for `/readyz`. @returns wall ms since the call */
  ready(withinMs?: number): Promise<number>;
  /** GET of a JSON document. */
  get(path: string): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
  [Symbol.asyncDispose](): Promise<void>;
}

const TWIN_MAIN = new URL('../../twin/src/main.ts', import.meta.url);
const READY_MS = 60_000;

export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const scope = options.scope ?? 'live';
  await using built = new AsyncDisposableStack();
  const folder = built.use(temporaryFolder());
  const postgres = built.use(await startTestPostgres({ durable: options.durable ?? false, flags: options.postgresFlags ?? [] }));
  const nats = built.use(await startTestNats({ scope }));
  const dataDir = join(folder.path, 'twin');
  mkdirSync(dataDir);
  const credsFile = join(folder.path, 'twin.creds');
  writeFileSync(credsFile, (await nats.credentials.issueService('twin')).creds, { mode: 0o600 });
  const issuer = await createEmbeddedIssuer({ dir: dataDir, isProduction: false, users: [] });
  const port = await freePort();
  const twin = new NodeProcess({
    name: 'twin',
    script: TWIN_MAIN,
    nodeFlags: options.twinFlags ?? [],
    env: {
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: dataDir,
      NATS_URL: nats.url,
      NATS_CREDS: credsFile,
      NATS_KEYS: nats.keysFile,
      DATABASE_URL: postgres.url,
      SCOPE: scope,
      LOG_LEVEL: options.logLevel ?? 'warn',
      ...(options.networkFile === undefined ? {} : { NETWORK_FILE: options.networkFile }),
    },
  });
  built.defer(async () => {
    await twin.stop();
  });
  const token = await issuer.issueServiceToken({ name: 'test', scopes: SERVICE_SCOPES });
  const platform = platformOf({ postgres, nats, twin, url: `http://127.0.0.1:${port}`, scope, token, dir: folder.path });
  twin.start();
  await platform.ready(options.readyWithinMs);
  const kept = built.move();
  return { ...platform, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

type Parts = Pick<TestPlatform, 'postgres' | 'nats' | 'twin' | 'url' | 'scope' | 'token' | 'dir'>;

function platformOf(parts: Parts): Omit<TestPlatform, typeof Symbol.asyncDispose> {
  const { twin, url, token } = parts;
  const call = async (method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) };
    const response = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  };
  return {
    ...parts,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    isReady: () => isOk(`${url}/readyz`),
    async ready(withinMs = READY_MS) {
      const begunMs = performance.now();
      const look = async () => {
        await twin.assertRunning();
        return (await isOk(`${url}/readyz`)) ? true : null;
      };
      await until('/readyz', withinMs, look, () => twin.output);
      return performance.now() - begunMs;
    },
  };
}

async function isOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch (cause) {
    // Not up yet.
    if (cause instanceof TypeError || (cause instanceof DOMException && cause.name === 'TimeoutError')) return false;
    throw cause;
  }
}
