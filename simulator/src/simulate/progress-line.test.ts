import { expect, it } from 'vitest';
import { progressLine } from './progress-line.ts';
import { progressOf } from './run-progress.ts';

it('shows how far it is and what is left at the pace so far', () => {
  expect(progressLine({ doneRuns: 2.5, runs: 10, elapsedMs: 60_000 })).toBe(
    `${'█'.repeat(7)}${'░'.repeat(23)} 25 %, 2 of 10 runs, 00:03:00 left`,
  );
  expect(progressLine({ doneRuns: 0, runs: 10, elapsedMs: 0 })).toBe(`${'░'.repeat(30)} 0 %, 0 of 10 runs`);
});

/** What a terminal or a file is told of four runs, of which two are made. */
function told(isTTY: boolean): string[] {
  const lines: string[] = [];
  let nowMs = 0;
  const progress = progressOf(4, { stderr: { write: (text) => lines.push(text), isTTY }, nowMs: () => nowMs });
  nowMs = 60_000;
  progress.onDone(7);
  progress.onProgress(1);
  progress.say('half an answer');
  progress.onProgress(2);
  progress.end();
  return lines;
}

it('draws a bar with the time that is left on a terminal, and lines elsewhere', () => {
  const clear = '\r\u001b[2K';
  expect(told(true)).toEqual([
    `${clear}${'█'.repeat(7)}${'░'.repeat(23)} 25 %, 1 of 4 runs, 00:03:00 left`,
    `${clear}half an answer\n`,
    `${clear}${'█'.repeat(15)}${'░'.repeat(15)} 50 %, 2 of 4 runs, 00:01:00 left`,
    clear,
  ]);
  expect(told(false)).toEqual(['seed 7 done\n', 'half an answer\n']);
});
