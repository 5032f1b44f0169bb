import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { expect, it } from 'vitest';
import { foldOntoRoad } from './corridor-fold.ts';
import { loadMappedCsv, parseColumnMap } from './mapped-csv.ts';
import type { RecordedTrip } from './recorded-trip.ts';
import { replayConfig } from './replay-config.ts';
import { replayReport } from './replay-report.ts';
import { loadTeslaSemi } from './tesla-semi.ts';
import { compareTrip, summarise } from './trip-energy.ts';
import { planTrip } from './trip-plan.ts';
import { isQuantised, qualityFlags } from './trip-quality.ts';

const trips = loadTeslaSemi();
const tripOf = (samples: [atS: number, speedKmh: number][]): RecordedTrip => ({
  truck: 'A',
  trip: '1',
  samples: samples.map(([atS, speedKmh]) => ({ atS, speedKmh, socPercent: null })),
  socStartPercent: 90,
  socEndPercent: 30,
  measuredWh: null,
  doubts: [],
});

it('reads the recorded trips and meets their distance and energy', () => {
  expect(trips).toHaveLength(28);
  const comparisons = trips.map((trip) => compareTrip(trip));
  const summary = summarise(comparisons);
  // 14,580 km are published; what was driven while the logger was silent is missing.
  expect(summary?.distanceKm).toBeGreaterThan(14_200);
  expect(summary?.distanceKm).toBeLessThan(14_600);
  expect(Math.abs(summary?.biasPercent ?? 100)).toBeLessThan(15);
  const report = replayReport(comparisons);
  expect(report).toContain('28 trips');
  expect(report).toContain('doubtful');
});

it('flags gaps, quantised and frozen speeds, and an interpolated state of charge', () => {
  const [first] = trips;
  expect(first && isQuantised(first)).toBe(true);
  const gap = qualityFlags(
    tripOf([
      [0, 50.3],
      [10, 51.7],
      [500, 52.1],
      [510, 52.9],
    ]),
  );
  expect(gap.map((flags) => flags.includes('GAP'))).toEqual([false, false, true, false]);
  expect(gap.flat()).not.toContain('QUANTISED');
  expect(gap[0]).toEqual(['REPLAY', 'INTERPOLATED']);
  const frozen = qualityFlags(tripOf(Array.from({ length: 80 }, (_, index) => [index * 10, 51.7])));
  expect(frozen[59]).not.toContain('STUCK');
  expect(frozen[79]).toContain('STUCK');
});

it('plans reports whose state of charge falls with the energy, and shortens long silences', () => {
  const plan = planTrip(
    tripOf([
      [0, 0],
      [10, 60],
      [20, 60],
      [30, 60],
      [5_000, 60],
      [5_010, 60],
      [5_020, 0],
    ]),
    { gapSMax: 600 },
  );
  expect(plan[0]?.socPercent).toBe(90);
  expect(plan.at(-1)?.socPercent).toBeCloseTo(30, 0);
  expect(Math.max(...plan.map(({ afterS }) => afterS))).toBe(600);
  expect(plan.find(({ afterS }) => afterS === 600)?.q).toContain('GAP');
  for (let index = 1; index < plan.length; index += 1)
    expect(plan[index]?.distanceM).toBeGreaterThanOrEqual(plan[index - 1]?.distanceM ?? 0);
});

it('turns round at the ends of the road', () => {
  const road = { startM: 4_800, endM: 529_800 };
  expect(foldOntoRoad(0, road)).toEqual({ chainageM: 4_800, direction: 'WEST' });
  expect(foldOntoRoad(526_000, road)).toEqual({ chainageM: 528_800, direction: 'EAST' });
  expect(foldOntoRoad(1_050_000 + 100, road)).toEqual({ chainageM: 4_900, direction: 'WEST' });
});

it("reads a CSV of one's own by a column mapping, unknown cells as unknown", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'own.csv');
  writeFileSync(
    path,
    'When,Vehicle,MPH,Charge,kWh\n2026-01-01T00:00:00Z,X1,0,0.9,0\n2026-01-01T00:00:10Z,X1,10,,0.1\n2026-01-01T00:00:20Z,X1,20,0.88,0.4\n2026-01-01T00:00:30Z,X1,,0.87,0.5\n',
  );
  const [trip] = loadMappedCsv(path, parseColumnMap('t=When,speed=MPH:mph,soc=Charge:ratio,truck=Vehicle,energy=kWh:kwh'));
  expect(trip?.samples.map(({ atS, speedKmh }) => [atS, Math.round(speedKmh)])).toEqual([
    [0, 0],
    [10, 16],
    [20, 32],
  ]);
  expect(trip?.samples[1]?.socPercent).toBeNull();
  expect(trip?.measuredWh).toBe(500);
  expect(trip?.doubts).toEqual([]);
  writeFileSync(path, 'When,MPH,Charge\n0,0,90\n10,-5,oops\n20,20,200\n30,25,88\n');
  const [wrong] = loadMappedCsv(path, parseColumnMap('t=When,speed=MPH:mph,soc=Charge:percent'));
  expect(wrong?.samples.map(({ atS, socPercent }) => [atS, socPercent])).toEqual([
    [0, 90],
    [20, null],
    [30, 88],
  ]);
  expect(wrong?.doubts).toEqual(['3 cells are no number or out of range']);
  expect(() => parseColumnMap('speed=MPH')).toThrow(/t=/);
  expect(() => parseColumnMap('t=When,speed=MPH:furlongs')).toThrow(/furlongs/);
  expect(() => loadMappedCsv(path, parseColumnMap('t=When,speed=Nope'))).toThrow(/no column "Nope"/);
});

it('talks to the start whose data folder it was given, wherever that listens', () => {
  using folder = temporaryFolder();
  const config = (...argv: string[]) => replayConfig(['tesla-semi', '--data-dir', folder.path, ...argv], { PORT: '8099' }).apiUrl;
  expect(config()).toBe('http://127.0.0.1:8099');
  mkdirSync(join(folder.path, 'credentials'));
  writeFileSync(join(folder.path, 'credentials', 'service.url'), 'http://127.0.0.1:18931\n');
  expect(config()).toBe('http://127.0.0.1:18931');
  expect(config('--api', 'https://twin.example/')).toBe('https://twin.example');
});
