import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const SECTION = /^## What is refused$(.*?)^## /ms.exec(read('docs/domain/money.md'))?.[1] ?? '';
const ROWS = [...SECTION.matchAll(/^\| (?!What \|)([^|-][^|]*) \| ([^|]+) \| ([^|]+) \| `([^`]+)`: ([^|]+) \|$/gm)].map(
  ([, what = '', codes = '', place = '', testFile = '', name = '']) => ({
    what,
    codes: [...codes.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
    files: [...place.matchAll(/`([^`]+\.(?:ts|sql))`/g)].map(([, file = '']) => file),
    testFile,
    name,
  }),
);

it('reads every row of the table of what is refused', () => {
  expect(ROWS.length).toBe(SECTION.split('\n').filter((line) => line.startsWith('| ')).length - 1);
  expect(ROWS.length).toBeGreaterThan(15);
});

it.each(ROWS)('$what: its code and its test are there', ({ codes, files, testFile, name }) => {
  const source = files.map((file) => read(file)).join('\n');
  expect(codes.length).toBeGreaterThan(0);
  // Each of them, as the code that it is: the same letters in a comment or another name are none.
  const isThere = (code: string) => source.includes(/^[A-Z_]+$/.test(code) ? `'${code}'` : code);
  expect(
    codes.filter((code) => !isThere(code)),
    files.join(', '),
  ).toEqual([]);
  expect(read(testFile)).toContain(name);
});
