import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeProcess } from './node-process.ts';
import type { TestNats } from './test-nats.ts';

export interface TestTrafficOptions {
  networkFile: string;
  /** Scope time per wall time, 1 to 100. */
  factor: number;
  /** Of everything that happens by chance in the simulated world. */
  seed: number;
}

const TRAFFIC_MAIN = new URL('../../simulator/src/traffic/main.ts', import.meta.url);

/**
 * Real gateways and T-boxes on simulated trucks and stations, in a process of their own; not started yet.
 * @param to the platform they work with; `dir` is a folder for its credentials and their journals
 */
export async function trafficProcess(
  { networkFile, factor, seed }: TestTrafficOptions,
  to: { url: string; nats: TestNats; scope: string; token: string; dir: string },
): Promise<{ traffic: NodeProcess; gatewaysDir: string }> {
  const dir = join(to.dir, 'traffic');
  if (!existsSync(dir)) mkdirSync(dir);
  const clockCreds = join(to.dir, 'clock.creds');
  writeFileSync(clockCreds, (await to.nats.credentials.issueService('clock', 'clock')).creds, { mode: 0o600 });
  const args = {
    network: networkFile,
    api: to.url,
    nats: to.nats.url,
    scope: to.scope,
    factor: String(factor),
    seed: String(seed),
    'data-dir': dir,
    creds: clockCreds,
    'log-level': 'warn',
  };
  const traffic = new NodeProcess({
    name: 'traffic',
    script: TRAFFIC_MAIN,
    args: [...Object.entries(args).flatMap(([name, value]) => [`--${name}`, value]), '--no-faults'],
    env: { SIM_TOKEN: to.token },
  });
  return { traffic, gatewaysDir: join(dir, 'gateways') };
}
