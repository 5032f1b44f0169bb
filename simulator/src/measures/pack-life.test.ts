import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { packLifeKpis } from './pack-life.ts';

const use = { cyclesPerDay: 1, issuedRatio: 1, returnedRatio: 0.2 };

it('is a little below the published fade of one cycle a day, for charging at 1C wears more', () => {
  const { packSohRatioAfter5Years, packYearsTo80Percent } = packLifeKpis(25, use);
  // Published 0.918 with the wear of slower charging; cycling is a good half of it, and 1.2 times as much is taken.
  expect(packSohRatioAfter5Years).toBeGreaterThan(0.905);
  expect(packSohRatioAfter5Years).toBeLessThan(0.918);
  expect(packYearsTo80Percent).toBeGreaterThan(12);
});

it('is shorter the harder packs are used, or the hotter they stand, and not told where nobody tested it', () => {
  const sohAfter5Years = (cyclesPerDay: number, cellTempC: number) =>
    packLifeKpis(cellTempC, { ...use, cyclesPerDay })['packSohRatioAfter5Years'] ?? Number.NaN;
  expect(sohAfter5Years(3, 25)).toBeLessThan(sohAfter5Years(2, 25));
  expect(sohAfter5Years(0.1, 40)).toBeLessThan(sohAfter5Years(0.1, 25));
  expect(packLifeKpis(5, use)).toEqual({
    packCyclesPerDay: 1,
    packIssuedRatioMean: 1,
    packReturnedRatioMean: 0.2,
    packSohRatioAfter5Years: null,
    packYearsTo80Percent: null,
  });
});

it('counts the cycles of a run: what the trucks used, over all packs', () => {
  const scenario = { ...shippedScenario('corridor-base.json'), days: 4, warmUpDays: 1 };
  const { total } = runCoarse({ scenario, seed: 1, engine: 'compiled' });
  const packs = 60 + scenario.stations.reduce((sum, station) => sum + station.packs, 0);
  expect(total['packCyclesPerDay']).toBeCloseTo((total['chargedWhPerDay'] ?? 0) / packs / 350_000, 9);
  expect(total['packSohRatioAfter5Years']).toBeGreaterThan(0.7);
  expect(total['packSohRatioAfter5Years']).toBeLessThan(0.95);
});
