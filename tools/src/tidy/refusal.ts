/** One thing the house does not want, where it stands, and what to do instead. */
export type Refusal = { path: string; line: number; rule: string; found: string; instead: string };

/** A file of the repository. `path` is relative to its root, with `/`. */
export type SourceFile = { path: string; text: string };

/** 1-based line of a character offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
/** Runs in tests and benches only: may import what the product may not ship. */
export const isTestOnly = (path: string): boolean =>
  /(\.(test|arbitrary|bench|fixture)|-rig)\.tsx?$/.test(path) || /^(tests|[^/]+\/test)\//.test(path);
/** Runs when the product is built: may import what only building needs. */
export const isToolConfig = (path: string): boolean => /(^|\/)((vite|vitest)\.config\.ts|vite\/[^/]+\.ts)$/.test(path);
export const isTypeScript = (path: string): boolean => /\.tsx?$/.test(path) && !path.endsWith('.d.ts');

export function describeRefusal({ path, line, rule, found, instead }: Refusal): string {
  return `${path}:${line} ${rule}: ${found}\n    instead: ${instead}`;
}
