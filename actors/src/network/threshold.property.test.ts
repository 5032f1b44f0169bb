import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { levelOf } from './threshold.ts';

const thresholds = [
  { at: 15, hysteresis: 1 },
  { at: 30, hysteresis: 2 },
  { at: 90, hysteresis: 1 },
];

it('stands above exactly what was reached and not yet left by the hysteresis', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1 }), (values) => {
      const above = thresholds.map(() => false);
      let level = 0;
      for (const value of values) {
        for (const [index, { at, hysteresis }] of thresholds.entries()) {
          above[index] = above[index] ? value > at - hysteresis : value >= at;
        }
        level = levelOf(thresholds, value, level);
        expect(level).toBe(above.filter(Boolean).length);
      }
    }),
  );
});
