import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, chownSync, constants, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { DataDirNotUsableError } from './server-errors.ts';

/** The account a server runs under when it is not ours; null: our own. */
export type ServerUser = { uid: number; gid: number; name: string };

/** Folders for data and copies that root's servers can reach; the first that can be made is used. */
export const REACHABLE_ROOTS = ['/var/lib/corridor-twin', '/var/tmp/corridor-twin'];

/**
 * PostgreSQL refuses to run as root, so root runs it as the owner of the existing data folder, as `postgres`, or as
 * `nobody`.
 */
export function postgresUser(dataDir: string): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  const owner = ownerOf(dataDir);
  if (owner !== null && owner.uid !== 0) return { ...owner, name: `uid ${owner.uid}` };
  return accountNamed('postgres') ?? accountNamed('nobody') ?? { uid: 65_534, gid: 65_534, name: 'nobody' };
}

export function ownerOf(path: string): { uid: number; gid: number } | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? null : { uid: stat.uid, gid: stat.gid };
}

function accountNamed(name: string): ServerUser | null {
  const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' });
  const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' });
  return uid.status === 0 && gid.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout), name } : null;
}

/** Whether the server's account may pass through a folder or run a file. */
export function canExecute(path: string, user: ServerUser | null): boolean {
  if (user === null) return canAccess(path, constants.X_OK);
  return spawnSync('test', ['-x', path], { uid: user.uid, gid: user.gid, cwd: '/' }).status === 0;
}

function canAccess(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false; // that is the answer
  }
}

/** A folder under one of the roots that any account can reach and only root can write. */
export function reachableFolder(name: string): string {
  for (const root of REACHABLE_ROOTS) {
    const folder = join(root, name);
    if (!canMake(folder)) continue;
    const stat = statSync(root);
    // /var/tmp is everybody's: a folder somebody else made there must not be trusted with data.
    if (stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0) return folder;
  }
  throw new DataDirNotUsableError({ dir: REACHABLE_ROOTS.join(' and '), reason: 'cannot be written' });
}

function canMake(folder: string): boolean {
  try {
    makeFolder(folder);
    for (const made of [dirname(folder), folder]) chmodSync(made, 0o755); // whatever the umask
    return canAccess(folder, constants.W_OK);
  } catch {
    return false; // read-only file system, or a file in the way: the next root is tried
  }
}

/** Gives a path to the server's account. */
export function handOver(path: string, user: ServerUser | null): void {
  if (user !== null) chownSync(path, user.uid, user.gid);
}
