import type { Effect, EffectOf } from '@corridor/actors/network/effect';
import { expect, it } from 'vitest';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { fullEngineDifference } from './full-engine-comparison.ts';
import { runFull } from './full-run.ts';
import { smallCorridor } from './small-corridor.fixture.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
type Faults = NonNullable<Scenario['faults']>;

/** Twelve trucks on a road with one station of two bays. */
function posed(faults: Faults, station: Partial<Scenario['stations'][number]> = {}, changes: Partial<Scenario> = {}): Scenario {
  const small = smallCorridor({ days: 2, faults, ...changes }, { bays: 2, packs: 9, chargers: 9, ...station });
  return { ...small, fleets: small.fleets.map((fleet) => ({ ...fleet, trucks: 12, legVariationRatio: 0.2 })) };
}

function run(scenario: Scenario, seed: number) {
  const effects: Effect[] = [];
  const result = runFull({ scenario, seed, engine: 'compiled', detailed: true, onEffect: (effect) => effects.push(effect) });
  // Without a listener steps that concern nobody are not told, nor rows made: nothing else may come of that, whatever breaks.
  const unheard = runFull({ scenario, seed, engine: 'compiled', detailed: true });
  expect({ ...unheard, events: 0 }, `SEED=${seed}`).toEqual({ ...result, events: 0 });
  return { result, effects };
}
const of = <T extends Effect['type']>(effects: readonly Effect[], type: T) =>
  effects.filter((effect): effect is EffectOf<T> => effect.type === type);
const figure = (kpis: Readonly<Record<string, number | null>>, name: string): number => {
  const value = kpis[name];
  if (typeof value !== 'number') throw new TypeError(`${name} is ${value}`);
  return value;
};

/** An instant in the middle of a swap, at noon or later: until the first fault, runs with and without faults are the same. */
function midSwapMs(scenario: Scenario, seed: number): number {
  const { swaps } = runFull({ scenario: { ...scenario, faults: [] }, seed, engine: 'compiled', detailed: true });
  const swap = swaps?.find(({ atMs }) => atMs > DAY_MS / 2);
  if (swap === undefined) throw new RangeError('nobody swaps in the afternoon');
  return Math.round(swap.atMs + swap.serviceMs / 2);
}

it('begins no swap and charges nothing while a station has no power; what stood goes on, and all is billed', () => {
  const fromMs = midSwapMs(posed([]), 1);
  const untilMs = fromMs + 2 * HOUR_MS;
  const { result, effects } = run(posed([{ kind: 'blackout', stationId: 'M1', fromDay: fromMs / DAY_MS, durationMs: 2 * HOUR_MS }]), 1);
  const { total, swaps, hourly } = result;
  expect(swaps?.some(({ atMs }) => atMs > fromMs && atMs < untilMs)).toBe(false);
  expect(hourly[0]?.chargedWh[Math.ceil(fromMs / HOUR_MS)]).toBe(0);
  expect(hourly[0]?.chargedWh[Math.ceil(untilMs / HOUR_MS)]).toBeGreaterThan(0);
  // A swap that stood is as much longer as it stood, and until somebody has looked.
  const stood = (swaps ?? []).filter(({ serviceMs }) => serviceMs > 2 * HOUR_MS);
  expect(stood.length).toBeGreaterThan(0);
  for (const { atMs, serviceMs } of stood) expect(atMs + serviceMs).toBeGreaterThan(untilMs + 3 * 60_000);
  expect(of(effects, 'alarm.raised').filter(({ code }) => code === 'BLACKOUT').length).toBe(1);
  expect(of(effects, 'order.billed').length).toBe(swaps?.length);
  expect([total['ledgerSumFen'], total['energyImbalanceWh'], total['abnormalOrdersPerDay']]).toEqual([0, 0, 0]);
  expect(figure(total, 'powerAvailableRatio')).toBeCloseTo(46 / 48, 6);
});

