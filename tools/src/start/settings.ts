import { resolve } from 'node:path';
import { isScope } from '@corridor/protocols/subject';

/** What `npm start` can be told by its environment. A given URL means that this server is not started here. */
export interface Settings {
  readonly port: number;
  readonly dataDir: string;
  readonly natsUrl: string | null;
  /** Creds file of the twin's user at a NATS server of your own. */
  readonly natsCredsFile: string | null;
  /** Keys to sign gateways' credentials with, for a NATS server of your own in operator mode. */
  readonly natsKeysFile: string | null;
  readonly databaseUrl: string | null;
  /** Pace of scope time. */
  readonly speed: number;
  readonly scope: string;
  readonly seed: string;
}

/** The environment asks for something that cannot be. One line, for the person who typed it. */
export class SettingsError extends Error {
  readonly code = 'SETTINGS_INVALID';
}

const SPEED_MAX = 100;

/** @throws SettingsError */
export function readSettings(env: NodeJS.ProcessEnv, cwd: string): Settings {
  const scope = env['SCOPE'] ?? 'live';
  if (!isScope(scope)) throw new SettingsError(`SCOPE=${scope} is neither "live" nor "sim-<runId>".`);
  const natsUrl = env['NATS_URL'] || null;
  const natsKeysFile = env['NATS_KEYS'] || null;
  if (natsUrl !== null && natsKeysFile === null) {
    throw new SettingsError(
      'With NATS_URL set, NATS_KEYS must name the file of the keys that sign credentials for that server (docs/architecture/nats.md).',
    );
  }
  return {
    port: wholeNumber('PORT', env['PORT'] ?? '8080', 1, 65_535),
    dataDir: resolve(cwd, env['DATA_DIR'] ?? '.data'),
    natsUrl,
    natsCredsFile: env['NATS_CREDS'] || null,
    natsKeysFile,
    databaseUrl: env['DATABASE_URL'] || null,
    speed: speedOf(env['SPEED'] ?? '10'),
    scope,
    seed: env['SEED'] ?? '1',
  };
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new SettingsError(`${name}=${text} is not a whole number from ${least} to ${most}.`);
  }
  return value;
}

function speedOf(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 1 || value > SPEED_MAX)
    throw new SettingsError(`SPEED=${text} is not a number from 1 to ${SPEED_MAX}.`);
  return value;
}
