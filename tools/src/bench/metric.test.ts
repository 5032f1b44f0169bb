import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT_FOLDER } from '../tidy/repository.ts';
import { benches } from './benches.ts';
import { judged, median, metricLine } from './metric.ts';

describe('a figure', () => {
  const slow = { metric: 'p99_ms', value: 600, unit: 'ms', goal: 500, direction: 'at-most' } as const;

  it('meets its goal or misses it', () => {
    expect(judged('bill', slow, false)).toMatchObject({ case: 'default', goal: 500, ok: false, smoke: false });
    expect(judged('bill', { ...slow, value: 500 }, false).ok).toBe(true);
    expect(judged('ingest', { metric: 'ratio', value: 0.6, unit: '1', goal: 0.6, direction: 'at-least' }, false).ok).toBe(true);
    expect(judged('ingest', { metric: 'bytes', value: 7, unit: 'B' }, false)).toMatchObject({ goal: null, ok: null });
    expect(metricLine(judged('bill', slow, false))).toBe('bill/default  p99_ms = 600 ms  goal 500 MISSED');
  });

  it('of a smoke is not held against the goal of the whole', () => {
    expect(judged('bill', slow, true)).toMatchObject({ value: 600, goal: null, ok: null, smoke: true });
    expect(metricLine(judged('bill', slow, true))).toBe('bill/default  p99_ms = 600 ms  smoke: not comparable');
  });

  it('is the middle of its samples', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
  });
});

it('the README names every benchmark, in the order in which they run', () => {
  const readme = readFileSync(join(ROOT_FOLDER, 'README.md'), 'utf8');
  const named = /`npm run bench [^`]*` \| benchmarks: `([^`]*)`/.exec(readme)?.[1];
  expect(named?.split(' ')).toEqual(benches.map(({ name }) => name));
});
