import pg from 'pg';
import type { NodeProcess } from './node-process.ts';
import { startTestPlatform, type TestPlatform, type TestPlatformOptions } from './test-platform.ts';
import { type TestTrafficOptions, trafficProcess } from './test-traffic.ts';

export interface TestCorridorOptions extends Omit<TestPlatformOptions, 'networkFile'>, TestTrafficOptions {}

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

export async function startTestCorridor(options: TestCorridorOptions): Promise<TestCorridor> {
  await using built = new AsyncDisposableStack();
  const platform = built.use(await startTestPlatform(options));
  const { traffic, gatewaysDir } = await trafficProcess(options, platform);
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
    gatewaysDir,
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
