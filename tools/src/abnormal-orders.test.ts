import { readFileSync } from 'node:fs';
import { ABNORMAL_REASONS } from '@corridor/protocols/reason-code';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const ROWS = [...read('docs/domain/abnormal-orders.md').matchAll(/^\| `([A-Z_<>]+)` \|(.*)\|$/gm)].map(([, reason = '', cells = '']) => {
  const [raisedBy = '', when = '', repair = '', test = ''] = cells.split(' | ').map((cell) => cell.trim());
  const [, testFile = '', name = ''] = /^`([^`]+)`: (.+)$/.exec(test) ?? [];
  return { reason, files: [...raisedBy.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path), when, repair, testFile, name };
});

it('says of every reason for which an order is abnormal where it comes from and how it ends', () => {
  expect(ROWS.map(({ reason }) => reason).toSorted()).toEqual([...ABNORMAL_REASONS, 'SWAP_ABORTED_<STEP>'].toSorted());
});

it.each(ROWS)('$reason is raised there, and its test is there', ({ reason, files, when, repair, testFile, name }) => {
  const code = reason.replace('<STEP>', '');
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect(read(file), file).toMatch(new RegExp(`['\`]${code}`));
  expect([when, repair].includes('')).toBe(false);
  expect(read(testFile)).toContain(name);
});
