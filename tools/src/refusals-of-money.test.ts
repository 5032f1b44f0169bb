import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const SECTION = /^## What is refused$(.*?)^## /ms.exec(read('docs/domain/money.md'))?.[1] ?? '';
const ROWS = [...SECTION.matchAll(/^\| (?!What \|)([^|-][^|]*) \| ([^|]+) \| ([^|]+) \| `([^`]+)`: ([^|]+) \|$/gm)].map(
  ([, what = '', codes = '', place = '', testFile = '', name = '']) => ({
    what,
    codes: [...codes.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
    file: /`([^`]+)`/.exec(place)?.[1] ?? '',
    testFile,
    name,
  }),
);

it('reads every row of the table of what is refused', () => {
  expect(ROWS.length).toBe(SECTION.split('\n').filter((line) => line.startsWith('| ')).length - 1);
  expect(ROWS.length).toBeGreaterThan(15);
});

it.each(ROWS)('$what: its code and its test are there', ({ codes, file, testFile, name }) => {
  const source = read(file);
  // An order takes its own reason from the refusal of the account.
  expect(codes.length).toBeGreaterThan(0);
  expect(
    codes.some((code) => source.includes(code)),
    file,
  ).toBe(true);
  expect(read(testFile)).toContain(name);
});
