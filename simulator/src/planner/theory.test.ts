import { describe, expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { constantServiceQueue, erlangB, erlangC, machineRepairman, meanWaitMmc } from './queue-formulas.ts';
import { SIMULATED_QUEUES, scenarioOf, TEXTBOOK_QUEUES } from './textbook-queues.ts';
import { experiment, holds, intervalOf, runsUntilTold, verdictOf } from './theory-trial.ts';

it('knows the tables of queues', () => {
  expect(erlangB(7, 5)).toBeCloseTo(0.1205, 4);
  expect(erlangB(10, 7)).toBeCloseTo(0.0787, 4);
  expect(erlangC(7, 4)).toBeCloseTo(0.13511, 5);
  expect(meanWaitMmc({ servers: 7, rate: 5 / 3600, service: 3600 })).toBeCloseTo(583.5, 1);
  expect(meanWaitMmc({ servers: 2, rate: 10 / 3600, service: 300 })).toBeCloseTo(63, 1);
  expect(machineRepairman({ customers: 20, away: 7200, service: 300 }).busyRatio).toBeCloseTo(0.7429, 4);
  expect(machineRepairman({ customers: 30, away: 7200, service: 300 }).wait).toBeCloseTo(2176.2 - 300, 1);
  expect(constantServiceQueue({ servers: 1, rate: 6 / 3600, service: 300 }).wait).toBeCloseTo(150, 6);
  const { wait, waitedRatio } = constantServiceQueue({ servers: 7, rate: 5 / 3600, service: 3600 });
  expect([Math.abs(wait / 316 - 1) < 0.02, Math.abs(waitedRatio - 0.303) < 0.002]).toEqual([true, true]);
});

/** As many as take a second; `npm run soak -- theory` makes a hundred of each. The seeds are fixed, so what holds once holds always. */
const EXPERIMENTS = 3;
const MISSES_MAX = 1;

describe.each([...new Set(TEXTBOOK_QUEUES.map(({ file }) => file))])('%s', (file) => {
  const scenario = shippedScenario(file);
  const experiments = Array.from({ length: EXPERIMENTS }, (_, index) => experiment(scenario, index + 1));

  it.each(TEXTBOOK_QUEUES.filter((queue) => queue.file === file))('$kpi is $closedForm', ({ kpi, closedForm }) => {
    const intervals = experiments.map((runs) => intervalOf(runs, kpi));
    const missed = intervals.filter((interval) => !holds(interval, closedForm));
    expect(missed.length, JSON.stringify(intervals)).toBeLessThanOrEqual(MISSES_MAX);
  });

  it('would be seen to miss an answer that is a quarter off', () => {
    for (const { kpi, closedForm } of TEXTBOOK_QUEUES.filter((queue) => queue.file === file)) {
      expect(experiments.map((runs) => holds(intervalOf(runs, kpi), closedForm * 1.25))).not.toContain(true);
    }
  });
});

const queuesOf = (file: string) => SIMULATED_QUEUES.filter((queue) => queue.file === file && queue.kpi === 'waitMsMean');

/**
 * No chance in it: with constant times, first come, first served, the k-th truck begins when it is there, the bay is free and the pack
 * is charged that the truck `packs` before it brought.
 */
it.each([
  ...queuesOf('queue-m-d-7-charging.json').map((queue) => ({ ...queue, chargeMs: 3_600_000, bay: null })),
  ...queuesOf('queue-bay-and-packs.json').map((queue) => ({ ...queue, chargeMs: 3_450_000, bay: 300_000 })),
])('$file with $packs packs and $perHour trucks an hour: each truck waits as long as the recursion says', (queue) => {
  const { packs, chargeMs, bay } = queue;
  const scenario = { ...scenarioOf(queue), days: 20 };
  const { swaps } = runCoarse({ scenario, seed: 7, engine: 'compiled', detailed: true });
  const begunMs: number[] = [];
  for (const { atMs, waitMs } of swaps ?? []) {
    const cameMs = atMs - waitMs;
    const bayFreeMs = bay === null ? 0 : (begunMs.at(-1) ?? -bay) + bay;
    const packReadyMs = begunMs.length < packs ? 0 : (begunMs.at(-packs) ?? 0) + (bay ?? 0) + chargeMs;
    begunMs.push(Math.max(cameMs, bayFreeMs, packReadyMs));
  }
  expect(begunMs.length).toBeGreaterThan(800);
  const offMs = (swaps ?? []).map(({ atMs }, index) => Math.abs(atMs - (begunMs[index] ?? 0)));
  expect(Math.max(...offMs)).toBeLessThan(0.001);
});

it('holds a mean to a figure only where its whole interval lies within the tolerance', () => {
  const figure = { kpi: 'waitMsMean', found: 100, tolerance: 2 };
  const verdict = (low: number | null, high: number | null) =>
    verdictOf({ mean: ((low ?? 100) + (high ?? 100)) / 2, low, high, runs: 10 }, figure);
  // Wide, and over both ends: what meets the tolerance by being vague tells nothing.
  expect([verdict(80, 120), verdict(97, 101), verdict(101, 103)]).toEqual(['open', 'open', 'open']);
  expect([verdict(98, 102), verdict(101.5, 101.9)]).toEqual(['agrees', 'agrees']);
  expect([verdict(102.1, 110), verdict(90, 97.9)]).toEqual(['differs', 'differs']);
  expect([verdict(null, null), verdictOf(null, figure)]).toEqual(['open', 'open']);
});

it('makes as many runs as a verdict takes, and no more than it may', () => {
  const scenario = { ...shippedScenario('queue-m-d-1.json'), days: 3 };
  const wait = (tolerance: number, found = 150_000) => [{ kpi: 'waitMsMean', found, tolerance }];
  const { count } = scenario.seeds;
  const [rough, fine, vague] = [wait(60_000), wait(15_000), wait(1)].map((figures) =>
    runsUntilTold(scenario, figures, { step: 2, most: 12 }),
  );
  expect(rough?.length).toBe(2 * count);
  expect([(fine?.length ?? 0) > 2 * count, fine?.slice(0, 20)]).toEqual([true, rough]);
  expect(vague?.length).toBe(12 * count);
  expect(verdictOf(intervalOf(rough ?? [], 'waitMsMean'), { kpi: '', found: 150_000, tolerance: 60_000 })).toBe('agrees');
  // Of a figure that is off the verdict comes as soon.
  const off = wait(15_000, 300_000);
  expect(runsUntilTold(scenario, off, { step: 2, most: 12 }).length).toBe(2 * count);
});
