import type { Effect, EffectOf } from '@corridor/actors/network/effect';
import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { fullEngineDifference, tracedFullRun } from './full-engine-comparison.ts';
import { runFull } from './full-run.ts';
import { smallCorridor } from './small-corridor.fixture.ts';

function run(scenario: Scenario, seed: number) {
  const effects: Effect[] = [];
  const result = runFull({ scenario, seed, engine: 'compiled', detailed: true, onEffect: (effect) => effects.push(effect) });
  return { result, effects };
}
const of = <T extends Effect['type']>(effects: readonly Effect[], type: T) =>
  effects.filter((effect): effect is EffectOf<T> => effect.type === type);
/** Fen for energy at a price, half up on the magnitude. */
const fenOf = (wh: number, nanoYuanPerKwh: bigint): bigint => {
  const magnitude = (BigInt(Math.abs(wh)) * nanoYuanPerKwh + 5_000_000_000n) / 10_000_000_000n;
  return wh < 0 ? -magnitude : magnitude;
};

it('bills one truck’s first swap to the fen, by what its packs hold', () => {
  const { result, effects } = run(smallCorridor(), 1);
  const [billed] = of(effects, 'order.billed');
  const [swap] = result.swaps ?? [];
  // A full pack for the one that drove 50 km: 95 % of 95 % of 350 kWh, and what its BMS says in tenths of a percent.
  const outWh = 315_875;
  const inWh = Math.round((Math.round((swap?.returnedWh ?? 0) / 332.5) / 10 / 100) * 332_500);
  expect([billed?.bill.energyOutWh, billed?.bill.energyInWh]).toEqual([outWh, inWh]);
  // July, 0 h: flat, 0.65 yuan; service 0.40 on the difference; rent 0.30; 10 yuan for handling.
  const [flat, service, rent] = [650_000_000n, 400_000_000n, 300_000_000n];
  const payableFen =
    fenOf(outWh, flat) + fenOf(-inWh, flat) + fenOf(outWh - inWh, service) + fenOf(outWh, rent) + fenOf(-inWh, rent) + 1_000n;
  expect(billed?.bill.payableFen).toBe(payableFen);
  const states = of(effects, 'order.changed').filter(({ order }) => order.orderId === billed?.orderId);
  expect(states.map(({ order }) => order.state)).toEqual(['CREATED', 'QUOTED', 'HELD', 'IN_PROGRESS', 'MEASURED', 'BILLED', 'CLEARED']);
  expect(states.at(-1)?.order).toMatchObject({ truckId: 'haul-1', reason: null, payableFen });
});

it('lets no truck stand for ever because its carrier pays in little, or keeps less than an order takes', () => {
  const small = smallCorridor();
  for (const topUp of [
    { belowFen: '100000', amountFen: '1' },
    { belowFen: '100', amountFen: '10000' },
  ]) {
    const { business } = small;
    if (business === undefined) throw new TypeError('a corridor without books');
    const { total, swaps } = run({ ...small, business: { ...business, topUp } }, 1).result;
    expect(swaps?.length, JSON.stringify(topUp)).toBeGreaterThan(5);
    expect(total['waitingAtEnd']).toBe(0);
  }
});

const CORRIDOR: Scenario = { ...shippedScenario('corridor-full.json'), days: 1, warmUpDays: 0 };
/** A day of the shipped corridor, which takes a second: run once for all that is asked of it. */
const DAY = run(CORRIDOR, 3);

it('bills every swap, refuses none, and brings every pack where the books have it', () => {
  const { swaps, total } = DAY.result;
  expect([total['abnormalOrdersPerDay'], total['refusedOrdersPerDay'], total['ledgerSumFen']], 'SEED=3').toEqual([0, 0, 0]);
  expect(of(DAY.effects, 'order.billed').length, 'SEED=3').toBe(swaps?.length);
  expect(swaps?.length).toBeGreaterThan(200);
});

it('gives the same figures, with fewer events, when nobody listens to rows and steps', () => {
  const unheard = runFull({ scenario: CORRIDOR, seed: 3, engine: 'compiled', detailed: true });
  expect(unheard.events).toBeLessThan(0.95 * DAY.result.events);
  expect({ ...unheard, events: DAY.result.events }).toEqual(DAY.result);
});

it('takes as long as the coarse model where nothing else differs', () => {
  const coarse = runCoarse({ scenario: CORRIDOR, seed: 3, engine: 'compiled' });
  for (const kpi of ['swapsPerDay', 'tripsPerDay', 'consumptionWhPerKm', 'chargedWhPerDay']) {
    const [one, other] = [DAY.result.total[kpi] ?? 0, coarse.total[kpi] ?? 0];
    expect(Math.abs(one / other - 1), `SEED=3 ${kpi}: ${one} and ${other}`).toBeLessThan(0.02);
  }
});

