import type { Prng } from '@corridor/actors/time/prng';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
/** A year: what takes longer is a mistake in the unit. */
const DURATION_MS_MAX = 31_536_000_000;
const above0 = (description: string) => Type.Number({ exclusiveMinimum: 0, maximum: DURATION_MS_MAX, description });
const from0 = (description: string) => Type.Number({ minimum: 0, maximum: DURATION_MS_MAX, description });

/** How long something takes; drawn anew each time. */
export const DurationDistribution = Type.Union([
  Type.Object({ kind: Type.Literal('exponential'), meanMs: above0('mean [ms]') }, closed),
  Type.Object({ kind: Type.Literal('deterministic'), valueMs: from0('always this [ms]') }, closed),
  Type.Object(
    { kind: Type.Literal('triangular'), minMs: from0('least [ms]'), modeMs: above0('most likely [ms]'), maxMs: above0('most [ms]') },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('lognormal'),
      medianMs: above0('median [ms]'),
      sigma: Type.Number({ exclusiveMinimum: 0, maximum: 5, description: 'standard deviation of the logarithm' }),
    },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal('empirical'), valuesMs: Type.Array(from0('an observed duration [ms]'), { minItems: 1, maxItems: 100_000 }) },
    closed,
  ),
]);
export type DurationDistribution = Static<typeof DurationDistribution>;

/** @returns ms, >= 0 */
export function drawMs(distribution: DurationDistribution, prng: Prng): number {
  switch (distribution.kind) {
    case 'exponential':
      return prng.exponential(distribution.meanMs);
    case 'deterministic':
      return distribution.valueMs;
    case 'triangular':
      return prng.triangular(distribution.minMs, distribution.modeMs, distribution.maxMs);
    case 'lognormal':
      return prng.logNormal(distribution.medianMs, distribution.sigma);
    case 'empirical':
      return prng.pick(distribution.valuesMs);
  }
}

/** @returns ms, >= 0 */
export function meanMsOf(distribution: DurationDistribution): number {
  switch (distribution.kind) {
    case 'exponential':
      return distribution.meanMs;
    case 'deterministic':
      return distribution.valueMs;
    case 'triangular':
      return (distribution.minMs + distribution.modeMs + distribution.maxMs) / 3;
    case 'lognormal':
      return distribution.medianMs * Math.exp(distribution.sigma ** 2 / 2);
    case 'empirical':
      return distribution.valuesMs.reduce((sum, valueMs) => sum + valueMs, 0) / distribution.valuesMs.length;
  }
}
