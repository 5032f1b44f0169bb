import { progressLine } from './progress-line.ts';
import type { RunsOptions } from './run-pool.ts';

const CLEAR = '\r\u001b[2K';

/** A line on stderr. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** A bar on a terminal; elsewhere one line a run. */
export function progressOf(runs: number): Required<Pick<RunsOptions, 'onProgress' | 'onDone'>> & { end: () => void } {
  const { stderr } = process;
  const startedMs = performance.now();
  if (!stderr.isTTY) return { onProgress: () => undefined, onDone: (seed) => say(`seed ${seed} done`), end: () => undefined };
  return {
    onProgress: (doneRuns) => void stderr.write(`${CLEAR}${progressLine({ doneRuns, runs, elapsedMs: performance.now() - startedMs })}`),
    onDone: () => undefined,
    end: () => void stderr.write(CLEAR),
  };
}
