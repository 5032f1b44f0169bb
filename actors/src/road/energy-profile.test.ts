import { expect, it } from 'vitest';
import { canReach } from '../dispatch/reach.ts';
import { BULK_TRUCK, BULK_TRUCK_WINTER } from '../truck/traction.ts';
import { energyProfile, thenWay, wayEnergy } from './energy-profile.ts';
import { parseRoadProfile } from './road-profile.ts';

/** The schematic chain of 550 km on which the published energy tables were computed (docs/domain/physics.md). */
const km = [0, 45, 98.5, 123.5, 168, 244, 277, 297, 322, 344, 364, 380, 388.5, 393.2, 404, 422, 448, 458, 494, 517.2, 545.2, 550];
const metres = [3, 5, 9, 9, 11, 20, 45, 80, 150, 215, 280, 520, 800, 880, 1150, 1000, 1060, 1000, 760, 790, 830, 850];
const zones = [
  { untilM: 277_000, cruiseKmh: 80 },
  { untilM: 364_000, cruiseKmh: 75 },
  { untilM: 494_000, cruiseKmh: 65 },
  { untilM: Number.POSITIVE_INFINITY, cruiseKmh: 80 },
];

/** The chain again with a point every 100 m, so that the smooth road follows its straight grades. */
function schematicRoad() {
  const lines = ['km,lat,lon,road,elev_road_est_m'];
  for (let step = 0; step <= 5500; step += 1) {
    const at = step / 10;
    const next = Math.max(
      1,
      km.findIndex((value) => value >= at),
    );
    const [fromKm, toKm, fromM, toM] = [km[next - 1] ?? 0, km[next] ?? 0, metres[next - 1] ?? 0, metres[next] ?? 0];
    lines.push(`${at},38,${117 - at / 100},S,${fromM + ((toM - fromM) * (at - fromKm)) / (toKm - fromKm)}`);
  }
  return parseRoadProfile(lines.join('\n'));
}

const road = schematicRoad();
const profileOf = (direction: 'WEST' | 'EAST', massKg: number) =>
  energyProfile({ road, direction, massKg, parameters: BULK_TRUCK, zones, cellM: 100 });
const full = { WEST: profileOf('WEST', 49_000), EAST: profileOf('EAST', 49_000) };
const empty = { WEST: profileOf('WEST', 18_300), EAST: profileOf('EAST', 18_300) };
/** Within 2 %, or 1 kWh where a leg comes out near nothing. */
const near = (wh: number, kwh: number) =>
  expect(Math.abs(wh / 1000 - kwh), `${wh / 1000} against ${kwh}`).toBeLessThan(Math.max(1, Math.abs(kwh) * 0.02));

it.each([
  [0, 45, 74.6, 46.5, 73.9, 46.2],
  [45, 168, 203.9, 127, 201.9, 126.3],
  [168, 244, 126.9, 78.8, 123.9, 77.7],
  [244, 364, 234.7, 133.4, 148.9, 101.4],
  [364, 380, 62.8, 28.1, -10.9, -0.7],
  [380, 448, 187.1, 89.9, 31.8, 29.8],
  [448, 550, 124.6, 83.1, 193.9, 109],
  [0, 550, 1015, 587, 763, 490],
])('leg km %d to %d costs %d kWh west loaded', (from, to, west, westEmpty, east, eastEmpty) => {
  near(wayEnergy(full.WEST, from * 1000, to * 1000).sumWh, west);
  near(wayEnergy(empty.WEST, from * 1000, to * 1000).sumWh, westEmpty);
  near(wayEnergy(full.EAST, to * 1000, from * 1000).sumWh, east);
  near(wayEnergy(empty.EAST, to * 1000, from * 1000).sumWh, eastEmpty);
});

it('finds the peak of the way, not its sum', () => {
  const overTheSummit = wayEnergy(full.EAST, 550_000, 380_000);
  near(overTheSummit.sumWh, 225.7);
  near(overTheSummit.peakWh, 272.7);
  near(wayEnergy(full.EAST, 448_000, 380_000).peakWh, 78.8);
  const inTwo = thenWay(wayEnergy(full.EAST, 550_000, 448_000), wayEnergy(full.EAST, 448_000, 380_000));
  expect(inTwo.peakWh).toBeCloseTo(overTheSummit.peakWh, -2);
});

it.each([
  ['WEST', 364, 448, 249.9],
  ['WEST', 380, 550, 311.7],
  ['EAST', 448, 244, 169.8],
  ['EAST', 364, 168, 272.8],
  ['EAST', 168, 0, 275.8],
  ['EAST', 550, 244, 363.7],
] as const)('%s from km %d to %d takes %d kWh', (direction, from, to, kwh) => {
  near(wayEnergy(full[direction], from * 1000, to * 1000).sumWh, kwh);
});

it('takes more in winter', () => {
  const winter = (direction: 'WEST' | 'EAST') =>
    energyProfile({ road, direction, massKg: 49_000, parameters: BULK_TRUCK_WINTER, zones, cellM: 100 });
  near(wayEnergy(winter('WEST'), 0, 550_000).sumWh, 1135);
  near(wayEnergy(winter('EAST'), 550_000, 0).sumWh, 881);
});

it('is why a 282 kWh pack climbs from Baoding to Fuping only when it is full and healthy, and to the next site never', () => {
  const nominalWh = 282_000;
  const { peakWh } = wayEnergy(full.WEST, 244_000, 364_000);
  expect(peakWh / nominalWh).toBeCloseTo(0.83, 1);
  const content = (ratio: number) => ({ contentWh: ratio * nominalWh, peakWh, nominalWh });
  expect([canReach(content(0.95)), canReach(content(0.92))]).toEqual([true, false]);
  expect(wayEnergy(full.WEST, 244_000, 380_000).peakWh).toBeGreaterThan(nominalWh);
});

it('drives the whole road in about 7.3 h', () => {
  expect(wayEnergy(full.WEST, 0, 550_000).durationMs / 3_600_000).toBeCloseTo(7.3, 0);
});

it('refuses a way against the direction', () => {
  expect(() => wayEnergy(full.WEST, 10_000, 5_000)).toThrow(RangeError);
});
