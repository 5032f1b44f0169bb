import { expect, it } from 'vitest';
import { canReach } from '../dispatch/reach.ts';
import { BULK_TRUCK, BULK_TRUCK_WINTER } from '../truck/traction.ts';
import { energyProfile, thenWay, unrecoveredWh, wayEnergy } from './energy-profile.ts';
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
  [0, 45, 74.6, 46.5, 73.9, 46.2, 34],
  [45, 168, 203.9, 127, 201.9, 126.3, 92],
  [168, 244, 126.9, 78.8, 123.9, 77.7, 57],
  [244, 364, 234.7, 133.4, 148.9, 101.4, 94],
  [364, 380, 62.8, 28.1, -10.9, -0.7, 15],
  [380, 448, 187.1, 89.9, 31.8, 29.8, 63.5],
  [448, 550, 124.6, 83.1, 193.9, 109, 85],
  [0, 550, 1015, 587, 763, 490, 7.3 * 60],
])('leg km %d to %d costs %d kWh west loaded', (from, to, west, westEmpty, east, eastEmpty, minutes) => {
  near(wayEnergy(full.WEST, from * 1000, to * 1000).sumWh, west);
  near(wayEnergy(empty.WEST, from * 1000, to * 1000).sumWh, westEmpty);
  near(wayEnergy(full.EAST, to * 1000, from * 1000).sumWh, east);
  near(wayEnergy(empty.EAST, to * 1000, from * 1000).sumWh, eastEmpty);
  for (const way of [wayEnergy(full.WEST, from * 1000, to * 1000), wayEnergy(full.EAST, to * 1000, from * 1000)])
    expect(Math.abs(way.durationMs / 60_000 - minutes), `${way.durationMs / 60_000} min`).toBeLessThan(Math.max(1, minutes * 0.02));
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

it.each([
  ['more in winter', BULK_TRUCK_WINTER, 1135, 881],
  ['less with the tyres and the air drag of a long-haul truck', { ...BULK_TRUCK, rollingResistance: 0.005, dragAreaM2: 5.2 }, 885, 635],
])('takes %s', (_, parameters, west, east) => {
  const profile = (direction: 'WEST' | 'EAST') => energyProfile({ road, direction, massKg: 49_000, parameters, zones, cellM: 100 });
  near(wayEnergy(profile('WEST'), 0, 550_000).sumWh, west);
  near(wayEnergy(profile('EAST'), 550_000, 0).sumWh, east);
});

it('is why a 282 kWh pack climbs from Baoding to Fuping only when it is full and healthy, and to the next site never', () => {
  const nominalWh = 282_000;
  const { peakWh } = wayEnergy(full.WEST, 244_000, 364_000);
  expect(Math.abs(peakWh / nominalWh - 0.83)).toBeLessThan(0.01);
  // State of charge times state of health of at least 0.933, a tenth of the nominal content being kept back.
  const content = (ratio: number) => ({ contentWh: ratio * nominalWh, peakWh, nominalWh });
  expect([canReach(content(0.938)), canReach(content(0.928))]).toEqual([true, false]);
  // 0.98 of 0.97 does, as it is issued there; 0.95 of 0.95, as everywhere else, does not.
  expect([canReach(content(0.98 * 0.97)), canReach(content(0.95 * 0.95))]).toEqual([true, false]);
  const toTheNext = wayEnergy(full.WEST, 244_000, 380_000).peakWh;
  near(toTheNext, 297);
  expect(canReach({ contentWh: nominalWh, peakWh: toTheNext, nominalWh })).toBe(false);
});

it('gives back on the way down what a full pack cannot take, and one of 95 % can', () => {
  const down = wayEnergy(full.EAST, 380_000, 364_000);
  near(down.sumWh, -10.9);
  near(down.roomWh, 10.9);
  const nominalWh = 282_000;
  const left = (socRatio: number) => unrecoveredWh(down, { contentWh: socRatio * nominalWh, capWh: nominalWh });
  expect([left(1), left(0.95)]).toEqual([down.roomWh, 0]);
  // Room that is there after a climb counts.
  const overTheSummit = wayEnergy(full.EAST, 550_000, 380_000);
  expect(overTheSummit.roomWh).toBe(0);
  const further = thenWay(wayEnergy(full.EAST, 448_000, 380_000), down);
  expect(further.roomWh).toBe(0);
  expect(thenWay(down, wayEnergy(full.EAST, 364_000, 244_000)).roomWh).toBeCloseTo(down.roomWh, 6);
});

const SITES_KM = { HH: 45, HJ: 168, BD: 244, FP: 364, FX: 380, RC: 448, YP: 550 } as const;

/** Swaps of a loaded truck that goes to the farthest station its pack reaches; it begins with a pack as the stations issue them. */
function farthestFirst({ direction, nominalWh }: { direction: 'WEST' | 'EAST'; nominalWh: number }): string[] {
  const sites = Object.entries(SITES_KM).sort(([, one], [, other]) => (direction === 'WEST' ? one - other : other - one));
  const stops: string[] = direction === 'EAST' ? ['YP'] : [];
  const endKm = direction === 'WEST' ? SITES_KM.YP : 0;
  for (let atKm: number = direction === 'WEST' ? 0 : SITES_KM.YP; atKm !== endKm; ) {
    // At Baoding packs are issued fuller, for the climb.
    const ratio = atKm === SITES_KM.BD && direction === 'WEST' && nominalWh === 282_000 ? 0.98 * 0.97 : 0.95 * 0.95;
    const reaches = (km: number) =>
      canReach({ contentWh: ratio * nominalWh, peakWh: wayEnergy(full[direction], atKm * 1000, km * 1000).peakWh, nominalWh });
    const ahead = sites.filter(([, km]) => (direction === 'WEST' ? km > atKm : km < atKm));
    const next = ahead.filter(([, km]) => reaches(km)).at(-1);
    if (direction === 'EAST' && reaches(0)) return stops;
    if (next === undefined) throw new RangeError(`nothing is in reach of km ${atKm}`);
    stops.push(next[0]);
    atKm = next[1];
  }
  return stops;
}

it.each([
  [282_000, 'HH HJ BD FP FX RC YP', 'YP RC BD HJ HH', 162],
  [350_000, 'HJ BD FP RC YP', 'YP FP HJ', 254],
  [423_000, 'HJ BD FX YP', 'YP FP HJ', 296],
])('a loaded round trip with packs of %d Wh swaps at %s and %s, %d kWh each in the mean', (nominalWh, west, east, meanKwh) => {
  expect(farthestFirst({ direction: 'WEST', nominalWh }).join(' ')).toBe(west);
  expect(farthestFirst({ direction: 'EAST', nominalWh }).join(' ')).toBe(east);
  const roundTripWh = wayEnergy(full.WEST, 0, 550_000).sumWh + wayEnergy(full.EAST, 550_000, 0).sumWh;
  near(roundTripWh, 1_778);
  // The swap at the turn belongs to both ways.
  near(roundTripWh / (west.split(' ').length + east.split(' ').length - 1), meanKwh);
});

it('refuses a way against the direction', () => {
  expect(() => wayEnergy(full.WEST, 10_000, 5_000)).toThrow(RangeError);
});
