import type { RunsOptions } from '../planner/run-pool.ts';
import { progressLine } from './progress-line.ts';

const CLEAR = '\r\u001b[2K';

/** Where a command tells, and by what it is stopped. */
export interface CommandStreams {
  stdout: { write: (text: string) => unknown };
  stderr: { write: (text: string) => unknown; isTTY?: boolean };
  signal: AbortSignal;
}

export interface Progress extends Required<Pick<RunsOptions, 'onProgress'>> {
  onDone: (seed: number) => void;
  /** A line that stays, above the bar. */
  say: (line: string) => void;
  end: () => void;
}

/** A bar on a terminal; elsewhere one line a run. @param runs that will be made, at most */
export function progressOf(
  runs: number,
  { stderr, nowMs = () => performance.now() }: Pick<CommandStreams, 'stderr'> & { nowMs?: () => number },
): Progress {
  const startedMs = nowMs();
  const line = (text: string) => void stderr.write(`${text}\n`);
  if (!stderr.isTTY) return { onProgress: () => undefined, onDone: (seed) => line(`seed ${seed} done`), say: line, end: () => undefined };
  return {
    onProgress: (doneRuns) => void stderr.write(`${CLEAR}${progressLine({ doneRuns, runs, elapsedMs: nowMs() - startedMs })}`),
    onDone: () => undefined,
    say: (text) => void stderr.write(`${CLEAR}${text}\n`),
    end: () => void stderr.write(CLEAR),
  };
}
