import { expect, it } from 'vitest';
import { progressLine } from './progress-line.ts';

it('shows how far it is and what is left at the pace so far', () => {
  expect(progressLine({ doneRuns: 2.5, runs: 10, elapsedMs: 60_000 })).toBe(
    `${'█'.repeat(7)}${'░'.repeat(23)} 25 %, 2 of 10 runs, 00:03:00 left`,
  );
  expect(progressLine({ doneRuns: 0, runs: 10, elapsedMs: 0 })).toBe(`${'░'.repeat(30)} 0 %, 0 of 10 runs`);
});
