import { mkdtempSync, statSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';

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
    return ownTemporaryFolder(name);
  }
}

/** The temporary folder is everybody's: what somebody else put there must not be run. */
function ownTemporaryFolder(name: string): string {
  const root = join(tmpdir(), `corridor-twin-${userInfo().uid}`);
  const { uid, mode } = statSync(made(root));
  if (uid !== userInfo().uid || (mode & 0o022) !== 0) return mkdtempSync(join(tmpdir(), 'corridor-twin-'));
  return made(join(root, name));
}

function made(folder: string): string {
  makeFolder(folder, 0o700);
  return folder;
}
