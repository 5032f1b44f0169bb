import { PartnerRule } from '@corridor/protocols/agreement/settlement-agreement';
import * as fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { expect, it } from 'vitest';
import { Prng } from '../time/prng.ts';
import { journeyValue } from './journey-value.ts';
import { PLAYERS_MAX, shapleyWeights } from './shapley.ts';

const journeys = fc.array(fc.record({ truck: fc.nat(3), station: fc.nat(5), energyWh: fc.integer({ min: 0, max: 300_000 }) }), {
  maxLength: 30,
});
const swapsOf = (drawn: { truck: number; station: number; energyWh: number }[]) =>
  drawn.map(({ truck, station, energyWh }) => ({ truckId: `T${truck}`, stationId: `S${station}`, atMs: 0, energyWh: BigInt(energyWh) }));
const playersOf = (count: number) => Array.from({ length: count }, (_, player) => [`S${player}`]);

it('divides each journey evenly between the players that it needs, which is its Shapley value', () => {
  fc.assert(
    fc.property(journeys, (drawn) => {
      const swaps = swapsOf(drawn);
      const weights = shapleyWeights(6, journeyValue(playersOf(6), swaps), new Prng(1));
      const whole = weights.reduce((sum, weight) => sum + weight, 0n);
      const expected = Array.from({ length: 6 }, () => 0n);
      for (const journey of Map.groupBy(swaps, ({ truckId }) => truckId).values()) {
        const needed = new Set(journey.filter(({ energyWh }) => energyWh > 0n).map(({ stationId }) => Number(stationId.slice(1))));
        const energyWh = journey.reduce((sum, each) => sum + each.energyWh, 0n);
        for (const player of needed) expected[player] = (expected[player] ?? 0n) + (energyWh * 720n) / BigInt(needed.size);
      }
      expect(weights).toEqual(expected);
      expect(whole).toBe(swaps.reduce((sum, { energyWh }) => sum + energyWh, 0n) * 720n);
    }),
    { numRuns: 60 },
  );
});

it('draws for many players, the same for a seed, and hands out the whole worth', () => {
  const swaps = swapsOf(Array.from({ length: 200 }, (_, index) => ({ truck: index % 37, station: index % 20, energyWh: 1_000 + index })));
  const value = journeyValue(playersOf(20), swaps);
  const weights = shapleyWeights(20, value, new Prng(7));
  expect(shapleyWeights(20, value, new Prng(7))).toEqual(weights);
  expect(weights.reduce((sum, weight) => sum + weight, 0n)).toBe(value((1 << 20) - 1) * 4_000n);
  expect(weights.every((weight) => weight > 0n)).toBe(true);
});

it('is agreed among no more players than it can be computed for', () => {
  const among = (count: number) => ({
    kind: 'SHAPLEY',
    base: 'NET',
    basisPoints: 1_000,
    players: Array.from({ length: count }, (_, player) => ({ partnerId: `BO${player}`, stationIds: [`S${player}`] })),
  });
  const rule = Compile(PartnerRule);
  expect([rule.Check(among(PLAYERS_MAX)), rule.Check(among(PLAYERS_MAX + 1))]).toEqual([true, false]);
  expect(shapleyWeights(PLAYERS_MAX, journeyValue(playersOf(PLAYERS_MAX), []), new Prng(1))).toHaveLength(PLAYERS_MAX);
});
