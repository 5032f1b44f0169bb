import { posix } from 'node:path';
import { specifiersOf } from './import-rules.ts';
import { isTestOnly, isTypeScript, lineAt, type Refusal, type SourceFile } from './refusal.ts';

/** Whose folders stand above or below each other. */
const LAYERED = ['simulator/src'];

interface Import {
  from: SourceFile;
  specifier: string;
  offset: number;
  to: string;
}

/** Imports from one folder of a root into another, the first of each pair. Types count; what only tests import does not. */
function folderImports(files: readonly SourceFile[], root: string): Map<string, Map<string, Import>> {
  const folderOf = (path: string) => posix.relative(root, path).split('/')[0] ?? '';
  const found = new Map<string, Map<string, Import>>();
  for (const from of files) {
    if (!from.path.startsWith(`${root}/`) || !isTypeScript(from.path) || isTestOnly(from.path)) continue;
    const own = folderOf(from.path);
    const targets = found.get(own) ?? new Map<string, Import>();
    found.set(own, targets);
    for (const { specifier, offset } of specifiersOf(from)) {
      if (!specifier.startsWith('.')) continue;
      const target = posix.join(posix.dirname(from.path), specifier);
      const to = folderOf(target);
      if (target.startsWith(`${root}/`) && to !== own && !targets.has(to)) targets.set(to, { from, specifier, offset, to });
    }
  }
  return found;
}

/** The shortest way from a folder back to it. */
function circleOf(start: string, imports: ReadonlyMap<string, ReadonlyMap<string, Import>>): Import[] | null {
  const seen = new Set<string>();
  const ways: Import[][] = [[]];
  for (const way of ways) {
    for (const step of imports.get(way.at(-1)?.to ?? start)?.values() ?? []) {
      if (step.to === start) return [...way, step];
      if (seen.has(step.to)) continue;
      seen.add(step.to);
      ways.push([...way, step]);
    }
  }
  return null;
}

/** Folders that import each other, also by way of others: one refusal a circle, at its first import. */
export function refuseCircles(files: readonly SourceFile[]): Refusal[] {
  return LAYERED.flatMap((root) => {
    const imports = folderImports(files, root);
    const told = new Set<string>();
    return [...imports.keys()].sort().flatMap((start): Refusal[] => {
      const circle = told.has(start) ? null : circleOf(start, imports);
      const first = circle?.[0];
      if (!circle || !first) return [];
      for (const { to } of circle) told.add(to);
      const found = circle.map(({ from, specifier }) => `${from.path} imports ${specifier}`).join(', ');
      const line = lineAt(first.from.text, first.offset);
      const instead = 'what both need in a folder below both';
      return [{ path: first.from.path, line, rule: 'circle of folders', found, instead }];
    });
  });
}
