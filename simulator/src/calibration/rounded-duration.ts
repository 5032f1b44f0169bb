import type { DurationDistribution } from '../scenario/distribution.ts';

/** Milliseconds say nothing more. */
export function roundedOf(distribution: DurationDistribution): DurationDistribution {
  const ms = Math.round;
  switch (distribution.kind) {
    case 'exponential':
      return { kind: 'exponential', meanMs: ms(distribution.meanMs) };
    case 'deterministic':
      return { kind: 'deterministic', valueMs: ms(distribution.valueMs) };
    case 'triangular':
      return { kind: 'triangular', minMs: ms(distribution.minMs), modeMs: ms(distribution.modeMs), maxMs: ms(distribution.maxMs) };
    case 'lognormal':
      return { kind: 'lognormal', medianMs: ms(distribution.medianMs), sigma: Number(distribution.sigma.toPrecision(4)) };
    case 'empirical':
      return distribution;
  }
}