it.each([
  { bays: 3, packs: 4, chargers: 2 },
  { bays: 2, packs: 2, chargers: 7 },
  { bays: 4, packs: 9, chargers: 4 },
])('lets several bays share a rack: $bays bays, $packs packs, $chargers chargers', (station) => {
  const small = smallCorridor({}, station);
  const fleets = small.fleets.map((fleet) => ({ ...fleet, trucks: 12, legVariationRatio: 0.2 }));
  for (const seed of [1, 2]) {
    const { result, effects } = run({ ...small, fleets }, seed);
    expect(of(effects, 'order.billed').length, `SEED=${seed}`).toBe(result.swaps?.length);
    expect(result.swaps?.length, `SEED=${seed}`).toBeGreaterThan(40);
    expect([result.total['abnormalOrdersPerDay'], result.total['refusedOrdersPerDay']], `SEED=${seed}`).toEqual([0, 0]);
    expect(result.stations[0]?.kpis['bayBusyRatio'], `SEED=${seed}`).toBeGreaterThan(0);
  }
});

it('runs alike under both engines, change by change, with 20 seeds, and the same for the same seed', () => {
  const small = smallCorridor({ days: 0.3 });
  // Other legs for each seed, and a carrier that is out of money now and then.
  const fleets = small.fleets.map((fleet) => ({ ...fleet, legVariationRatio: 0.3 }));
  const { business } = small;
  const scenario = { ...small, fleets, ...(business ? { business: { ...business, topUp: { belowFen: '1', amountFen: '50000' } } } : {}) };
  for (let seed = 1; seed <= 20; seed += 1) expect(fullEngineDifference(scenario, seed)).toBeNull();
  for (let seed = 21; seed <= 25; seed += 1) expect(fullEngineDifference(scenario, seed, { readsRows: false })).toBeNull();
  const [one, again, other] = [7, 7, 8].map((seed) => tracedFullRun(scenario, seed, 'compiled'));
  expect(again).toEqual(one);
  expect(one?.lines.length).toBeGreaterThan(300);
  expect(other?.lines).not.toEqual(one?.lines);
});

it('tows trucks whose packs do not reach, and tells the platform of each', () => {
  const stranding = smallCorridor({ days: 2 });
  const scenario = { ...stranding, fleets: stranding.fleets.map((fleet) => ({ ...fleet, legVariationRatio: 0.5, startSocPercent: 34 })) };
  const { result, effects } = run(scenario, 4);
  expect(result.total['strandingsPerTrip']).toBeGreaterThan(0);
  expect(of(effects, 'alarm.raised').map(({ code }) => code)).toContain('TRUCK_STRANDED');
  expect(result.total['energyImbalanceWh']).toBe(0);
});

it('lets a carrier without money swap when it has paid in', () => {
  const rich = smallCorridor();
  const { business } = rich;
  const poor = business && { ...business, topUp: { belowFen: '1', amountFen: '50000' } };
  const { result } = run({ ...rich, ...(poor ? { business: poor } : {}) }, 1);
  expect(result.total['swapsPerDay']).toBeGreaterThan(0);
  expect(result.total['refusedOrdersPerDay']).toBeGreaterThan(0);
  expect(result.total['refusedOrdersPerDay.NO_CREDIT']).toBe(result.total['refusedOrdersPerDay']);
  expect(result.total['ledgerSumFen']).toBe(0);
});

it('counts one wait a truck, from when it came, however often it is refused', () => {
  const rich = smallCorridor();
  const { business } = rich;
  // What is paid in never reaches for a swap: nobody is served.
  const broke = business && { ...business, topUp: { belowFen: '1', amountFen: '1' } };
  const { result } = run({ ...rich, ...(broke ? { business: broke } : {}) }, 1);
  const { total } = result;
  expect([total['swapsPerDay'], result.swaps?.length, total['waitingAtEnd'], total['waitingAtEndRatio']]).toEqual([0, 0, 1, 1]);
  // It came within three hours and asks every ten minutes and what a refusal takes.
  expect(total['waitMsMean']).toBeGreaterThan(21 * 3_600_000);
  expect(total['refusedOrdersPerDay.NO_CREDIT']).toBeGreaterThan(80);
});

it('ends a run that takes more events than it may', () => {
  expect(() => run(smallCorridor({ eventsMax: 300 }), 1)).toThrow('/eventsMax: 300; more events than that happened by day 0.');
});
