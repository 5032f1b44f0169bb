import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kwhText, priceText, yuanText } from './decimal-text.ts';
import { fen } from './fen.ts';
import {
  basisPointsOf,
  divideHalfUp,
  energyFeeFen,
  holdForQuote,
  splitByLargestRemainder,
  splitNumbersByLargestRemainder,
} from './fen-arithmetic.ts';

describe('rounding', () => {
  it.each([
    [5n, 10n, 1n],
    [4n, 10n, 0n],
    [-5n, 10n, -1n],
    [-4n, 10n, 0n],
    [15n, 10n, 2n],
    [-15n, 10n, -2n],
    [0n, 10n, 0n],
  ])('%s / %s is %s', (numerator, denominator, quotient) => expect(divideHalfUp(numerator, denominator)).toBe(quotient));

  it('is at most half a unit off, and a credit mirrors a charge', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.bigInt(1n, 10n ** 12n), (numerator, denominator) => {
        const quotient = divideHalfUp(numerator, denominator);
        const error = 2n * (quotient * denominator - numerator);
        expect(error <= denominator && error >= -denominator).toBe(true);
        expect(divideHalfUp(-numerator, denominator)).toBe(-quotient);
      }),
    );
  });

  it('prices published tariffs with eight decimals', () => {
    expect(energyFeeFen(282_000n, 652_300_000n)).toBe(18_395n);
    expect(energyFeeFen(1_000n, 1_007_489_670n)).toBe(101n);
    expect(energyFeeFen(-26_699n, 650_000_000n)).toBe(-1_735n);
    expect(() => energyFeeFen(1n, -1n)).toThrow('price');
  });

  it('prices energy to the fen as big integers do, also where a product is half a fen or too large for numbers', () => {
    const whNanoYuanPerFen = 10_000_000_000n;
    const inBigIntegers = (energyWh: bigint, price: bigint) => divideHalfUp(energyWh * price, whNanoYuanPerFen);
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 9n), 10n ** 9n), fc.bigInt(0n, 10n ** 10n), (energyWh, price) => {
        expect(energyFeeFen(energyWh, price)).toBe(inBigIntegers(energyWh, price));
      }),
    );
    fc.assert(
      fc.property(fc.bigInt(0n, 300_000n), fc.bigInt(-1n, 1n), fc.constantFrom(1n, -1n), (fees, off, sign) => {
        const energyWh = sign * (fees * whNanoYuanPerFen + whNanoYuanPerFen / 2n + off);
        expect(energyFeeFen(energyWh, 1n)).toBe(inBigIntegers(energyWh, 1n));
      }),
    );
  });

  it('takes five percent of 96.90 as 4.85', () => {
    expect(basisPointsOf(fen(9_690n), 500)).toBe(485n);
    expect(basisPointsOf(fen(-1_359n), 300)).toBe(-41n);
    expect(() => basisPointsOf(fen(1n), 10_001)).toThrow('basis points');
  });
});

describe('hold', () => {
  it.each([
    [29_057n, 31_000n],
    [0n, 1_000n],
    [-500n, 1_000n],
    [1n, 1_000n],
    [20_000n, 21_000n],
    [20_001n, 22_000n],
  ])('of a quote of %s fen is %s fen', (quoted, held) => {
    expect(holdForQuote({ quotedFen: fen(quoted), marginBasisPoints: 500, stepFen: fen(1_000n) })).toBe(held);
  });
});

describe('largest remainder', () => {
  it('gives the exact total, each part within one of its share', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 12n), 10n ** 12n),
        fc.array(fc.bigInt(0n, 10n ** 9n), { minLength: 1, maxLength: 20 }),
        (total, weights) => {
          const whole = weights.reduce((sum, weight) => sum + weight, 0n);
          fc.pre(whole > 0n);
          const parts = splitByLargestRemainder(total, weights);
          expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(total);
          parts.forEach((part, index) => {
            const error = part * whole - total * (weights[index] ?? 0n);
            expect(error < whole && error > -whole).toBe(true);
            if (weights[index] === 0n) expect(part).toBe(0n);
          });
        },
      ),
    );
  });

  it('gives the rest to the largest remainder, then the larger weight, then the earlier part', () => {
    expect(splitByLargestRemainder(10n, [1n, 1n, 1n])).toEqual([4n, 3n, 3n]);
    expect(splitByLargestRemainder(-10n, [1n, 1n, 1n])).toEqual([-4n, -3n, -3n]);
    expect(splitByLargestRemainder(3n, [1n, 3n])).toEqual([1n, 2n]);
    expect(splitByLargestRemainder(1n, [1n, 1n, 2n])).toEqual([0n, 0n, 1n]);
    expect(splitByLargestRemainder(0n, [0n, 0n])).toEqual([0n, 0n]);
    expect(() => splitByLargestRemainder(1n, [0n])).toThrow('nothing to split');
  });
});

describe('largest remainder of numbers', () => {
  const inBigIntegers = (total: number, weights: readonly number[]) =>
    splitByLargestRemainder(BigInt(total), weights.map(BigInt)).map(Number);

  it.each([
    ['of packs', 10 ** 6, 10 ** 6],
    ['about the limit of exact products', 10 ** 9, 10 ** 7],
    ['of registers gone wrong', 10 ** 15, 10 ** 12],
  ])('is that of big integers, %s', (_, totalMax, weightMax) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: totalMax }),
        fc.array(fc.integer({ min: 0, max: weightMax }), { minLength: 1, maxLength: 8 }),
        (total, weights) => {
          fc.pre(weights.some((weight) => weight > 0));
          expect(splitNumbersByLargestRemainder(total, weights)).toEqual(inBigIntegers(total, weights));
        },
      ),
    );
  });

  it('breaks ties alike, and refuses alike', () => {
    for (const weights of [
      [1, 1, 1],
      [1, 3],
      [1, 1, 2],
      [0, 0, 5],
    ])
      for (const total of [0, 1, 3, 10]) expect(splitNumbersByLargestRemainder(total, weights)).toEqual(inBigIntegers(total, weights));
    expect(splitNumbersByLargestRemainder(0, [0, 0])).toEqual([0, 0]);
    expect(() => splitNumbersByLargestRemainder(1, [0])).toThrow('nothing to split');
    expect(() => splitNumbersByLargestRemainder(1, [2, -1])).toThrow('weight -1');
  });
});

it('prints amounts for people', () => {
  expect([yuanText(28_900n), yuanText(-5n), yuanText(0n)]).toEqual(['289.00', '-0.05', '0.00']);
  expect([kwhText(46_699n), kwhText(-130_000n)]).toEqual(['46.699', '-130.000']);
  expect([priceText(291_000_000n), priceText(10_000_000_000n), priceText(1_007_489_670n)]).toEqual(['0.291', '10.00', '1.00748967']);
});
