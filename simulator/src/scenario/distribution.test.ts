import { Prng } from '@corridor/actors/time/prng';
import { expect, it } from 'vitest';
import { type DurationDistribution, drawMs, meanMsOf } from './distribution.ts';

const DRAWS = 40_000;

it.each<DurationDistribution>([
  { kind: 'exponential', meanMs: 300_000 },
  { kind: 'deterministic', valueMs: 300_000 },
  { kind: 'triangular', minMs: 240_000, modeMs: 300_000, maxMs: 480_000 },
  { kind: 'lognormal', medianMs: 40, sigma: 0.5 },
  { kind: 'empirical', valuesMs: [1, 2, 2, 100] },
])('$kind has the mean that it is warned with', (distribution) => {
  const prng = new Prng(5);
  const drawn = Array.from({ length: DRAWS }, () => drawMs(distribution, prng));
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  expect(drawn.reduce((sum, ms) => sum + ms, 0) / DRAWS / meanMsOf(distribution)).toBeCloseTo(1, 1);
});
