import type { Effect, EffectOf } from '@corridor/actors/network/effect';
import { describe, expect, it } from 'vitest';
import type { FailingMotion } from '../scenario/faults.schema.ts';
import { problemText, ScenarioError } from '../scenario/problem.ts';
import { readScenario } from '../scenario/read-scenario.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { fullEngineDifference } from './full-engine-comparison.ts';
import { runFull } from './full-run.ts';
import { smallCorridor } from './small-corridor.fixture.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
type Faults = NonNullable<Scenario['faults']>;
type Staff = NonNullable<Scenario['stations'][number]['staff']>;

const STAFF: Staff = {
  resumeTime: { kind: 'deterministic', valueMs: 20 * MINUTE_MS },
  clearTime: { kind: 'exponential', meanMs: 40 * MINUTE_MS },
  slotTime: { kind: 'exponential', meanMs: HOUR_MS },
};
const failing = (motion: FailingMotion, failureRatio: number): Faults[number] => ({ kind: 'motions', motion, failureRatio });

/** Twelve trucks on a road with one station of two bays, where people are on call. */
function posed(faults: Faults, { staff = STAFF, days = 1 }: { staff?: Staff; days?: number } = {}): Scenario {
  const small = smallCorridor({ days, faults }, { bays: 2, packs: 9, chargers: 9, staff });
  return { ...small, fleets: small.fleets.map((fleet) => ({ ...fleet, trucks: 12, legVariationRatio: 0.2 })) };
}

function run(scenario: Scenario, seed: number) {
  const effects: Effect[] = [];
  const result = runFull({ scenario, seed, engine: 'compiled', detailed: true, onEffect: (effect) => effects.push(effect) });
  const unheard = runFull({ scenario, seed, engine: 'compiled', detailed: true });
  expect({ ...unheard, events: 0 }, `SEED=${seed}`).toEqual({ ...result, events: 0 });
  expect([result.total['ledgerSumFen'], result.total['energyImbalanceWh']], `SEED=${seed}`).toEqual([0, 0]);
  return { ...result, effects };
}
const of = <T extends Effect['type']>(effects: readonly Effect[], type: T) =>
  effects.filter((effect): effect is EffectOf<T> => effect.type === type);
function figure(kpis: Readonly<Record<string, number | null>>, name: string): number {
  const value = kpis[name];
  if (typeof value !== 'number') throw new TypeError(`${name} is ${value}`);
  return value;
}

it.each(['MOVE_IN', 'MOVE_OUT'] as const)('lets a swap stand whose %s failed, until people have come, and bills it then', (motion) => {
  const { total, stations, swaps, effects } = run(posed([failing(motion, 0.2)]), 1);
  const calls = figure(total, 'staffCallsPerDay');
  expect(calls).toBeGreaterThan(5);
  // All calls have the same length; at the end one or two have not come yet.
  const stoodMs = figure(total, `bayStoodMsPerDay.${motion}`);
  expect(stoodMs).toBeLessThanOrEqual(calls * 20 * MINUTE_MS);
  expect(stoodMs).toBeGreaterThan((calls - 2) * 20 * MINUTE_MS);
  expect(figure(total, 'bayStoodRatio')).toBeCloseTo(stoodMs / (2 * 24 * HOUR_MS), 9);
  expect(stations[0]?.kpis['bayStoodRatio']).toBe(total['bayStoodRatio']);
  const none = ['abnormalOrdersPerDay', 'clearedTrucksPerDay', 'freedTrucksPerDay', 'creditedFenPerDay'].map((kpi) => total[kpi]);
  expect(none).toEqual([0, 0, 0, 0]);
  const alarms = of(effects, 'alarm.raised').filter(({ code }) => code === 'PATH_BLOCKED');
  expect(alarms.length).toBe(calls);
  expect(of(effects, 'order.billed').length).toBe(swaps?.length);
  expect(swaps?.filter(({ serviceMs }) => serviceMs > 20 * MINUTE_MS).length).toBeGreaterThan(5);
});

