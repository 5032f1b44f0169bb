import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packEnergyWh } from './pack-energy.ts';

/** Percentages as they are written: a whole number of some decimal places. */
const percent = fc
  .tuple(fc.integer({ min: 0, max: 100_000_000 }), fc.constantFrom(1, 10, 1_000, 100_000, 1_000_000))
  .map(([millionths, step]) => (Math.floor(millionths / step) * step) / 1_000_000);
const nominalWh = fc.oneof(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));

const millionths = (value: number) => BigInt(Math.round(value * 1_000_000));

it('is rounded as whole numbers are, also where the last digits decide', () => {
  fc.assert(
    fc.property(percent, percent, nominalWh, (socPercent, sohPercent, nominal) => {
      const scaled = millionths(socPercent) * millionths(sohPercent) * BigInt(nominal);
      const whole = 10n ** 16n;
      expect(packEnergyWh({ socPercent, sohPercent, nominalWh: nominal })).toBe(Number((2n * scaled + whole) / (2n * whole)));
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  [50, 100, 1, 1],
  [50, 100, 3, 2],
  [25, 50, 4, 1],
  [49.999999, 100, 1, 0],
  [99.999999, 99.999999, 50_000_000, 49_999_999],
])('SOC %s, SOH %s, %s Wh: %s Wh, at or beside a half', (socPercent, sohPercent, nominal, energyWh) => {
  expect(packEnergyWh({ socPercent, sohPercent, nominalWh: nominal })).toBe(energyWh);
});
