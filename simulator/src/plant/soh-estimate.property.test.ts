import { type PackRest, RestScan } from '@corridor/actors/pack/rest-scan';
import { estimateSoh } from '@corridor/actors/pack/soh-estimate';
import { Prng } from '@corridor/actors/time/prng';
import { expect, it } from 'vitest';
import { CELLS, PackLife } from './pack-life.fixture.ts';

function restsOfLife(seed: number, sohRatio: number, cycles: number): { rests: PackRest[]; life: PackLife } {
  const rests: PackRest[] = [];
  const scan = new RestScan({ nominalWh: 350_000, cells: CELLS, isLinked: false });
  const life = new PackLife({
    seed,
    sohRatio,
    atMs: 0,
    onReading: ({ bms, ...sample }) => {
      const rest = scan.take({ ...sample, throughputWh: bms.throughputWh });
      if (rest !== null) rests.push(rest);
    },
  });
  for (let cycle = 0; cycle < cycles; cycle += 1) life.cycle();
  return { rests, life };
}

it('finds the state of health of simulated packs again, as well as its interval says', { timeout: 60_000 }, () => {
  const packs = 120;
  let covered = 0;
  const widths: number[] = [];
  for (let seed = 1; seed <= packs; seed += 1) {
    const { rests, life } = restsOfLife(seed, new Prng(seed).uniform(0.75, 1), 12);
    const estimate = estimateSoh(rests, life.pack.nominalWh);
    expect(estimate, `seed ${seed}`).not.toBeNull();
    if (estimate === null) continue;
    widths.push(estimate.highPercent - estimate.lowPercent);
    if (estimate.lowPercent <= life.sohPercent && life.sohPercent <= estimate.highPercent) covered += 1;
  }
  const meanWidth = widths.reduce((sum, width) => sum + width, 0) / widths.length;
  console.log(`state of health: ${covered} of ${packs} intervals cover the truth, ${meanWidth.toFixed(2)} points wide in the mean`);
  // 95 % of 120 is 114 +- 2.4.
  expect(covered).toBeGreaterThanOrEqual(108);
  expect(meanWidth).toBeLessThan(8);
});

it('counts no energy over readings that are missing, and goes on where it stopped', () => {
  const samples: Parameters<RestScan['take']>[0][] = [];
  const life = new PackLife({
    seed: 3,
    sohRatio: 0.9,
    atMs: 0,
    onReading: ({ bms, ...sample }) => samples.push({ ...sample, throughputWh: bms.throughputWh }),
  });
  for (let cycle = 0; cycle < 4; cycle += 1) life.cycle();
  const scan = (some: typeof samples, isLinked = false) => {
    const one = new RestScan({ nominalWh: 350_000, cells: CELLS, isLinked });
    return some.flatMap((sample) => one.take(sample) ?? []);
  };
  const whole = scan(samples);
  expect(whole[0]?.energyWh).toBeNull();
  expect(whole.slice(1).every(({ energyWh }) => energyWh !== null)).toBe(true);
  // In two parts, the second from the end of the last rest of the first on.
  const [first, second] = [whole.slice(0, 4), whole.slice(4)];
  const lastMs = first.at(-1)?.atMs ?? 0;
  expect(
    scan(
      samples.filter(({ atMs }) => atMs >= lastMs),
      true,
    ),
  ).toEqual(second);
  // A quarter of an hour of driving is missing between the second rest and the third.
  const holeMs = (whole[1]?.atMs ?? 0) + 60_000;
  const holed = scan(samples.filter(({ atMs }) => atMs < holeMs || atMs > holeMs + 900_000));
  expect(holed[2]?.energyWh).toBeNull();
  expect(holed[3]).toEqual(whole[3]);
});
