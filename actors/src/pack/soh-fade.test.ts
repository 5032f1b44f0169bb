import { expect, it } from 'vitest';
import { anodePotentialV, calendarRate, cycleRate, type FadeState, fadeBy, sohRatioOf } from './soh-fade.ts';

it('reproduces the check values of the published model', () => {
  expect(anodePotentialV(0.1)).toBeCloseTo(0.23325, 5);
  expect(anodePotentialV(0.5)).toBeCloseTo(0.1233, 5);
  expect(anodePotentialV(0.9)).toBeCloseTo(0.08818, 5);
  expect(calendarRate(25, 0.5)).toBeCloseTo(4.9462e-4, 7);
  expect(calendarRate(35, 0.9)).toBeCloseTo(1.3725e-3, 6);
  expect(cycleRate(25, 0.8, 0.1)).toBeCloseTo(1.1307e-4, 7);
  expect(cycleRate(25, 0.8, 0.5)).toBeCloseTo(2.1715e-4, 7);
});

it.each([
  { tempC: 25, cyclesPerDay: 1, rate: 0.1, soh: [0.9736, 0.9431, 0.9184, 0.8862] },
  { tempC: 25, cyclesPerDay: 2, rate: 0.2, soh: [0.9563, 0.9019, 0.8575, 0.8002] },
  { tempC: 35, cyclesPerDay: 1, rate: 0.1, soh: [0.9669, 0.9335, 0.9074, 0.8742] },
  { tempC: 10, cyclesPerDay: 1, rate: 0.1, soh: [0.9739, 0.9391, 0.9099, 0.8712] },
  { tempC: 25, cyclesPerDay: 0, rate: 0, soh: [0.9884, 0.9793, 0.9729, 0.9653] },
])('$cyclesPerDay cycles a day at $tempC °C fade to $soh', ({ tempC, cyclesPerDay, rate, soh }) => {
  let state: FadeState = { calendarLossRatio: 0, cycleLossRatio: 0 };
  const found: number[] = [];
  for (let day = 1; day <= 8 * 365; day += 1) {
    state = fadeBy(
      state,
      { days: 1, equivalentFullCycles: cyclesPerDay, tempC, socRatio: 0.6, depthOfDischargeRatio: 0.8, meanRatePerHour: rate },
      1,
    );
    if ([365, 3 * 365, 5 * 365, 8 * 365].includes(day)) found.push(sohRatioOf(state));
  }
  found.forEach((value, index) => expect(Math.abs(value - (soh[index] ?? 0))).toBeLessThan(0.0003));
});
