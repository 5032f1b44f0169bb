import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { NodeProcess } from './node-process.ts';
import { startTestPlatform, type TestPlatform, type TestPlatformOptions } from './test-platform.ts';

export interface TestCorridorOptions extends Omit<TestPlatformOptions, 'networkFile'> {
  networkFile: string;
  /** Scope time per wall time, 1 to 100. */
  factor: number;
  /** Of everything that happens by chance in the simulated world. */
  seed: number;
}

/**
 * The platform with its traffic: real gateways and T-boxes on simulated trucks and stations, in a process of their own.
 * Killing that process kills every gateway, and the power of the robots.
 */
export interface TestCorridor {
  readonly platform: TestPlatform;
  readonly traffic: NodeProcess;
  /** Journals of the gateways, a folder for each station. */
  readonly gatewaysDir: string;
  /** A connection for looking into tables; reconnects after the database was killed. */
  db(): Promise<pg.Client>;
  [Symbol.asyncDispose](): Promise<void>;
}

const TRAFFIC_MAIN = new URL('../../simulator/src/traffic/main.ts', import.meta.url);

export async function startTestCorridor(options: TestCorridorOptions): Promise<TestCorridor> {
  await using built = new AsyncDisposableStack();
  const platform = built.use(await startTestPlatform(options));
  const dir = join(platform.dir, 'traffic');
  if (!existsSync(dir)) mkdirSync(dir);
  const clockCreds = join(platform.dir, 'clock.creds');
  writeFileSync(clockCreds, (await platform.nats.credentials.issueService('clock', 'clock')).creds, { mode: 0o600 });
  const traffic = new NodeProcess({
    name: 'traffic',
    script: TRAFFIC_MAIN,
    args: Object.entries({
      network: options.networkFile,
      api: platform.url,
      nats: platform.nats.url,
      scope: platform.scope,
      factor: String(options.factor),
      seed: String(options.seed),
      'data-dir': dir,
      creds: clockCreds,
      'log-level': 'warn',
    })
      .flatMap(([name, value]) => [`--${name}`, value])
      .concat('--no-faults'),
    env: { SIM_TOKEN: platform.token },
  });
  built.defer(async () => {
    await traffic.stop();
  });
  let client: pg.Client | null = null;
  built.defer(async () => client?.end());
  traffic.start();
  const kept = built.move();
  return {
    platform,
    traffic,
    gatewaysDir: join(dir, 'gateways'),
    async db() {
      if (client) return client;
      const fresh = new pg.Client({ connectionString: platform.postgres.url });
      fresh.on('error', () => {
        // Killed with its server: the next caller connects anew.
        if (client === fresh) client = null;
      });
      await fresh.connect();
      client = fresh;
      return fresh;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
