/** One figure of a benchmark, as `--json` prints it, one object a line. */
export interface Metric {
  bench: string;
  case: string;
  metric: string;
  value: number;
  unit: string;
  /** The figure asked for; null when there is none. */
  goal: number | null;
  /** Whether the goal is met; null without a goal. */
  ok: boolean | null;
}

/** Is a bigger or a smaller value better? */
export type Direction = 'at-least' | 'at-most';

export interface BenchContext {
  /** true: a short run that only proves that the benchmark works; its figures say nothing. */
  smoke: boolean;
  /** Progress for a person, on stderr. */
  say(line: string): void;
  report(figure: { case?: string; metric: string; value: number; unit: string; goal?: number; direction?: Direction }): void;
}

export interface Bench {
  name: string;
  /** One line for `npm run bench -- --list`. */
  about: string;
  run(context: BenchContext): Promise<void>;
}

/** Median of an odd or even number of samples. @throws RangeError when there is none */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('median of no samples');
  return (upper + lower) / 2;
}
