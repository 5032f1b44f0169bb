import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isIdentityNumber } from './identity-number.ts';

it('takes the example of the standard, and nothing that looks like it', () => {
  expect(isIdentityNumber('11010519491231002X')).toBe(true);
  for (const wrong of ['11010519491231002x', '110105194912310021', '1101051949123100', '11010519491231002X ', '']) {
    expect(isIdentityNumber(wrong), wrong).toBe(false);
  }
});

it('finds one wrong digit, and two neighbours that changed places', () => {
  const head = '11010519491231002';
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
      const wrong = String((Number(head[at]) + by) % 10);
      expect(isIdentityNumber(`${head.slice(0, at)}${wrong}${head.slice(at + 1)}X`)).toBe(false);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 15 }), (at) => {
      fc.pre(head[at] !== head[at + 1]);
      expect(isIdentityNumber(`${head.slice(0, at)}${head[at + 1]}${head[at]}${head.slice(at + 2)}X`)).toBe(false);
    }),
  );
});
