import type { Effect, EffectOf } from '@corridor/actors/network/effect';
import { describe, expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import type { Policies } from '../policies/policies.schema.ts';
import type { ScenarioRun } from '../run/scenario-run.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { fullEngineDifference } from './full-engine-comparison.ts';
import { runFull } from './full-run.ts';
import { smallCorridor } from './small-corridor.fixture.ts';

type Station = Partial<Scenario['stations'][number]>;
const SUN: Station = { pv: { peakW: 1_500_000, clearSkyRatio: 0.8 } };
/** Of what the sun gave, per kWh. */
const PV_NANO_YUAN = '200000000';

/** Ten trucks on a road with one station of ten packs, under the sun of Shijiazhuang. */
function posed(policies: Policies, station: Station = {}, changes: Partial<Scenario> = {}): Scenario {
  const small = smallCorridor(
    { days: 3, warmUpDays: 1, policies },
    { bays: 2, packs: 10, chargers: 10, gridLimitW: 4_000_000, ...station },
  );
  const { business } = small;
  return {
    ...small,
    sites: small.sites.map((site) => ({ ...site, lat: 38, lon: 114.5 })),
    fleets: small.fleets.map((fleet) => ({ ...fleet, trucks: 10, legVariationRatio: 0.2 })),
    ...(business ? { business: withPvPrice(business) } : {}),
    ...changes,
  };
}
const withPvPrice = (business: NonNullable<Scenario['business']>) => ({
  ...business,
  stationRates: business.stationRates.map((rate) => ({ ...rate, pvNanoYuanPerKwh: PV_NANO_YUAN })),
});

function run(scenario: Scenario, seed = 4) {
  const effects: Effect[] = [];
  const result = runFull({ scenario, seed, engine: 'compiled', detailed: true, onEffect: (effect) => effects.push(effect) });
  return { result, effects };
}
/** What rules and places are compared with, run once for all that is asked of it. */
const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};
const dark = once(() => run(posed({})));
const sunny = once(() => run(posed({}, SUN)));
const of = <T extends Effect['type']>(effects: readonly Effect[], type: T) =>
  effects.filter((effect): effect is EffectOf<T> => effect.type === type);
function figure({ total }: ScenarioRun, kpi: string): number {
  const value = total[kpi];
  if (typeof value !== 'number') throw new TypeError(`${kpi} is ${value}`);
  return value;
}
const sound = ({ total }: ScenarioRun) =>
  expect([total['ledgerSumFen'], total['energyImbalanceWh'], total['abnormalOrdersPerDay'], total['refusedOrdersPerDay']]).toEqual([
    0, 0, 0, 0,
  ]);

describe('PV', () => {
  it('goes into the lots of packs, at its own price, and is billed by it', () => {
    const { result, effects } = sunny();
    sound(result);
    expect(figure(result, 'pvRatio')).toBeGreaterThan(0.1);
    const lots = of(effects, 'lots.changed').flatMap((effect) => effect.lots.filter(({ source }) => source === 'PV'));
    expect(lots.length).toBeGreaterThan(0);
    expect(lots.every((lot) => lot.priceNanoYuanPerKwh === BigInt(PV_NANO_YUAN) && lot.pvRateId !== undefined)).toBe(true);
    const without = dark().result;
    sound(without);
    expect(figure(without, 'swapsPerDay')).toBeCloseTo(figure(result, 'swapsPerDay'), 0);
    expect(figure(result, 'payableFenPerBill')).toBeLessThan(figure(without, 'payableFenPerBill'));
  });

  it('is as much as in the coarse model, but for what the sun cannot wait for within a quarter of an hour', () => {
    const coarse = runCoarse({ scenario: { ...posed({}, SUN), model: 'coarse' }, seed: 4, engine: 'compiled' });
    const full = sunny().result;
    const ratio = figure(full, 'pvWhPerDay') / figure(coarse, 'pvWhPerDay');
    expect(ratio).toBeGreaterThan(0.93);
    expect(ratio).toBeLessThan(1.01);
  });
});

it('charges off peak where it may', () => {
  const [always, offPeak] = [dark().result, run(posed({ charging: 'off-peak' })).result];
  sound(offPeak);
  const dear = (whole: ScenarioRun) =>
    (figure(whole, 'gridWhSharpPerDay') + figure(whole, 'gridWhPeakPerDay')) / figure(whole, 'gridWhPerDay');
  expect(dear(offPeak)).toBeLessThan(dear(always));
  expect(figure(offPeak, 'energyCostFenPerKwh')).toBeLessThan(figure(always, 'energyCostFenPerKwh'));
});

it('keeps to a limit that is asked for', () => {
  const limitSignalW = Array.from({ length: 24 }, (_, hour) => (hour >= 17 && hour < 21 ? 250_000 : 1_500_000));
  const { result } = run(posed({ charging: 'limit-following' }, { limitSignalW }));
  sound(result);
  const powersW = [...(result.hourly[0]?.chargedWh ?? [])].map((wh) => wh / 0.931);
  expect(Math.max(...powersW.filter((_, hour) => hour % 24 >= 17 && hour % 24 < 21))).toBeLessThanOrEqual(250_000 * 1.001);
  expect(Math.max(...powersW)).toBeGreaterThan(400_000);
});

it('uses more of the sun when the sun comes first', () => {
  const [always, sunFirst] = [sunny().result, run(posed({ charging: 'pv-first' }, SUN)).result];
  sound(sunFirst);
  expect(figure(sunFirst, 'pvRatio')).toBeGreaterThan(figure(always, 'pvRatio'));
});

it('shares a small connection among those that are charged', () => {
  const { result } = run(posed({}, { gridLimitW: 500_000 }));
  sound(result);
  const powersW = [...(result.hourly[0]?.chargedWh ?? [])].map((wh) => wh / 0.931);
  expect(Math.max(...powersW)).toBeLessThanOrEqual(500_000 * 1.001);
});

it('gives packs out by the rule: the least used ones in turn', () => {
  const uses = (choosePack: NonNullable<Policies['choosePack']>) => {
    const { result, effects } = run(posed({ choosePack }));
    sound(result);
    const counts = new Map<string, number>();
    for (const { swap } of of(effects, 'swap.changed'))
      if (swap.state === 'COMPLETED' && swap.issuePackId !== null) counts.set(swap.issuePackId, (counts.get(swap.issuePackId) ?? 0) + 1);
    return [...counts.values()];
  };
  const spread = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts);
  const [fullest, leastUsed, longestReady] = [uses('fullest'), uses('least-used'), uses('longest-ready')];
  expect(spread(leastUsed)).toBeLessThan(spread(fullest));
  expect(spread(longestReady)).toBeLessThan(spread(fullest));
});

it('runs alike under both engines, with sun, rules and a small connection', () => {
  const scenario = posed({ charging: 'pv-first', choosePack: 'least-used' }, { ...SUN, gridLimitW: 600_000 }, { days: 0.6, warmUpDays: 0 });
  for (const seed of [1, 2]) expect(fullEngineDifference(scenario, seed)).toBeNull();
});