it.each(['SEAT', 'LOCK'] as const)(
  'gives a truck a pack by hand when %s fails three times, and credits the one that it brought',
  (motion) => {
    const { total, swaps, effects } = run(posed([failing(motion, 0.5)]), 2);
    const cleared = figure(total, 'clearedTrucksPerDay');
    expect(cleared).toBeGreaterThan(3);
    const aborted = of(effects, 'swap.changed').filter(({ swap }) => swap.state === 'ABORTED_NO_PACK' && swap.endedAtMs !== null);
    expect(new Set(aborted.map(({ swap }) => swap.swapId)).size - cleared).toBeLessThanOrEqual(2);
    // Its order is for a person; the truck drives on with what it got, which its next order knows.
    expect(figure(total, 'abnormalOrdersPerDay')).toBeGreaterThanOrEqual(cleared);
    expect(figure(total, 'creditedFenPerDay')).toBeGreaterThan(0);
    expect(figure(total, 'handedOutWhPerDay')).toBeGreaterThan(cleared * 200_000);
    expect(total['refusedOrdersPerDay']).toBe(0);
    expect(of(effects, 'custody.moved').filter(({ cause, place }) => cause === 'CORRECTION' && place.kind === 'TRUCK').length).toBe(
      cleared,
    );
    // A credit is a bill that pays out.
    const credits = of(effects, 'order.billed').filter(({ bill }) => bill.payableFen < 0n);
    expect(of(effects, 'order.billed').length - credits.length).toBe(swaps?.length);
    expect(-credits.reduce((sum, { bill }) => sum + Number(bill.payableFen), 0)).toBe(total['creditedFenPerDay']);
  },
);

it.each([
  ['PLACE', 'NO_HANDSHAKE'],
  ['PICK', null],
  ['SELF_CHECK', 'SELF_CHECK_FAILED'],
] as const)('takes a slot out of use when %s fails, and back into use when somebody has looked', (motion, alarm) => {
  const { total, effects } = run(posed([failing(motion, 0.2)]), 3);
  expect(figure(total, 'slotsOutMean')).toBeGreaterThan(0.3);
  expect(figure(total, 'swapsPerDay')).toBeGreaterThan(50);
  if (alarm === null) return;
  const raised = of(effects, 'alarm.raised').filter(({ code }) => code === alarm).length;
  const cleared = of(effects, 'alarm.cleared').filter(({ alarmId }) => alarmId.includes(alarm)).length;
  expect(raised).toBeGreaterThan(5);
  expect(raised - cleared).toBeLessThanOrEqual(4);
});

it.each(['MAKE_SAFE', 'LIFT'] as const)('lets a truck out on its old pack when %s fails; its driver asks anew', (motion) => {
  const { total } = run(posed([failing(motion, 0.2)]), 1);
  expect(figure(total, 'freedTrucksPerDay')).toBeGreaterThan(5);
  expect([total['staffCallsPerDay'], total['bayStoodRatio'], total['clearedTrucksPerDay']]).toEqual([0, 0, 0]);
});

it('lets nothing go on while people are called, not when power is back nor when the gantry is repaired', () => {
  const faults: Faults = [
    failing('MOVE_OUT', 0.3),
    { kind: 'breakdowns', part: 'bay', mtbfMs: 4 * HOUR_MS, repairTime: { kind: 'deterministic', valueMs: 5 * MINUTE_MS } },
    { kind: 'breakdowns', part: 'station', mtbfMs: 4 * HOUR_MS, repairTime: { kind: 'deterministic', valueMs: 5 * MINUTE_MS } },
  ];
  const { total } = run(posed(faults), 4);
  const [calls, stoodMs] = [figure(total, 'staffCallsPerDay'), figure(total, 'bayStoodMsPerDay.MOVE_OUT')];
  expect(calls).toBeGreaterThan(5);
  expect(stoodMs).toBeGreaterThan((calls - 2) * 20 * MINUTE_MS);
});

it('ends a swap for which no pack is left after a quarter of an hour, and people look for one', () => {
  const staff: Staff = { ...STAFF, slotTime: { kind: 'deterministic', valueMs: 20 * HOUR_MS } };
  const { total, effects } = run(posed([failing('PICK', 0.6)], { staff }), 1);
  expect(of(effects, 'alarm.raised').some(({ code }) => code === 'SWAP_BATTERY_OUT_TIMEOUT')).toBe(true);
  expect(figure(total, 'clearedTrucksPerDay')).toBeGreaterThan(0);
  expect(figure(total, 'bayStoodMsPerDay.PICK')).toBeGreaterThan(0);
});

