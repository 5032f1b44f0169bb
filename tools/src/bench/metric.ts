/** One figure of a benchmark, as `--json` prints it, one object a line. */
export interface Metric {
  bench: string;
  case: string;
  metric: string;
  value: number;
  unit: string;
  /** The figure asked for; null when there is none, and in a smoke. */
  goal: number | null;
  /** Whether the goal is met; null without a goal. */
  ok: boolean | null;
  /** true: a short run with small sizes, not comparable with the goals nor with a whole run. */
  smoke: boolean;
}

/** Is a bigger or a smaller value better? */
type Direction = 'at-least' | 'at-most';

/** What a benchmark says of one figure. */
export type Figure = { case?: string; metric: string; value: number; unit: string; goal?: number; direction?: Direction };

/** A figure with its verdict; the goals are of the whole sizes, so that a smoke has none. */
export function judged(bench: string, figure: Figure, smoke: boolean): Metric {
  const goal = smoke ? null : (figure.goal ?? null);
  const ok = goal === null ? null : figure.direction === 'at-most' ? figure.value <= goal : figure.value >= goal;
  return { bench, case: figure.case ?? 'default', metric: figure.metric, value: figure.value, unit: figure.unit, goal, ok, smoke };
}

/** For people. */
export function metricLine(metric: Metric): string {
  const value = metric.value.toLocaleString('en', { maximumSignificantDigits: 5 });
  const goal = metric.goal === null ? '' : `  goal ${metric.goal.toLocaleString('en')} ${metric.ok ? 'met' : 'MISSED'}`;
  return `${metric.bench}/${metric.case}  ${metric.metric} = ${value} ${metric.unit}${metric.smoke ? '  smoke: not comparable' : goal}`;
}

export interface BenchContext {
  /** true: a short run that only proves that the benchmark works; its figures say nothing. */
  smoke: boolean;
  /** How long a benchmark that watches something over time does so; null: as long as it does by itself. */
  minutes: number | null;
  /** Progress for a person, on stderr. */
  say(line: string): void;
  report(figure: Figure): void;
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
