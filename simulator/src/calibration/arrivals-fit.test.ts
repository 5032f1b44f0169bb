import { Prng } from '@corridor/actors/time/prng';
import { expect, it } from 'vitest';
import { fitArrivals } from './arrivals-fit.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Instants at which something happens with gaps of `gapMs`, until the days are over. */
function stream(days: number, gapMs: (atMs: number) => number): number[] {
  const instants: number[] = [];
  for (let atMs = gapMs(0); atMs < days * DAY_MS; atMs += gapMs(atMs)) instants.push(atMs);
  return instants;
}

it('finds again one rate, and no day profile where chance alone makes hours differ', () => {
  const prng = new Prng(3);
  const fit = fitArrivals([stream(20, () => prng.exponential(HOUR_MS / 4))]);
  expect(fit?.plan.kind).toBe('poisson');
  expect(fit?.plan).not.toHaveProperty('dayProfile');
  expect(fit?.plan.kind === 'poisson' && Math.abs(fit.plan.perHour / 4 - 1)).toBeLessThan(0.08);
  expect(fit?.gaps.candidates.find(({ distribution }) => distribution.kind === 'exponential')?.pRatio).toBeGreaterThan(0.05);
});

it('tells no profile of days of which some hours were never seen', () => {
  const runs = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((seed) => {
    const prng = new Prng(seed);
    return stream(0.25, () => prng.exponential(HOUR_MS / 8));
  });
  const fit = fitArrivals(runs);
  expect(fit).toMatchObject({ profileGain: null, plan: { kind: 'poisson' } });
  expect(fit?.plan).not.toHaveProperty('dayProfile');
  expect(fit?.plan.kind === 'poisson' && Math.abs(fit.plan.perHour / 8 - 1)).toBeLessThan(0.1);
});

it('finds again the hours of the day, from several runs', () => {
  const rateAt = (atMs: number) => (Math.floor(atMs / HOUR_MS) % 24 < 6 ? 1 : 7);
  const runs = [1, 2, 3].map((seed) => {
    const prng = new Prng(seed);
    // At the rate of the highest hour, thinned out in the others.
    return stream(10, () => prng.exponential(HOUR_MS / 7)).filter((atMs) => prng.nextRatio() * 7 < rateAt(atMs));
  });
  const fit = fitArrivals(runs);
  const plan = fit?.plan;
  if (plan?.kind !== 'poisson' || plan.dayProfile === undefined) throw new TypeError(JSON.stringify(plan));
  expect(Math.abs(plan.perHour / 5.5 - 1)).toBeLessThan(0.06);
  const { perHour, dayProfile } = plan;
  const mean = (hours: readonly number[]) => (hours.reduce((sum, share) => sum + share, 0) / hours.length) * perHour;
  expect(Math.abs(mean(dayProfile.slice(0, 6)) - 1)).toBeLessThan(0.25);
  expect(Math.abs(mean(dayProfile.slice(6)) - 7)).toBeLessThan(0.4);
  expect(fit?.gaps.chosen.kind).toBe('exponential');
  expect(fit?.days).toBeGreaterThan(29);
});

it('keeps gaps that are not those of a Poisson stream', () => {
  const prng = new Prng(5);
  const fit = fitArrivals([stream(6, () => prng.triangular(10 * 60_000, 15 * 60_000, 20 * 60_000))]);
  expect(fit?.plan).toMatchObject({ kind: 'interval', between: { kind: 'triangular' } });
});

it('says nothing of too few', () => {
  expect(fitArrivals([])).toBeNull();
  expect(fitArrivals([[0, 1_000, 2_000]])).toBeNull();
  expect(fitArrivals([Array.from({ length: 30 }, () => 5)])).toBeNull();
});
