import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../embedded/make-folder.ts';
import { type IdentityKey, IdentityVault } from './identity-vault.ts';

/** The file of the keys does not hold what it should. */
export class IdentityKeysError extends Error {
  readonly code = 'IDENTITY_KEYS_INVALID';
  constructor(file: string, line: number) {
    super(`${file}: line ${line} is not "<id> <32 bytes in base64>"`);
  }
}

const LINE = /^([A-Za-z0-9_-]{1,32})\s+([A-Za-z0-9+/]{43}=)$/;

/** One key a line, the newest first. @throws IdentityKeysError */
export function readIdentityKeys(file: string): IdentityKey[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const keys = lines.flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [, id, key] = LINE.exec(line.trim()) ?? [];
    if (id === undefined || key === undefined) throw new IdentityKeysError(file, index + 1);
    return [{ id, key: Buffer.from(key, 'base64') }];
  });
  if (keys.length === 0 || new Set(keys.map(({ id }) => id)).size !== keys.length) throw new IdentityKeysError(file, lines.length);
  return keys;
}

/**
 * The vault of this twin. Without a file outside production, a key is made in the data folder at the first start.
 * @returns null in production without a file: identity data is then not taken at all
 */
export function openIdentityVault(config: {
  identityKeysFile: string | null;
  isProduction: boolean;
  dataDir: string;
}): IdentityVault | null {
  const { identityKeysFile, isProduction, dataDir } = config;
  if (identityKeysFile !== null) return new IdentityVault(readIdentityKeys(identityKeysFile));
  if (isProduction) return null;
  const file = join(dataDir, 'identity.keys');
  if (!existsSync(file)) {
    makeFolder(dirname(file));
    writeFileSync(file, keyLine(randomBytes(32)), { mode: 0o600 });
  }
  return new IdentityVault(readIdentityKeys(file));
}

/** Named after itself: a key made anew because the file was lost is never taken for the one that sealed what there is. */
const keyLine = (key: Buffer): string => `k-${createHash('sha256').update(key).digest('hex').slice(0, 12)} ${key.toString('base64')}\n`;
