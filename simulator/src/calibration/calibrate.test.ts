import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import { ORDERS_HEAD, orderLines } from '../planner/result-lines.ts';
import { readScenario } from '../scenario/read-scenario.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { scenarioText } from '../scenario/scenario-file.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { calibrateSwaps } from './calibrate-swaps.ts';
import { calibrateTrips } from './calibrate-trips.ts';
import { parseHistoryColumns, readSwapHistory } from './swap-history.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

it('finds again the scenario that made a history, and gives fields that a scenario takes', () => {
  using folder = temporaryFolder();
  const shipped = shippedScenario('queue-bay-and-packs.json');
  const truth: Scenario = {
    ...shipped,
    days: 8,
    stations: shipped.stations.map((station) => ({
      ...station,
      swapTime: { kind: 'triangular', minMs: 240_000, modeMs: 300_000, maxMs: 480_000 },
    })),
  };
  const lines = [1, 2].map((seed) => orderLines(runCoarse({ scenario: truth, seed, engine: 'compiled', detailed: true })));
  const file = join(folder.path, 'orders.csv');
  writeFileSync(file, ORDERS_HEAD + lines.join(''));

  const base = join(folder.path, 'base.json');
  writeFileSync(base, JSON.stringify({ ...shipped, days: 8 }));

  const ran = spawnSync(process.execPath, [MAIN, 'swaps', file, '--pack-kwh', '350', '--out', folder.path, '--scenario', base], {
    encoding: 'utf8',
  });
  expect({ status: ran.status, err: ran.stderr }).toEqual({ status: 0, err: '' });
  expect(ran.stdout).toContain('KS distance');
  const page = readFileSync(join(folder.path, 'calibration.html'), 'utf8');
  expect(page).toContain('Station S1');
  expect(page).not.toMatch(/NaN|undefined|https?:/);
  const { stations, fleets } = JSON.parse(readFileSync(join(folder.path, 'fragment.json'), 'utf8'));
  expect(stations).toMatchObject([{ id: 'S1', swapTime: { kind: 'triangular' } }]);
  expect(Math.abs(stations[0].swapTime.modeMs / 300_000 - 1)).toBeLessThan(0.08);
  expect(fleets).toMatchObject([{ kind: 'visits', stationId: 'S1', arrivals: { kind: 'poisson' }, arriveSocPercent: 20 }]);
  expect(Math.abs(fleets[0].arrivals.perHour / 4 - 1)).toBeLessThan(0.08);

  // What was found is a scenario again.
  const again = readScenario(scenarioText(join(folder.path, 'scenario.json')), { days: 2 }).scenario;
  expect([again.stations[0]?.swapTime, again.fleets]).toEqual([stations[0].swapTime, fleets]);
  expect(runCoarse({ scenario: again, seed: 3, engine: 'compiled' }).total['swapsPerDay']).toBeGreaterThan(60);
});

it('reads a history of other columns, in the hours of the corridor', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'own.csv');
  writeFileSync(
    file,
    'Site,In,Start,End\nA,2026-11-01T00:30:00+08:00,2026-11-01T00:31:00+08:00,2026-11-01T00:36:00+08:00\nA,2026-10-31T17:00:00Z,,\n',
  );
  const [first, second] = readSwapHistory(file, parseHistoryColumns('station=Site,came=In,began=Start,ended=End'));
  const hourOf = (swap: typeof first) => ((swap?.cameAtMs ?? 0) / 3_600_000) % 24;
  expect([hourOf(first), hourOf(second)]).toEqual([0.5, 1]);
  expect([first?.serviceMs, second?.serviceMs, first?.returnedWh]).toEqual([300_000, null, null]);
});

it.each([
  ['nothing to fit', 'stationId,cameAt,beganAt,endedAt,returnedWh\nA,2026-11-01T00:00:00Z,,,\n', null, 'no station has 11 swaps'],
  ['an instant without a zone', 'stationId,cameAt,beganAt,endedAt,returnedWh\nA,2026-11-01 08:00,,,\n', null, 'line 2: cameAt'],
  [
    'an end before its beginning',
    's,c,b,e\nA,2026-11-01T00:00:00Z,2026-11-01T02:00:00Z,2026-11-01T01:00:00Z\n',
    'station=s,came=c,began=b,ended=e',
    'line 2: e lies before b',
  ],
  ['a column that is not there', 'a,b\n1,2\n', 'station=a,came=x', 'no column "x"; it has a, b'],
  ['no rows', 'a,b\n', null, 'holds no lines'],
  ['a field that is none', 'a,b\n1,2\n', 'station=a,came=b,colour=c', 'with field one of came, began, ended, station, returned'],
  ['no arrival', 'a,b\n1,2\n', 'station=a', '--map needs came=… and station=…'],
])('refuses %s', (_, text, map, told) => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'bad.csv');
  writeFileSync(file, text);
  expect(() => calibrateSwaps(readSwapHistory(file, map === null ? null : parseHistoryColumns(map)), { packWh: null })).toThrow(told);
});

it('refuses trips that nobody measured', () => {
  expect(() => calibrateTrips([], { withDoubtful: true })).toThrow('0 trips with a measured energy are too few');
});
