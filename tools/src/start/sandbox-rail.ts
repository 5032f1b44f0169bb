import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registerSandboxMerchant } from '@corridor/simulator/rail/merchant-registry';
import type { Config } from '@corridor/twin/config';
import { assertPortFree, freePort } from '@corridor/twin/embedded/free-port';
import { makeFolder } from '@corridor/twin/embedded/make-folder';
import { PortInUseError } from '@corridor/twin/embedded/server-errors';

/** The sandbox payment rail of `npm start`, which certifies people and vehicles too: arguments of its process, and what the twin is told of it. */
export interface SandboxRailPlan {
  readonly args: readonly string[];
  readonly twinEnvironment: NodeJS.ProcessEnv;
}

/** @returns null when a rail is configured, or in production, which takes no sandbox */
export async function planSandboxRail(
  config: Pick<Config, 'rail' | 'isProduction' | 'certifierUrl'>,
  dataDir: string,
): Promise<SandboxRailPlan | null> {
  if (config.rail !== null || config.isProduction) return null;
  const dir = join(dataDir, 'rail');
  makeFolder(dir, 0o700);
  const port = await samePort(join(dir, 'port'));
  const environment = registerSandboxMerchant(dir);
  return {
    args: ['--dir', dir, '--port', String(port)],
    twinEnvironment: {
      ...environment,
      PAYMENT_RAIL_URL: `http://127.0.0.1:${port}`,
      ...(config.certifierUrl === null && { CERTIFIER_URL: `http://127.0.0.1:${port}/certifier` }),
    },
  };
}

/** The port of the start before, if it is free: addresses of cashiers that are open lead there. */
async function samePort(file: string): Promise<number> {
  const before = existsSync(file) ? Number(readFileSync(file, 'utf8')) : Number.NaN;
  if (Number.isInteger(before)) {
    try {
      await assertPortFree('payment rail', before);
      return before;
    } catch (cause) {
      if (!(cause instanceof PortInUseError)) throw cause;
    }
  }
  const port = await freePort();
  writeFileSync(file, String(port), { mode: 0o600 });
  return port;
}
