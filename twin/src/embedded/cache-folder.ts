import { mkdirSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * A folder for what can be fetched or made again: under XDG_CACHE_HOME or ~/.cache, or under the temporary folder for
 * an account without a home.
 */
export function cacheFolder(name: string): string {
  const home = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  try {
    return made(join(home, 'corridor-twin', name));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'ENOENT' && code !== 'ENOTDIR') throw cause;
    return made(join(tmpdir(), `corridor-twin-${userInfo().uid}`, name));
  }
}

function made(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
