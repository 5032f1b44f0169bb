import type { Prng } from '@corridor/actors/time/prng';
import { type DurationDistribution, drawMs } from '../scenario/distribution.ts';
import { cumulativeRatio, shareBelow } from './duration-shape.ts';

/** How well a distribution tells what was observed. */
export interface Goodness {
  /** Greatest distance between the two cumulative shares (Kolmogorov and Smirnov), 0..1. */
  ksDistance: number;
  /** The same with weight on both tails (Anderson and Darling); null where the distribution rules out what was observed. */
  andersonDarling: number | null;
  /** Share of samples of the fitted distribution, each fitted anew, that lie farther from it than what was observed. */
  pRatio: number;
}

/** Fits a kind of distribution; null when it cannot have made these. @param sorted ascending */
export type Fit = (sorted: readonly number[]) => DurationDistribution | null;

/** Samples drawn for `pRatio`. */
const SAMPLES = 99;
/** The test looks at no more than so many: of more every simple shape is refused. */
const TESTED_MAX = 1_000;

/** @param sorted ascending, not empty */
export function goodnessOf(sorted: readonly number[], fitted: DurationDistribution, { fit, prng }: { fit: Fit; prng: Prng }): Goodness {
  const tested = sorted.length <= TESTED_MAX ? sorted : ascending(Array.from({ length: TESTED_MAX }, () => prng.pick(sorted)));
  const observed = ksDistance(tested, fit(tested) ?? fitted);
  let farther = 0;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const drawn = ascending(Array.from(tested, () => drawMs(fitted, prng)));
    if (ksDistance(drawn, fit(drawn) ?? fitted) >= observed) farther += 1;
  }
  return {
    ksDistance: ksDistance(sorted, fitted),
    andersonDarling: andersonDarling(sorted, fitted),
    pRatio: (farther + 1) / (SAMPLES + 1),
  };
}

export function ksDistance(sorted: readonly number[], distribution: DurationDistribution): number {
  let most = 0;
  for (const [index, value] of sorted.entries()) {
    const below = shareBelow(distribution, value) - index / sorted.length;
    most = Math.max(most, below, (index + 1) / sorted.length - cumulativeRatio(distribution, value));
  }
  return most;
}

export function andersonDarling(sorted: readonly number[], distribution: DurationDistribution): number | null {
  // What is always the same is told exactly, or not at all.
  if (distribution.kind === 'deterministic') return sorted.every((value) => value === distribution.valueMs) ? 0 : null;
  let sum = 0;
  for (const [index, value] of sorted.entries()) {
    const below = cumulativeRatio(distribution, value);
    const above = 1 - cumulativeRatio(distribution, sorted.at(-1 - index) ?? value);
    if (below <= 0 || above <= 0) return null;
    sum += (2 * index + 1) * (Math.log(below) + Math.log(above));
  }
  return -sorted.length - sum / sorted.length;
}

export const ascending = (values: readonly number[]): number[] => [...values].sort((one, other) => one - other);
