import type { DurationDistribution } from '../scenario/distribution.ts';

/** Share of durations up to one. @param valueMs >= 0 */
export function cumulativeRatio(distribution: DurationDistribution, valueMs: number): number {
  switch (distribution.kind) {
    case 'exponential':
      return 1 - Math.exp(-valueMs / distribution.meanMs);
    case 'deterministic':
      return valueMs < distribution.valueMs ? 0 : 1;
    case 'triangular':
      return triangularRatio(distribution, valueMs);
    case 'lognormal':
      return valueMs <= 0 ? 0 : normalRatio(Math.log(valueMs / distribution.medianMs) / distribution.sigma);
    case 'empirical':
      return distribution.valuesMs.filter((each) => each <= valueMs).length / distribution.valuesMs.length;
  }
}

/** Share of durations below one: less than `cumulativeRatio` where a shape has one duration more often than chance. */
export function shareBelow(distribution: DurationDistribution, valueMs: number): number {
  if (distribution.kind === 'deterministic') return valueMs <= distribution.valueMs ? 0 : 1;
  if (distribution.kind === 'empirical')
    return distribution.valuesMs.filter((each) => each < valueMs).length / distribution.valuesMs.length;
  return cumulativeRatio(distribution, valueMs);
}

/** The duration that a share does not exceed. @param ratio 0 < ratio < 1 */
export function quantileMs(distribution: DurationDistribution, ratio: number): number {
  switch (distribution.kind) {
    case 'exponential':
      return -distribution.meanMs * Math.log(1 - ratio);
    case 'deterministic':
      return distribution.valueMs;
    case 'triangular':
      return triangularMs(distribution, ratio);
    case 'lognormal':
      return distribution.medianMs * Math.exp(distribution.sigma * normalQuantile(ratio));
    case 'empirical':
      return quantileOf(
        [...distribution.valuesMs].sort((one, other) => one - other),
        ratio,
      );
  }
}

/** Between two values where the share falls between them. @param sorted ascending, not empty */
export function quantileOf(sorted: readonly number[], ratio: number): number {
  const place = Math.min(sorted.length - 1, Math.max(0, ratio * sorted.length - 0.5));
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

type Triangle = Extract<DurationDistribution, { kind: 'triangular' }>;

function triangularRatio({ minMs, modeMs, maxMs }: Triangle, valueMs: number): number {
  if (valueMs <= minMs) return 0;
  if (valueMs >= maxMs) return 1;
  if (valueMs < modeMs) return (valueMs - minMs) ** 2 / ((maxMs - minMs) * (modeMs - minMs));
  return 1 - (maxMs - valueMs) ** 2 / ((maxMs - minMs) * (maxMs - modeMs));
}

function triangularMs({ minMs, modeMs, maxMs }: Triangle, ratio: number): number {
  const rise = (modeMs - minMs) / (maxMs - minMs);
  if (ratio < rise) return minMs + Math.sqrt(ratio * (maxMs - minMs) * (modeMs - minMs));
  return maxMs - Math.sqrt((1 - ratio) * (maxMs - minMs) * (maxMs - modeMs));
}

const ERFC_SERIES = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
];

/** Standard normal, to 1.2e-7 (Chebyshev fit of erfc, Numerical Recipes 6.2). */
export function normalRatio(z: number): number {
  const t = 1 / (1 + Math.abs(z) / Math.SQRT2 / 2);
  const exponent = ERFC_SERIES.reduceRight((sum, coefficient) => coefficient + t * sum, 0);
  const tail = 0.5 * t * Math.exp((-z * z) / 2 + exponent);
  return z < 0 ? tail : 1 - tail;
}

/** By bisection: it is asked a hundred times a chart. */
export function normalQuantile(ratio: number): number {
  let low = -8;
  let high = 8;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (normalRatio(middle) < ratio) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
