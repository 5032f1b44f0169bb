import { expect, it } from 'vitest';
import { BULK_TRUCK, climbingSpeedMps, consumptionWhPerM, tractionPowerW, tractiveForceN } from './traction.ts';

const steady = { ...BULK_TRUCK, unevenDrivingFactor: 1 };

it.each([
  { massKg: 49_000, kmh: 80, grade: 0, forceN: 4662, powerKw: 121.9, kwhPerKm: 1.574 },
  { massKg: 49_000, kmh: 60, grade: 0.02, forceN: 13_495, powerKw: 264.6, kwhPerKm: 4.477 },
  { massKg: 49_000, kmh: 60, grade: -0.02, forceN: -5728, powerKw: -81.2, kwhPerKm: -1.286 },
  { massKg: 49_000, kmh: 40, grade: 0.04, forceN: 22_539, powerKw: 294.6, kwhPerKm: 7.466 },
  { massKg: 42_000, kmh: 80, grade: 0, forceN: 4250, powerKw: 111.1, kwhPerKm: 1.439 },
  { massKg: 30_000, kmh: 80, grade: 0, forceN: 3544, powerKw: 92.6, kwhPerKm: 1.208 },
  { massKg: 18_300, kmh: 80, grade: 0, forceN: 2855, powerKw: 74.6, kwhPerKm: 0.983 },
])('$massKg kg at $kmh km/h on $grade needs $forceN N', ({ massKg, kmh, grade, forceN, powerKw, kwhPerKm }) => {
  const point = { massKg, speedMps: kmh / 3.6, gradeRatio: grade };
  expect(Math.abs(tractiveForceN(point, steady) - forceN)).toBeLessThan(1);
  expect(Math.abs(tractionPowerW(point, steady) / 1000 - powerKw)).toBeLessThan(0.06);
  expect(Math.abs(consumptionWhPerM(point, steady) - kwhPerKm)).toBeLessThan(0.0006);
});

it('recovers no more than the limit', () => {
  expect(tractionPowerW({ massKg: 49_000, speedMps: 25, gradeRatio: -0.05 }, steady)).toBe(-200_000);
});

it('slows down on a grade until the motor can hold the speed', () => {
  const speedMps = climbingSpeedMps({ massKg: 49_000, cruiseMps: 65 / 3.6, gradeRatio: 0.033 }, steady);
  expect(speedMps).toBeLessThan(65 / 3.6);
  expect(tractionPowerW({ massKg: 49_000, speedMps, gradeRatio: 0.033 }, steady)).toBeCloseTo(360_000, -2);
  expect(climbingSpeedMps({ massKg: 49_000, cruiseMps: 20, gradeRatio: 0 }, steady)).toBe(20);
});

it('refuses consumption per metre at standstill', () => {
  expect(() => consumptionWhPerM({ massKg: 49_000, speedMps: 0, gradeRatio: 0 }, steady)).toThrow(RangeError);
});
