import { describe, expect, it } from 'vitest';
import { refuseCircles } from './tidy/circle-rules.ts';
import { type Manifests, packageOf, refuseImports } from './tidy/import-rules.ts';
import { refuseMigrations } from './tidy/migration-rules.ts';
import { describeRefusal, type Refusal, type SourceFile } from './tidy/refusal.ts';
import { repositoryFiles, repositoryManifests } from './tidy/repository.ts';
import { FUNCTION_LINES_MAX, refuseSource } from './tidy/source-rules.ts';
import { FILE_LINES_MAX, refuseText } from './tidy/text-rules.ts';

const manifests = repositoryManifests();
const refuse = (file: SourceFile, known: Manifests = manifests): Refusal[] => [
  ...refuseText(file),
  ...refuseSource(file),
  ...refuseImports(file, known),
];
const rulesOf = (path: string, text: string, known?: Manifests) => refuse({ path, text }, known).map(({ rule }) => rule);

it('the repository is tidy', () => {
  const files = repositoryFiles();
  expect(files.length).toBeGreaterThan(50);
  const refusals = [...files.flatMap((file) => refuse(file)), ...refuseMigrations(files), ...refuseCircles(files)];
  expect(refusals.map(describeRefusal).join('\n')).toBe('');
});

/** Strings that must not stand in a file are put together here, so that this file is tidy itself. */
const join = (...parts: string[]) => parts.join('');
const SEED = join('SU', 'A2'.repeat(28));
const bad: [rule: string, path: string, text: string][] = [
  ['name', 'twin/src/utils.ts', ''],
  ['name', 'twin/src/db/helpers.ts', ''],
  ['name', 'actors/src/common/fen.ts', ''],
  ['name', 'actors/src/types.ts', ''],
  ['barrel', 'actors/src/index.ts', ''],
  ['barrel', 'actors/src/all.ts', "export { a } from './a.ts';\nexport { b } from './b.ts';\n"],
  ['barrel', 'actors/src/all.ts', "export * from './a.ts';\n"],
  ['file name', 'actors/src/bayMachine.ts', ''],
  ['secret or dump', 'gateway/test/HH1.creds', ''],
  ['secret or dump', 'twin/corridor.dump', ''],
  ['secret or dump', '.env', ''],
  ['built file', 'viewer/dist/index.html', ''],
  ['path of a machine', 'docs/a.md', join('see /wo', 'rk/main')],
  ['path of a machine', 'docs/a.md', join('see ../', 'shared/docs/')],
  ['paper that is not in the repository', 'actors/src/a.ts', join('// DOMAIN', '.md 4.5')],
  ['host of a package registry', '.npmrc', join('registry=https://registry', '.npmjs.org/')],
  ['secret', 'testkit/src/a.ts', `export const seed = '${SEED}';`],
  ['secret', 'docs/a.md', join('-----BEGIN EC ', 'PRIVATE KEY-----')],
  ['conflict marker', 'docs/a.md', `${'<'.repeat(7)} HEAD\n`],
  ['long file', 'twin/src/app.ts', '\n'.repeat(FILE_LINES_MAX + 1)],
  ['long function', 'twin/src/app.ts', `export function f() {${'\n'.repeat(FUNCTION_LINES_MAX)}}`],
  ['long function', 'twin/src/app.ts', `export const f = () => {${'\n'.repeat(FUNCTION_LINES_MAX)}};`],
  ['enum', 'twin/src/a.ts', 'export enum State { A }'],
  ['namespace', 'twin/src/a.ts', 'export namespace State { export const a = 1; }'],
  ['default export', 'twin/src/a.ts', 'export default 1;'],
  ['double cast', 'twin/src/a.ts', 'export const a = (x: string) => x as unknown as number;'],
  ['silent catch', 'twin/src/a.ts', 'try { a(); } catch {}'],
  ['hand-made subject', 'twin/src/a.ts', "export const s = 'evs.v1.live.clock';"],
  ['hand-made subject', 'gateway/src/a.ts', 'export const s = (id: string) => `evs.v1.live.station.${id}.ack`;'],
  ['ambient time or chance', 'actors/src/a.ts', 'export const now = () => Date.now();'],
  ['ambient time or chance', 'actors/src/a.ts', 'export const now = () => new Date();'],
  ['ambient time or chance', 'simulator/src/plant/a.ts', 'export const draw = Math.random();'],
  ['folder that is never made', 'twin/src/a.ts', 'mkdirSync(path, { recursive: true, mode: 0o700 });'],
  ['sleep in a test', 'twin/src/a.test.ts', 'await new Promise((resolve) => setTimeout(resolve, 400));'],
  ['sleep in a test', 'twin/src/a.test.ts', "import { setTimeout as sleep } from 'node:timers/promises';\nawait sleep(1);"],
  ['skipped test', 'twin/src/a.test.ts', "it.skip('x', () => {});"],
  ['skipped test', 'twin/src/a.test.ts', "describe.only('x', () => {});"],
  ['syntax', 'twin/src/a.ts', 'export const = 1;'],
  ['direction of imports', 'protocols/src/a.ts', "import { a } from '@corridor/actors/a';"],
  ['direction of imports', 'actors/src/a.ts', "import { a } from '@corridor/twin/a';"],
  ['direction of imports', 'twin/src/a.ts', "import { a } from '@corridor/simulator/a';"],
  ['direction of imports', 'gateway/src/a.ts', "import { a } from '@corridor/simulator/a';"],
  ['direction of imports', 'viewer/src/a.ts', "import type { A } from '@corridor/actors/a';"],
  ['direction of imports', 'viewer/src/a.ts', "export { a } from '@corridor/twin/a';"],
  ['direction of imports', 'viewer/src/a.ts', "const a = await import('@corridor/twin/a');"],
  ['import across workspaces', 'twin/src/a.ts', "import { a } from '../../actors/src/a.ts';"],
  ['import across workspaces', 'tools/src/a.ts', "import a from '../../../elsewhere/a.ts';"],
  ['phantom import', 'actors/src/a.ts', "import pg from 'pg';"],
  ['phantom import', 'twin/src/a.ts', "import fc from 'fast-check';"],
];

