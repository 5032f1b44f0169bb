/** A mean over runs and where the true mean lies with 95 % certainty. */
export interface Interval {
  mean: number;
  /** null with one run: it says nothing of the spread. */
  low: number | null;
  high: number | null;
  /** Runs that had a figure. */
  runs: number;
}

const ANYTHING = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/**
 * Student's t interval over independent runs, ended where the figure ends: of few runs it reaches beyond, where no true mean is, so that what is
 * cut off costs no certainty.
 * @param range what the figure can be at all
 * @returns null when no run had a figure
 */
export function interval95(values: readonly number[], range: { low: number; high: number } = ANYTHING): Interval | null {
  const runs = values.length;
  if (runs === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / runs;
  if (runs === 1) return { mean, low: null, high: null, runs };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (runs - 1);
  const half = studentT975(runs - 1) * Math.sqrt(variance / runs);
  return { mean, low: Math.max(range.low, mean - half), high: Math.min(range.high, mean + half), runs };
}

/** Up to here the expansion is off by more than 0.0005. */
const FIRST_T975 = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469];
const Z975 = 1.959963985;

/** The 97.5 % point of Student's t: a table, then the expansion of Cornish and Fisher (Abramowitz and Stegun 26.7.5). */
export function studentT975(degreesOfFreedom: number): number {
  const tabled = FIRST_T975[degreesOfFreedom - 1];
  if (tabled !== undefined) return tabled;
  const z = Z975;
  const n = degreesOfFreedom;
  return (
    z +
    (z ** 3 + z) / (4 * n) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * n ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * n ** 3) +
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / (92_160 * n ** 4)
  );
}
