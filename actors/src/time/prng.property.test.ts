import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Prng } from './prng.ts';

it('gives the same stream for the same seed and name, wherever the parent stands', () => {
  fc.assert(
    fc.property(fc.integer(), fc.string(), fc.nat(20), (seed, name, read) => {
      const one = new Prng(seed);
      const other = new Prng(seed);
      for (let count = 0; count < read; count += 1) one.nextRatio();
      const [a, b] = [one.fork(name), other.fork(name)];
      return [1, 2, 3].every(() => a.nextRatio() === b.nextRatio());
    }),
  );
});

it('gives different streams for different names', () => {
  const root = new Prng(7);
  const first = new Set(Array.from({ length: 1000 }, (_, index) => root.fork(`T${index}`).nextRatio()));
  expect(first.size).toBe(1000);
});

it('keeps to the bounds and means of its distributions', () => {
  const prng = new Prng(11);
  const draws = Array.from({ length: 20_000 }, () => prng.triangular(0.8, 1, 1.6));
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0.8);
  expect(Math.max(...draws)).toBeLessThanOrEqual(1.6);
  expect(draws.reduce((sum, value) => sum + value, 0) / draws.length).toBeCloseTo(3.4 / 3, 1);
  const waits = Array.from({ length: 20_000 }, () => prng.exponential(5));
  expect(Math.abs(waits.reduce((sum, value) => sum + value, 0) / waits.length - 5)).toBeLessThan(0.2);
  const logs = Array.from({ length: 20_001 }, () => prng.logNormal(40, 0.5)).sort((a, b) => a - b);
  expect(Math.abs((logs[10_000] ?? 0) - 40)).toBeLessThan(2);
});
