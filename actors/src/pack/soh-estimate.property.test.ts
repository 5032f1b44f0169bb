import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Prng } from '../time/prng.ts';
import type { PackRest } from './rest-scan.ts';
import { estimateSoh } from './soh-estimate.ts';

const NOMINAL_WH = 350_000;

/** A chain of rests as a pack of this capacity makes it, each read with its own error. */
function restsOf(prng: Prng, { sohRatio, count }: { sohRatio: number; count: number }): PackRest[] {
  let socPercent = prng.uniform(15, 40);
  let isLow = true;
  const rests: PackRest[] = [];
  for (let index = 0; index < count; index += 1) {
    const before = socPercent;
    if (index > 0) {
      socPercent = isLow ? prng.uniform(85, 97) : prng.uniform(10, 45);
      isLow = !isLow;
    }
    const sigmaPercent = prng.uniform(0.5, 5);
    const energySigmaWh = prng.uniform(50, 500);
    rests.push({
      atMs: index * 3_600_000,
      restedMs: 600_000,
      socPercent: socPercent + sigmaPercent * prng.normal(),
      sigmaPercent,
      energyWh: index === 0 ? null : ((socPercent - before) / 100) * sohRatio * NOMINAL_WH + energySigmaWh * prng.normal(),
      energySigmaWh,
    });
  }
  return rests;
}

it('covers the true state of health with its interval at the stated rate', () => {
  const prng = new Prng(11);
  const packs = 1_000;
  let covered = 0;
  for (let pack = 0; pack < packs; pack += 1) {
    const sohRatio = prng.uniform(0.7, 1);
    const estimate = estimateSoh(restsOf(prng, { sohRatio, count: prng.integer(4, 40) }), NOMINAL_WH);
    expect(estimate).not.toBeNull();
    if (estimate !== null && estimate.lowPercent <= sohRatio * 100 && sohRatio * 100 <= estimate.highPercent) covered += 1;
  }
  // 95 % of 1,000 has a standard deviation of 0.7 %; the interval is widened where chance alone makes pairs disagree.
  expect(covered / packs).toBeGreaterThan(0.93);
  expect(covered / packs).toBeLessThan(0.99);
});

it('tells more the more pairs there are', () => {
  const widths = [4, 40, 400].map((count) => {
    const estimate = estimateSoh(restsOf(new Prng(5), { sohRatio: 0.9, count }), NOMINAL_WH);
    return estimate === null ? Number.NaN : estimate.highPercent - estimate.lowPercent;
  });
  expect(widths[1]).toBeLessThan(widths[0] ?? 0);
  expect(widths[2]).toBeLessThan((widths[1] ?? 0) / 2);
});

it('does not depend on the unit of the capacity, and holds its best value in its interval', () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0.7, max: 1, noNaN: true }), fc.integer({ min: 5, max: 30 }), (seed, sohRatio, count) => {
      const rests = restsOf(new Prng(seed), { sohRatio, count });
      const estimate = estimateSoh(rests, NOMINAL_WH);
      if (estimate === null) return;
      expect(estimate.pairs).toBe(count - 1);
      expect(estimate.lowPercent).toBeLessThanOrEqual(estimate.sohPercent);
      expect(estimate.highPercent).toBeGreaterThanOrEqual(estimate.sohPercent);
      const doubled = rests.map((rest) => ({
        ...rest,
        energyWh: rest.energyWh === null ? null : rest.energyWh * 2,
        energySigmaWh: rest.energySigmaWh * 2,
      }));
      expect(estimateSoh(doubled, NOMINAL_WH * 2)?.sohPercent).toBeCloseTo(estimate.sohPercent, 4);
    }),
    { numRuns: 100 },
  );
});

it('tells nothing of rests with nothing between them, nor of a state of charge that never changed', () => {
  const rest: PackRest = { atMs: 0, restedMs: 600_000, socPercent: 50, sigmaPercent: 3, energyWh: null, energySigmaWh: 1 };
  expect(estimateSoh([], NOMINAL_WH)).toBeNull();
  expect(estimateSoh([rest, { ...rest, atMs: 1 }], NOMINAL_WH)).toBeNull();
  expect(estimateSoh([rest, { ...rest, atMs: 1, energyWh: 500 }], NOMINAL_WH)).toBeNull();
});
