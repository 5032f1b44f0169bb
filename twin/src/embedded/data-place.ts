import { createHash, randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Type } from 'typebox';
import { Check } from 'typebox/value';
import { makeFolder } from './make-folder.ts';
import { DataDirNotUsableError } from './server-errors.ts';
import { canExecute, ownerOf, REACHABLE_ROOTS, reachableFolder, type ServerUser } from './server-user.ts';

/**
 * Where the data of a wanted folder really is. When the account of the server cannot reach the wanted folder (a checkout
 * under /root), the data is in a folder of its own elsewhere; a file beside the wanted folder names it and is the only way to
 * it: without that file a new folder is begun, and the one before is left as it is, because it may hold money, and the data
 * folder that names it may only have been put aside.
 */
export type DataPlace = {
  dir: string;
  isMoved: boolean;
  /** Databases made elsewhere for a data folder at this path, which it does not name: not used, not removed. */
  abandoned: readonly string[];
};

const Place = Type.Object({ dir: Type.String({ minLength: 1 }) });

const placeFile = (dir: string) => `${dir}.place.json`;
/** In the folder elsewhere: the wanted folder that it belongs to. */
const ownerFile = (movedDir: string) => join(dirname(movedDir), 'belongs-to');
const holdsVersion = (dir: string) => existsSync(join(dir, 'PG_VERSION'));

/** Where the data is, as far as anything was written; changes nothing. @throws DataDirNotUsableError */
export function findDataDir(wanted: string): string {
  const dir = resolve(wanted);
  return readPlace(dir) ?? dir;
}

/**
 * Where the data is or, when there is none yet, is to be put; the folder above it is made.
 * @throws DataDirNotUsableError
 */
export function placeDataDir(wanted: string, user: ServerUser | null): DataPlace {
  const dir = resolve(wanted);
  try {
    makeFolder(dirname(dir));
  } catch (cause) {
    throw new DataDirNotUsableError({ dir, reason: messageOf(cause), cause });
  }
  const named = readPlace(dir);
  if (named !== null) return namedPlace(dir, named, user);
  if (user !== null && !canExecute(dirname(dir), user)) return newPlace(dir, user);
  if (ownerOf(dir) !== null && !statSync(dir).isDirectory()) throw new DataDirNotUsableError({ dir, reason: 'it is a file' });
  if (!canWrite(dirname(dir))) throw new DataDirNotUsableError({ dir, reason: 'no right to write there' });
  assertOurs(dir, user);
  return { dir, isMoved: false, abandoned: [] };
}

/** Ties data elsewhere to the wanted folder; called when a cluster is there, so that what is named is whole. */
export function recordPlace(wanted: string, place: DataPlace): void {
  const dir = resolve(wanted);
  if (!place.isMoved || readPlace(dir) !== null) return;
  replaceFile(ownerFile(place.dir), `${dir}\n`);
  replaceFile(placeFile(dir), JSON.stringify({ dir: place.dir }));
}

function namedPlace(dir: string, named: string, user: ServerUser | null): DataPlace {
  if (!existsSync(named)) throw new DataDirNotUsableError({ dir, reason: `its database was kept in ${named}, which is gone` });
  const owner = existsSync(ownerFile(named)) ? readFileSync(ownerFile(named), 'utf8').trim() : dir;
  if (owner !== dir && readPlace(owner) === named)
    throw new DataDirNotUsableError({ dir, reason: `it is a copy of ${owner}, which uses the database in ${named}` });
  assertOurs(named, user);
  if (owner !== dir) replaceFile(ownerFile(named), `${dir}\n`); // the data folder was moved
  return { dir: named, isMoved: true, abandoned: [] };
}

function newPlace(dir: string, user: ServerUser): DataPlace {
  if (holdsVersion(dir))
    throw new DataDirNotUsableError({ dir, reason: `account ${user.name}, which runs the database, cannot reach the one in it any more` });
  const path = createHash('sha256').update(dir).digest('hex').slice(0, 12);
  const abandoned = REACHABLE_ROOTS.flatMap((root) => foldersOf(root, path))
    .map((folder) => join(folder, basename(dir)))
    .filter(holdsVersion);
  const id = randomBytes(6).toString('hex');
  return { dir: join(reachableFolder(`${path}-${id}`), basename(dir)), isMoved: true, abandoned };
}

function foldersOf(root: string, prefix: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(root, name));
}

/** Only its owner and root can run a server on a folder. */
function assertOurs(dir: string, user: ServerUser | null): void {
  const owner = ownerOf(dir);
  if (user !== null || owner === null || owner.uid === process.getuid?.()) return;
  throw new DataDirNotUsableError({ dir, reason: `it belongs to uid ${owner.uid}` });
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false; // that is the answer
  }
}

function readPlace(dir: string): string | null {
  const file = placeFile(dir);
  if (!existsSync(file)) return null;
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (Check(Place, value)) return value.dir;
  } catch (cause) {
    throw new DataDirNotUsableError({ dir, reason: `${file} cannot be read: ${messageOf(cause)}`, cause });
  }
  throw new DataDirNotUsableError({ dir, reason: `${file} does not name the folder of the database` });
}

function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));
