import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { isTestOnly, isToolConfig, isTypeScript, lineAt, type Refusal, type SourceFile } from './refusal.ts';

/** What a workspace may import of the others. Tests, testkit and tools put everything together and may import all. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocols: [],
  actors: ['protocols'],
  gateway: ['protocols', 'actors'],
  simulator: ['protocols', 'actors', 'gateway'],
  twin: ['protocols', 'actors'],
  viewer: ['protocols'],
};

type Dependencies = Record<string, string>;
export type Manifest = {
  workspaces?: string[];
  dependencies?: Dependencies;
  devDependencies?: Dependencies;
  optionalDependencies?: Dependencies;
};
/** Manifests by folder; `''` is the root's. */
export type Manifests = ReadonlyMap<string, Manifest>;

const workspaceOf = (path: string, manifests: Manifests) => {
  const [folder = ''] = path.split('/');
  return manifests.has(folder) ? folder : '';
};

/** `@scope/name/path` -> `@scope/name`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

function declared(manifests: Manifests, workspace: string, testOnly: boolean): Set<string> {
  const own = manifests.get(workspace) ?? {};
  const root = manifests.get('') ?? {};
  const names = {
    ...own.dependencies,
    ...own.optionalDependencies,
    ...(testOnly ? { ...own.devDependencies, ...root.devDependencies } : {}),
  };
  return new Set(Object.keys(names));
}

/** All specifiers of a file with their offsets: imports, dynamic imports of a literal, re-exports. */
export function specifiersOf(file: SourceFile): { specifier: string; offset: number }[] {
  const { module } = parseSync(file.path, file.text);
  const found = module.staticImports.map(({ moduleRequest }) => ({ specifier: moduleRequest.value, offset: moduleRequest.start }));
  for (const { entries } of module.staticExports)
    for (const { moduleRequest } of entries) if (moduleRequest) found.push({ specifier: moduleRequest.value, offset: moduleRequest.start });
  for (const { moduleRequest } of module.dynamicImports) {
    const text = file.text.slice(moduleRequest.start, moduleRequest.end);
    const literal = /^(['"`])([^'"`$]+)\1$/.exec(text)?.[2];
    if (literal !== undefined) found.push({ specifier: literal, offset: moduleRequest.start });
  }
  return found;
}

type Verdict = Pick<Refusal, 'rule' | 'instead'> | null;

function judgeRelative(path: string, specifier: string, workspace: string): Verdict {
  const target = posix.normalize(posix.join(posix.dirname(path), specifier));
  const inside = workspace === '' || target.startsWith(`${workspace}/`);
  if (inside && !target.startsWith('..')) return null;
  return { rule: 'import across workspaces', instead: '@corridor/<workspace>/<path>, declared as a dependency' };
}

function judgePackage(path: string, specifier: string, workspace: string, manifests: Manifests): Verdict {
  const name = packageOf(specifier);
  const target = name.startsWith('@corridor/') ? name.slice('@corridor/'.length) : null;
  const free = workspace === '' || workspace === 'tools' || workspace === 'testkit' || isTestOnly(path);
  if (target !== null && !free && target !== workspace && !MAY_IMPORT[workspace]?.includes(target))
    return {
      rule: 'direction of imports',
      instead: `${workspace} may import ${MAY_IMPORT[workspace]?.join(', ') || 'no other workspace'}; meet on subjects`,
    };
  if (target !== null && (free || target === workspace)) return null;
  if (declared(manifests, workspace, isTestOnly(path) || isToolConfig(path) || workspace === '' || workspace === 'tools').has(name))
    return null;
  return { rule: 'phantom import', instead: `npm install -w ${workspace || '.'} --save-exact ${name}, or do without` };
}

/** Direction of imports between the workspaces, and imports that only work because npm hoists. */
export function refuseImports(file: SourceFile, manifests: Manifests): Refusal[] {
  if (!isTypeScript(file.path)) return [];
  const workspace = workspaceOf(file.path, manifests);
  const refusals: Refusal[] = [];
  for (const { specifier, offset } of specifiersOf(file)) {
    if (specifier.startsWith('node:') || specifier.startsWith('virtual:')) continue;
    const verdict = specifier.startsWith('.')
      ? judgeRelative(file.path, specifier, workspace)
      : judgePackage(file.path, specifier, workspace, manifests);
    if (verdict) refusals.push({ path: file.path, line: lineAt(file.text, offset), found: specifier, ...verdict });
  }
  return refusals;
}
