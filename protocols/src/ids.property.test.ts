import fc from 'fast-check';
import { expect, it } from 'vitest';
import { slotIdOf, swapIdOf } from './ids.ts';

const asked = fc.record({ station: fc.constantFrom('HH1', 'HJ1', 'B2'), number: fc.oneof(fc.nat(1_000), fc.maxSafeNat()) });

it('names slots and swaps by station and number, whatever was asked before', () => {
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 200 }), (all) => {
      for (const { station, number } of all) {
        expect(swapIdOf(station, number)).toBe(`${station}-${number}`);
        expect(slotIdOf(station, number)).toBe(`${station}-${number}`);
      }
    }),
  );
});
