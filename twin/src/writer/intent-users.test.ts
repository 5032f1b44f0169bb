import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string | URL) => readFileSync(path, 'utf8');

/** Types of the intents, as they are declared. */
function declared(): string[] {
  const text = read(new URL('../../../actors/src/network/input.ts', import.meta.url));
  const union = text.slice(text.indexOf('export type Intent ='));
  return [...union.matchAll(/\{ type: ((?:'[a-z]+\.[A-Za-z]+'(?: \| )?)+)/g)].flatMap(([, types = '']) =>
    [...types.matchAll(/'([^']+)'/g)].map(([, type = '']) => type),
  );
}

/** What asks the writer: routes, sides and jobs of the twin; not what only reads intents afterwards. */
function askers(): string {
  const root = new URL('../', import.meta.url).pathname;
  const paths = globSync('**/*.ts', { cwd: root });
  return paths
    .filter((path) => !/\.(test|fixture)\.ts$/.test(path) && !path.endsWith('intent-audit.ts'))
    .map((path) => read(`${root}${path}`))
    .join('\n');
}

it('every intent has somebody who asks it', () => {
  const types = declared();
  expect(types.length).toBeGreaterThan(25);
  const text = askers();
  // As the type of an object, or in the table of a route that asks several.
  const unasked = types.filter((type) => !text.includes(`type: '${type}'`));
  expect(unasked).toEqual([]);
});