it('lets a swap stand while its bay is repaired, and aborts it when that takes longer than a truck may stand before it is unlocked', () => {
  const faults: Faults = [
    { kind: 'breakdowns', part: 'bay', mtbfMs: 8 * HOUR_MS, repairTime: { kind: 'deterministic', valueMs: HOUR_MS } },
  ];
  for (const seed of [1, 2, 3]) {
    const { result, effects } = run(posed(faults), seed);
    const { total, swaps } = result;
    expect(figure(total, 'bayAvailableRatio'), `SEED=${seed}`).toBeLessThan(1);
    const told = of(effects, 'alarm.raised').filter(({ code }) => code === 'GANTRY_FAULT').length;
    const stood = (swaps ?? []).filter(({ serviceMs }) => serviceMs > HOUR_MS).length;
    const abnormal = of(effects, 'order.changed').filter(({ order }) => order.state === 'ABNORMAL');
    const aborted = of(effects, 'swap.changed').filter(({ swap }) => swap.state === 'ABORTED_SAFE');
    expect(stood + aborted.length, `SEED=${seed}`).toBe(told);
    expect(aborted.every(({ swap }) => swap.reason === 'TIMEOUT_IN') && abnormal.length <= aborted.length, `SEED=${seed}`).toBe(true);
    expect([total['ledgerSumFen'], total['energyImbalanceWh']], `SEED=${seed}`).toEqual([0, 0]);
    expect(of(effects, 'order.billed').length, `SEED=${seed}`).toBe(swaps?.length);
  }
});

it('leaves a pack where it is while its charger is repaired, and begins a transaction of its own afterwards', () => {
  const faults: Faults = [
    { kind: 'breakdowns', part: 'charger', mtbfMs: 10 * HOUR_MS, repairTime: { kind: 'lognormal', medianMs: 2 * HOUR_MS, sigma: 0.5 } },
  ];
  for (const seed of [1, 2]) {
    const { result, effects } = run(posed(faults), seed);
    const { total } = result;
    expect(figure(total, 'chargerAvailableRatio'), `SEED=${seed}`).toBeLessThan(0.95);
    expect(of(effects, 'alarm.raised').map(({ code }) => code)).toContain('CHARGER_DOWN');
    expect([total['ledgerSumFen'], total['energyImbalanceWh'], total['abnormalOrdersPerDay']], `SEED=${seed}`).toEqual([0, 0, 0]);
  }
});

it('tries motions again that fail, three times, and frees the truck then', () => {
  const faults: Faults = [
    { kind: 'motions', motion: 'POSITION', failureRatio: 0.2 },
    { kind: 'motions', motion: 'UNLOCK', failureRatio: 0.1 },
  ];
  const { result, effects } = run(posed(faults, {}, { days: 1 }), 2);
  const calm = run(posed([], {}, { days: 1 }), 2);
  const ended = of(effects, 'swap.changed').filter(({ swap }) => swap.endedAtMs !== null);
  const aborted = ended.filter(({ swap }) => swap.state === 'ABORTED_SAFE');
  // Of ever so many swaps 0.2^3 + 0.1^3 are not done.
  expect(aborted.length).toBeGreaterThan(0);
  expect(aborted.length / ended.length).toBeLessThan(0.05);
  const reasons = new Set(aborted.map(({ swap }) => swap.reason));
  expect([...reasons].every((reason) => reason === 'POSITION_OUT_OF_TOLERANCE' || reason === 'LOCK_STUCK')).toBe(true);
  const meanMs = (rows: typeof result.swaps) => (rows ?? []).reduce((sum, { serviceMs }) => sum + serviceMs, 0) / (rows?.length ?? 1);
  expect(meanMs(result.swaps)).toBeGreaterThan(meanMs(calm.result.swaps));
  expect([result.total['ledgerSumFen'], result.total['energyImbalanceWh']]).toEqual([0, 0]);
  expect(of(effects, 'order.billed').length).toBe(result.swaps?.length);
});

it('runs alike under both engines, whatever breaks', () => {
  const often = (part: 'charger' | 'bay' | 'station', hours: number): Faults[number] => ({
    kind: 'breakdowns',
    part,
    mtbfMs: hours * HOUR_MS,
    repairTime: { kind: 'exponential', meanMs: HOUR_MS },
  });
  const motions: Faults[number] = { kind: 'motions', motion: 'POSITION', failureRatio: 0.1 };
  const scenario = posed([often('charger', 10), often('bay', 5), often('station', 8), motions], {}, { days: 0.3 });
  for (const seed of [1, 2, 3]) expect(fullEngineDifference(scenario, seed)).toBeNull();
});