const ALL: Faults = [
  failing('POSITION', 0.1),
  failing('MAKE_SAFE', 0.05),
  failing('UNLOCK', 0.2),
  failing('LIFT', 0.1),
  failing('MOVE_IN', 0.1),
  failing('PLACE', 0.1),
  failing('PICK', 0.1),
  failing('MOVE_OUT', 0.1),
  failing('SEAT', 0.3),
  failing('LOCK', 0.3),
  failing('SELF_CHECK', 0.2),
  { kind: 'breakdowns', part: 'bay', mtbfMs: 5 * HOUR_MS, repairTime: { kind: 'exponential', meanMs: HOUR_MS } },
  { kind: 'breakdowns', part: 'charger', mtbfMs: 10 * HOUR_MS, repairTime: { kind: 'exponential', meanMs: HOUR_MS } },
  { kind: 'breakdowns', part: 'station', mtbfMs: 8 * HOUR_MS, repairTime: { kind: 'exponential', meanMs: HOUR_MS / 2 } },
];

it('loses no pack, truck, energy or fen, whatever fails at once', () => {
  for (let seed = 1; seed <= 6; seed += 1) {
    const { total } = run(posed(ALL), seed);
    expect(figure(total, 'swapsPerDay'), `SEED=${seed}`).toBeGreaterThan(5);
  }
});

it('runs alike under both engines, whatever fails at once', () => {
  for (const seed of [1, 2, 3]) expect(fullEngineDifference(posed(ALL, { days: 0.4 }), seed)).toBeNull();
});

describe('a scenario', () => {
  const told = (scenario: Scenario): string[] => {
    try {
      return readScenario(JSON.stringify(scenario)).warnings.map(({ path, code }) => `${path} ${code}`);
    } catch (error) {
      if (error instanceof ScenarioError) return error.problems.map(problemText);
      throw error;
    }
  };
  const withStaff = (staff: unknown): Scenario => posed([failing('SEAT', 0.1)], { staff: staff as Staff });
  const { staff: _, ...unmanned } = posed([]).stations[0] ?? {};

  it.each<[string, Scenario, string]>([
    [
      'nobody to come',
      { ...posed([failing('POSITION', 0.1), failing('SEAT', 0.1)]), stations: [unmanned as Scenario['stations'][number]] },
      '/stations/0/staff: missing; {resumeTime, clearTime, slotTime}: after SEAT fails (/faults/1) somebody has to come to M1',
    ],
    [
      'a motion that always fails',
      posed([failing('MOVE_IN', 1)]),
      '/faults/0/failureRatio: 1; below 1: no swap would ever get past MOVE_IN',
    ],
    ['a negative share', posed([failing('SEAT', -0.1)]), '/faults/0/failureRatio: -0.1; a number at least 0, at most 1'],
    ['people who never come', withStaff({ ...STAFF, clearTime: undefined }), '/stations/0/staff/clearTime: missing; one of exponential'],
    [
      'people who come in no time, at a rate',
      withStaff({ ...STAFF, clearTime: { kind: 'exponential', meanMs: 0 } }),
      '/stations/0/staff/clearTime/meanMs: 0; a number above 0',
    ],
    [
      'people who come before they were called',
      withStaff({ ...STAFF, resumeTime: { kind: 'triangular', minMs: 9, modeMs: 5, maxMs: 3 } }),
      '/stations/0/staff/resumeTime: {"kind":"triangular","minMs":9,"modeMs":5,"maxMs":3}; minMs <= modeMs',
    ],
    ['an unknown motion', posed([failing('RELEASE' as FailingMotion, 0.1)]), '/faults/0/motion: "RELEASE"; one of POSITION, MAKE_SAFE'],
    ['people for nothing', posed([failing('POSITION', 0.1)]), '/stations/0/staff STAFF_NOT_CALLED'],
  ])('with %s is told', (_what, scenario, text) => {
    expect(told(scenario)).toContainEqual(expect.stringContaining(text));
  });
});
