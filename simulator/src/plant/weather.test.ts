import { packVoltageV } from '@corridor/actors/pack/open-circuit-voltage';
import { Prng } from '@corridor/actors/time/prng';
import { expect, it } from 'vitest';
import { loadWorld } from './corridor-files.ts';
import { extraterrestrialWPerM2, pvPowerW } from './sunshine.ts';
import { weatherAt } from './weather.ts';

const world = loadWorld(1);
const place = { lat: 38.2355, lon: 114.1236 };
const HOUR_MS = 3_600_000;

it('lies within the recorded clear days: at most 819 W/m², 3.7 to 5.7 kWh/m² a day', () => {
  const dayMs = Date.parse('2019-03-07T00:00:00Z');
  const radiation = Array.from({ length: 96 }, (_, quarter) => {
    const atMs = dayMs + quarter * 900_000;
    // A module of 1000 W without losses gives as many watts as the radiation per square metre.
    return pvPowerW(world.sky, { ...place, atMs, peakW: 1000, cloudRatio: 1 }) / 0.85;
  });
  expect(Math.max(...radiation)).toBeGreaterThan(600);
  expect(Math.max(...radiation)).toBeLessThan(820);
  const wh = radiation.reduce((sum, value) => sum + value / 4, 0);
  expect(wh).toBeGreaterThan(3_700);
  expect(wh).toBeLessThan(5_700);
});

it('has no sun at night and more of it in summer', () => {
  expect(extraterrestrialWPerM2({ ...place, atMs: Date.parse('2026-06-21T17:00:00Z') })).toBe(0);
  const noon = (day: string) => pvPowerW(world.sky, { ...place, atMs: Date.parse(`${day}T04:20:00Z`), peakW: 300_000, cloudRatio: 1 });
  expect(noon('2026-06-21')).toBeGreaterThan(1.4 * noon('2026-12-21'));
});

it('gives the same weather for the same instant, cold in January, warm in July, colder up high', () => {
  const prng = new Prng(4);
  const mean = (month: string) => {
    const startMs = Date.parse(`2026-${month}-01T00:00:00Z`);
    const hours = Array.from({ length: 28 * 24 }, (_, hour) => weatherAt({ atMs: startMs + hour * HOUR_MS, altM: 0, prng }).ambientC);
    return hours.reduce((sum, value) => sum + value, 0) / hours.length;
  };
  expect(mean('01')).toBeLessThan(0);
  expect(mean('07')).toBeGreaterThan(22);
  const atMs = Date.parse('2026-04-01T00:00:00Z');
  expect(weatherAt({ atMs, altM: 0, prng })).toEqual(weatherAt({ atMs, altM: 0, prng: new Prng(4) }));
  expect(weatherAt({ atMs, altM: 0, prng }).ambientC - weatherAt({ atMs, altM: 1000, prng }).ambientC).toBeCloseTo(6, 6);
});

it('knows the voltage of a pack at rest', () => {
  expect(packVoltageV(world.cells, 50)).toBeCloseTo(192 * 3.299, 0);
  expect(packVoltageV(world.cells, 0)).toBeCloseTo(384, 0);
  expect(packVoltageV(world.cells, 100)).toBeGreaterThan(packVoltageV(world.cells, 90));
});
