import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Manifest, Manifests } from './import-rules.ts';
import type { SourceFile } from './refusal.ts';

export const ROOT_FOLDER = fileURLToPath(new URL('../../../', import.meta.url));

/** Passed on unchanged, or written by a tool: not ours to judge. */
const FOREIGN = /^(package-lock\.json|LICENSE|protocols\/conformance\/.*\.json|data\/.*\.(csv|json|geojson))$/;
const BINARY = /\.(png|jpe?g|webp|ico|woff2?|gz|zip|bin)$/;

/** Every file git knows, with its text (empty when binary). */
export function repositoryFiles(): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached'], {
    cwd: ROOT_FOLDER,
    encoding: 'utf8',
  });
  return listed
    .split('\0')
    .filter((path) => path !== '' && !FOREIGN.test(path) && existsSync(join(ROOT_FOLDER, path)))
    .map((path) => ({ path, text: BINARY.test(path) ? '' : readFileSync(join(ROOT_FOLDER, path), 'utf8') }));
}

/** package.json of the root and of each workspace. */
export function repositoryManifests(): Manifests {
  const read = (folder: string) => JSON.parse(readFileSync(join(ROOT_FOLDER, folder, 'package.json'), 'utf8')) as Manifest;
  const root = read('');
  return new Map([['', root], ...(root.workspaces ?? []).map((folder): [string, Manifest] => [folder, read(folder)])]);
}
