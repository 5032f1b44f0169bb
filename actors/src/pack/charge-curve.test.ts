import { expect, it } from 'vitest';
import { acceptedPowerW, chargeDurationMs } from './charge-curve.ts';

it.each([
  [282, 160, 63.5, 80.7, 86.0, 99.9],
  [282, 240, 42.3, 57.5, 61.1, 76.7],
  [282, 300, 36.0, 51.2, 54.2, 70.4],
  [350, 240, 52.5, 67.9, 72.3, 87.1],
  [423, 240, 63.5, 80.7, 86.0, 99.9],
])('a %d kWh pack at %d kW', (kwh, kw, to80, to95, from15To95, to100) => {
  const minutes = (fromSocPercent: number, toSocPercent: number) =>
    chargeDurationMs({ fromSocPercent, toSocPercent, capacityWh: kwh * 1000, chargerPowerW: kw * 1000, tempC: 25 }) / 60_000;
  expect(Math.abs(minutes(20, 80) - to80)).toBeLessThan(0.06);
  expect(Math.abs(minutes(20, 95) - to95)).toBeLessThan(0.06);
  expect(Math.abs(minutes(15, 95) - from15To95)).toBeLessThan(0.06);
  expect(Math.abs(minutes(20, 100) - to100)).toBeLessThan(0.06);
});

it('takes no charge below freezing, above 55 °C or when full, and less when cool', () => {
  const at = (tempC: number, socPercent = 50) => acceptedPowerW({ socPercent, capacityWh: 350_000, tempC, chargerPowerW: 240_000 });
  expect([at(-0.1), at(55.1), at(25, 100)]).toEqual([0, 0, 0]);
  expect([at(5), at(12), at(25), at(50)]).toEqual([72_000, 144_000, 240_000, 120_000]);
  expect(() => at(Number.NaN)).toThrow(RangeError);
  expect(chargeDurationMs({ fromSocPercent: 20, toSocPercent: 30, capacityWh: 1000, chargerPowerW: 1000, tempC: -5 })).toBe(
    Number.POSITIVE_INFINITY,
  );
});
