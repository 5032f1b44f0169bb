import type { Effect } from '@corridor/actors/network/effect';
import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { fullEngineDifference } from './full-engine-comparison.ts';
import { runFull } from './full-run.ts';
import { smallCorridor } from './small-corridor.fixture.ts';

/** The small corridor with a night of frost and an afternoon of summer. */
function frosty(): Scenario {
  const small = smallCorridor();
  const { cellTempC: _, ...pack } = small.pack;
  return {
    ...small,
    pack,
    weather: {
      kind: 'climate',
      monthMeanC: Array.from({ length: 12 }, () => 10),
      dayRangeK: 40,
      dayDepartureK: 0,
      cells: { aboveAirK: 5, heatedToC: 12, cooledToC: 30 },
    },
  };
}

it('drives and charges by the hour, as the coarse model does, and bills all of it', () => {
  const effects: Effect[] = [];
  const { swaps, total } = runFull({
    scenario: frosty(),
    seed: 1,
    engine: 'compiled',
    detailed: true,
    onEffect: (effect) => effects.push(effect),
  });
  const coarse = runCoarse({ scenario: { ...frosty(), model: 'coarse' }, seed: 1, engine: 'compiled', detailed: true });
  const used = (rows: typeof swaps) => (rows ?? []).map(({ returnedWh }) => 315_875 - returnedWh);
  const [first = 0, ...later] = used(swaps).slice(1);
  // From three in the night on it gets warmer: each way takes less, until the air is that of summer.
  expect(first).toBeGreaterThan(1.1 * Math.min(...later));
  expect(used(swaps).slice(0, 3).map(Math.round)).toEqual(used(coarse.swaps).slice(0, 3).map(Math.round));
  expect([total['refusedOrdersPerDay'], total['abnormalOrdersPerDay'], total['ledgerSumFen']]).toEqual([0, 0, 0]);
  expect(effects.filter(({ type }) => type === 'order.billed').length).toBe(swaps?.length);
});

/** Packs that wear ten times as fast as cells do. */
function ageing(first: { sohPercent: number; sohSpreadPercent: number; renewAtSohPercent: number }): Scenario {
  const small = smallCorridor({ days: 6 });
  const { sohPercent, ...plan } = first;
  return { ...small, pack: { ...small.pack, sohPercent, ageing: { wearFactor: 10, ...plan } } };
}

it.each([
  ['differ', { sohPercent: 95, sohSpreadPercent: 4, renewAtSohPercent: 85 }],
  ['get new cells', { sohPercent: 99, sohSpreadPercent: 0, renewAtSohPercent: 98.9 }],
])('bills packs that age by the health that their BMS tells, and nothing goes amiss where they %s', (what, first) => {
  const effects: Effect[] = [];
  const { swaps, total } = runFull({
    scenario: ageing(first),
    seed: 1,
    engine: 'compiled',
    detailed: true,
    onEffect: (effect) => effects.push(effect),
  });
  const issued = (swaps ?? []).map(({ issuedWh }) => issuedWh);
  const billed = effects.flatMap((effect) => (effect.type === 'order.billed' ? [effect.bill.energyOutWh] : []));
  expect(billed.length).toBe(swaps?.length);
  // A BMS tells tenths of a percent of charge and of health: 0.1 % of 350 kWh each, at most.
  for (const [index, wh] of billed.entries()) expect(Math.abs(wh - (issued[index] ?? Number.NaN))).toBeLessThan(700);
  expect([total['refusedOrdersPerDay'], total['abnormalOrdersPerDay'], total['alarmsPerDay'], total['ledgerSumFen']]).toEqual([0, 0, 0, 0]);
  if (what === 'differ') expect(Math.max(...issued) - Math.min(...issued)).toBeGreaterThan(0.02 * 350_000);
  else expect(total['packsRenewedPerYear']).toBeGreaterThan(0);
});

it('is the same with either engine', () => {
  expect(fullEngineDifference(frosty(), 1)).toBeNull();
  expect(fullEngineDifference(ageing({ sohPercent: 98, sohSpreadPercent: 2, renewAtSohPercent: 95.9 }), 2)).toBeNull();
});
