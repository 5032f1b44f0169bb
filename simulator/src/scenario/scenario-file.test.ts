import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { scenarioText } from './scenario-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'scenario-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with nothing in it but a time. */
function fileWith(time: object): string {
  const file = join(folder, 'times.json');
  writeFileSync(file, JSON.stringify({ time }));
  return file;
}
writeFileSync(join(folder, 'times.csv'), 'came,took\n2026-01-01T00:00:00Z,300\n2026-01-01T00:10:00Z,400\n');
const CSV = { kind: 'empirical', csv: 'times.csv', column: 'took', as: 'durations' };

it('puts the times of a file in its place, durations or gaps between instants', () => {
  expect(JSON.parse(scenarioText(fileWith(CSV)))).toEqual({ time: { kind: 'empirical', valuesMs: [300, 400] } });
  const gaps = scenarioText(fileWith({ ...CSV, column: 'came', as: 'instants' }));
  expect(JSON.parse(gaps)).toEqual({ time: { kind: 'empirical', valuesMs: [600_000] } });
});

it.each([
  [
    'a key that is misspelt',
    { ...CSV, column: undefined, colum: 'took' },
    '/time/colum: "took"; unknown key; known are kind, csv, column, as',
  ],
  ['a key that is none', { ...CSV, unit: 's' }, '/time/unit: "s"; unknown key; known are kind, csv, column, as'],
  ['another way to read it', { ...CSV, as: 'gaps' }, '/time/as: "gaps"; one of "durations", "instants"'],
  ['a column that is not there', { ...CSV, column: 'needed' }, 'column needed with milliseconds in each row; row 1 has none'],
  ['a file that is not there', { ...CSV, csv: 'none.csv' }, '/time/csv: "none.csv"; a CSV file beside the scenario: ENOENT'],
])('refuses %s', (_, time, told) => {
  expect(() => scenarioText(fileWith(time))).toThrow(told);
});
