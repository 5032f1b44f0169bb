import { Prng } from '@corridor/actors/time/prng';
import { expect, it } from 'vitest';
import { type DurationDistribution, drawMs, meanMsOf } from '../scenario/distribution.ts';
import { fitDurations } from './duration-fit.ts';
import { cumulativeRatio, normalRatio, quantileMs } from './duration-shape.ts';
import { andersonDarling, ksDistance } from './goodness.ts';

const drawn = (distribution: DurationDistribution, count: number, seed = 11) => {
  const prng = new Prng(seed);
  return Array.from({ length: count }, () => drawMs(distribution, prng));
};

const SHAPES: readonly DurationDistribution[] = [
  { kind: 'exponential', meanMs: 300_000 },
  { kind: 'triangular', minMs: 240_000, modeMs: 300_000, maxMs: 480_000 },
  { kind: 'lognormal', medianMs: 300_000, sigma: 0.4 },
];

it.each(SHAPES)('finds again what was drawn from $kind', (truth) => {
  const { chosen, candidates } = fitDurations(drawn(truth, 800));
  expect(chosen.kind).toBe(truth.kind);
  expect(candidates[0]?.pRatio).toBeGreaterThan(0.05);
  for (const ratio of [0.05, 0.25, 0.5, 0.75, 0.95])
    expect(Math.abs(quantileMs(chosen, ratio) / quantileMs(truth, ratio) - 1)).toBeLessThan(0.08);
});

it('calls constant what is, and keeps what no shape tells', () => {
  const constant = fitDurations(Array.from({ length: 20 }, () => 300_000));
  expect(constant.chosen).toEqual({ kind: 'deterministic', valueMs: 300_000 });
  expect(constant.candidates[0]).toMatchObject({ distribution: constant.chosen, ksDistance: 0, andersonDarling: 0, pRatio: 1 });
  const twoKinds = [
    ...drawn({ kind: 'triangular', minMs: 100, modeMs: 110, maxMs: 120 }, 150),
    ...drawn({ kind: 'triangular', minMs: 900, modeMs: 910, maxMs: 920 }, 150),
  ];
  const { chosen, candidates, meanMs } = fitDurations(twoKinds);
  expect(chosen.kind).toBe('empirical');
  expect(meanMsOf(chosen) / meanMs).toBeCloseTo(1, 2);
  expect(Math.max(...candidates.map(({ pRatio }) => pRatio))).toBeLessThan(0.05);
});

it('tells the distances of samples that are known', () => {
  // One value in the middle of an exponential: half above, half below.
  const exponential: DurationDistribution = { kind: 'exponential', meanMs: 1 };
  expect(ksDistance([Math.LN2], exponential)).toBeCloseTo(0.5, 12);
  expect(andersonDarling([Math.LN2], exponential)).toBeCloseTo(-1 + 2 * Math.LN2, 12);
  const grid = Array.from({ length: 100 }, (_, index) => quantileMs(exponential, (index + 0.5) / 100));
  expect(ksDistance(grid, exponential)).toBeCloseTo(0.005, 9);
  // Of three in four that are the constant, one lies below it.
  expect(ksDistance([200, 300, 300, 300], { kind: 'deterministic', valueMs: 300 })).toBeCloseTo(0.25, 12);
  expect(andersonDarling([200, 300], { kind: 'deterministic', valueMs: 300 })).toBeNull();
  expect(andersonDarling([2, 3], { kind: 'triangular', minMs: 2.5, modeMs: 3, maxMs: 4 })).toBeNull();
  expect([normalRatio(0), normalRatio(1.959963985), normalRatio(-1.959963985)].map((ratio) => ratio.toFixed(6))).toEqual([
    '0.500000',
    '0.975000',
    '0.025000',
  ]);
});

it.each(SHAPES)('$kind: quantile and share are inverse', (shape) => {
  for (const ratio of [0.01, 0.3, 0.5, 0.9, 0.999]) expect(cumulativeRatio(shape, quantileMs(shape, ratio))).toBeCloseTo(ratio, 6);
});

it('fits the same from the same, in any order', () => {
  const values = drawn({ kind: 'lognormal', medianMs: 300_000, sigma: 0.4 }, 60);
  expect(fitDurations([...values].reverse())).toEqual(fitDurations(values));
});
