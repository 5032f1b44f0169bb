import { Prng } from '@corridor/actors/time/prng';
import { assert } from '@corridor/protocols/assert';
import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import type { DurationDistribution } from '../scenario/distribution.ts';
import { quantileMs, quantileOf } from './duration-shape.ts';
import { ascending, type Fit, type Goodness, goodnessOf } from './goodness.ts';

/** A kind of distribution, fitted, and how well it tells what was observed. */
export interface Candidate extends Goodness {
  distribution: DurationDistribution;
}

export interface DurationFit {
  count: number;
  meanMs: number;
  /** The best first. */
  candidates: readonly Candidate[];
  /** What to write into a scenario: the best candidate, or what was observed when none of them tells it. */
  chosen: DurationDistribution;
  /** Ascending [ms]. */
  sorted: readonly number[];
}

/** Fewer tell nothing of a shape. */
export const COUNT_MIN = 10;
/** A shape is kept that chance alone could have missed by as much … */
const P_MIN = 0.05;
/** … or that is off by less than a queue would notice. */
const KS_DISTANCE_SMALL = 0.02;
/** Values that stand for what was observed. */
const EMPIRICAL_MAX = 500;
/** Spread below which a duration is called constant, as share of the mean. */
const CONSTANT_RATIO = 0.001;

/** @param durationsMs at least `COUNT_MIN`, >= 0. @param seed of the samples that the test draws */
export function fitDurations(durationsMs: readonly number[], seed = 1): DurationFit {
  assert(durationsMs.length >= COUNT_MIN, `${durationsMs.length} durations are too few`);
  const sorted = ascending(durationsMs);
  const prng = new Prng(seed);
  const candidates = Object.values(FITS)
    .flatMap((fit) => {
      const distribution = fit(sorted);
      return distribution === null
        ? []
        : [{ distribution, ...goodnessOf(sorted, distribution, { fit, prng: prng.fork(distribution.kind) }) }];
    })
    .sort((one, other) => one.ksDistance - other.ksDistance);
  return { count: sorted.length, meanMs: meanOf(sorted), candidates, chosen: chosenOf(sorted, candidates), sorted };
}

function chosenOf(sorted: readonly number[], candidates: readonly Candidate[]): DurationDistribution {
  const best = candidates.find(({ pRatio, ksDistance }) => pRatio >= P_MIN || ksDistance <= KS_DISTANCE_SMALL);
  return best?.distribution ?? empirical(sorted);
}

/** What was observed, thinned out evenly. */
function empirical(sorted: readonly number[]): DurationDistribution {
  const count = Math.min(sorted.length, EMPIRICAL_MAX);
  return {
    kind: 'empirical',
    valuesMs: Array.from({ length: count }, (_, index) => Math.round(quantileOf(sorted, (index + 0.5) / count))),
  };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const FITS: Readonly<Record<'deterministic' | 'exponential' | 'lognormal' | 'triangular', Fit>> = {
  deterministic: (sorted) => {
    const mean = meanOf(sorted);
    const spread = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
    return spread <= CONSTANT_RATIO * mean ? { kind: 'deterministic', valueMs: mean } : null;
  },
  exponential: (sorted) => {
    const meanMs = meanOf(sorted);
    return meanMs > 0 ? { kind: 'exponential', meanMs } : null;
  },
  lognormal: (sorted) => {
    if ((sorted[0] ?? 0) <= 0) return null;
    const logs = sorted.map(Math.log);
    const mean = meanOf(logs);
    const sigma = Math.sqrt(meanOf(logs.map((log) => (log - mean) ** 2)));
    return sigma > CONSTANT_RATIO ? { kind: 'lognormal', medianMs: Math.exp(mean), sigma } : null;
  },
  triangular,
};

/** Shares at which the triangle is laid along what was observed. */
const TRIANGLE_POINTS = Array.from({ length: 41 }, (_, index) => (index + 0.5) / 41);

/** Least squares of the quantiles: the extremes of a sample are a poor guide to where a triangle ends. */
function triangular(sorted: readonly number[]): DurationDistribution | null {
  const scale = meanOf(sorted);
  const spread = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
  if (scale <= 0 || spread <= CONSTANT_RATIO * scale) return null;
  // Least, then how much more the most likely and the most are: so none can pass another.
  const triangleOf = ([least = 0, rise = 0, fall = 0]: readonly number[]) => ({
    kind: 'triangular' as const,
    minMs: least * scale,
    modeMs: (least + rise) * scale,
    maxMs: (least + rise + fall) * scale,
  });
  const half = spread / scale / 2;
  const { parameterValues } = levenbergMarquardt(
    { x: TRIANGLE_POINTS, y: TRIANGLE_POINTS.map((ratio) => quantileOf(sorted, ratio) / scale) },
    (values) => {
      const triangle = triangleOf(values);
      return (ratio) => quantileMs(triangle, ratio) / scale;
    },
    {
      initialValues: [(sorted[0] ?? 0) / scale, half, half],
      minValues: [0, 1e-6, 1e-6],
      maxValues: [1e6, 1e6, 1e6],
      gradientDifference: 1e-5,
      maxIterations: 20,
      errorTolerance: 1e-9,
    },
  );
  return triangleOf(parameterValues);
}