describe('tidy itself', () => {
  it.each(bad)('refuses: %s in %s', (rule, path, text) => {
    const refusals = refuse({ path, text });
    expect(refusals.map((refusal) => refusal.rule)).toContain(rule);
    for (const { instead } of refusals) expect(instead).not.toBe('');
  });

  it('lets pass what is meant to stand', () => {
    const good: [path: string, text: string][] = [
      ['twin/src/a.test.ts', "import fc from 'fast-check';\nimport { a } from '@corridor/simulator/a';\nimport pg from 'pg';\n"],
      [
        'twin/src/a.ts',
        "import { readFile } from 'node:fs/promises';\nimport { subject } from '@corridor/protocols/subject';\nimport pg from 'pg';\n",
      ],
      ['twin/src/a.ts', 'export const at = () => Date.now();'],
      ['actors/src/a.ts', '/** Never Date.now(). */\nexport const at = (atMs: number) => new Date(atMs);'],
      ['twin/src/a.ts', '// subjects look like evs.v1.live.clock\nexport const a = 1;'],
      ['protocols/src/subject.test.ts', "export const s = 'evs.v1.live.clock';"],
      ['twin/src/a.ts', 'try { a(); } catch {\n  // the file was gone already, which is what we wanted\n}'],
      ['twin/src/a.test.ts', '\n'.repeat(FILE_LINES_MAX * 2)],
      ['actors/src/tariff.data.ts', '\n'.repeat(FILE_LINES_MAX * 2)],
      ['twin/src/a.ts', "export { a } from './b.ts';\n"],
      ['viewer/vite.config.ts', "import { defineConfig } from 'vite';\nexport default defineConfig({});"],
      ['viewer/vite/a.ts', "import type { Plugin } from 'vite';\nexport const plugin: Plugin = { name: 'a' };"],
      ['tests/a.test.ts', "import { a } from '@corridor/twin/a';"],
      ['docs/architecture/overview.md', 'subjects begin with evs.v1.live'],
    ];
    for (const [path, text] of good) expect(rulesOf(path, text), path).toEqual([]);
  });

  it('a dependency counts only in the workspace that declares it', () => {
    const known: Manifests = new Map([
      ['', { devDependencies: { vitest: '1' } }],
      ['twin', { dependencies: { pg: '1' }, devDependencies: { yaml: '1' } }],
      ['gateway', {}],
    ]);
    expect(rulesOf('twin/src/a.ts', "import pg from 'pg';", known)).toEqual([]);
    expect(rulesOf('gateway/src/a.ts', "import pg from 'pg';", known)).toEqual(['phantom import']);
    expect(rulesOf('twin/src/a.ts', "import yaml from 'yaml';", known)).toEqual(['phantom import']);
    expect(rulesOf('twin/src/a.test.ts', "import yaml from 'yaml';\nimport { it } from 'vitest';", known)).toEqual([]);
  });

  it('refuses a number of migrations that is taken twice or left out, naming both files', () => {
    const told = (...names: string[]) =>
      refuseMigrations(names.map((name) => ({ path: `twin/src/db/migrations/${name}.sql`, text: '' }))).map(describeRefusal);
    expect(told('0002_b', '0001_a', '0003_c')).toEqual([]);
    expect(told('0001_a', '0002_b', '0002_c', '0003_d')).toEqual([expect.stringMatching(/0002_c\.sql:1 two migrations .* 0002_b\.sql/)]);
    expect(told('0001_a', '0003_c')).toEqual([expect.stringMatching(/0003_c\.sql:1 gap .* 0001_a\.sql/)]);
    expect(told('0002_b')).toEqual([expect.stringMatching(/gap/)]);
  });

  it('refuses folders of the simulator that import each other, naming each import on the way', () => {
    const told = (...files: [path: string, imported: string][]) =>
      refuseCircles(files.map(([path, imported]) => ({ path, text: `import type { A } from '${imported}';` }))).map(describeRefusal);
    const upwards = ['simulator/src/fleets/a.ts', '../kernel/a.ts'] as const;
    expect(told([...upwards], ['simulator/src/kernel/a.ts', './b.ts'])).toEqual([]);
    expect(told([...upwards], ['simulator/src/kernel/a.test.ts', '../fleets/a.ts'])).toEqual([]);
    expect(told([...upwards], ['simulator/src/kernel/a.ts', '../run/a.ts'], ['simulator/src/run/a.ts', '../fleets/a.ts'])).toEqual([
      expect.stringMatching(/^simulator\/src\/fleets\/a\.ts:1 circle .*kernel\/a\.ts imports \.\.\/run\/a\.ts, .*run\/a\.ts imports/),
    ]);
  });

  it('finds the line', () => {
    expect(refuse({ path: 'twin/src/a.ts', text: 'const a = 1;\n\nexport default a;\n' })[0]?.line).toBe(3);
  });

  it('knows the package of a specifier', () => {
    expect(packageOf('three/addons/controls/MapControls.js')).toBe('three');
    expect(packageOf('@nats-io/jwt')).toBe('@nats-io/jwt');
    expect(packageOf('@corridor/protocols/subject')).toBe('@corridor/protocols');
  });
});
