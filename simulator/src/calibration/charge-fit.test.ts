import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Prng } from '@corridor/actors/time/prng';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { expect, it } from 'vitest';
import { calibrateCharges } from './calibrate-charges.ts';
import { fitCharging, predictedChargeMs } from './charge-fit.ts';
import { parseChargeColumns, type RecordedCharge, readChargeHistory } from './charge-history.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const PACK = { capacityWh: 282_000, tempC: 25 };

/** Charges as they come about, each off by up to 4 %. */
function charges(truth: { chargerPowerW: number; taperRatio: number }, seed: number, stationId = 'S1'): RecordedCharge[] {
  const prng = new Prng(seed);
  return Array.from({ length: 200 }, () => {
    const charge = { stationId, fromSocPercent: prng.uniform(5, 50), toSocPercent: prng.uniform(85, 98), tempC: null, durationMs: 0 };
    return { ...charge, durationMs: predictedChargeMs(charge, truth, PACK) * prng.uniform(0.96, 1.04) };
  });
}

it.each([
  { chargerPowerW: 160_000, taperRatio: 1 },
  { chargerPowerW: 240_000, taperRatio: 1 },
  { chargerPowerW: 120_000, taperRatio: 0.7 },
  { chargerPowerW: 200_000, taperRatio: 1.4 },
])('finds $chargerPowerW W and a taper of $taperRatio again', (truth) => {
  for (const seed of [1, 2, 3]) {
    const found = fitCharging(charges(truth, seed), PACK);
    expect(Math.abs(found.chargerPowerW / truth.chargerPowerW - 1), `SEED=${seed}: ${JSON.stringify(found)}`).toBeLessThan(0.03);
    expect(Math.abs(found.taperRatio / truth.taperRatio - 1), `SEED=${seed}: ${JSON.stringify(found)}`).toBeLessThan(0.05);
  }
});

it('leaves as assumed what charges do not tell: the taper, where none came so far', () => {
  const truth = { chargerPowerW: 100_000, taperRatio: 1.3 };
  const early = charges(truth, 1).map((charge) => {
    const low = { ...charge, toSocPercent: 70 };
    return { ...low, durationMs: predictedChargeMs(low, truth, PACK) };
  });
  const found = fitCharging(early, PACK);
  expect(found.chargerPowerW / 100_000).toBeCloseTo(1, 2);
  expect(found.taperRatio).toBeCloseTo(1, 2);
});

it('gives a scenario the power where the curve holds, and the durations where it does not', () => {
  const slow = charges({ chargerPowerW: 120_000, taperRatio: 0.7 }, 2, 'SLOW');
  const { sections, fragment } = calibrateCharges([...charges({ chargerPowerW: 240_000, taperRatio: 1 }, 1), ...slow], PACK);
  expect(fragment).toMatchObject({ stations: [{ id: 'S1' }, { id: 'SLOW', chargeTime: { kind: expect.any(String) } }] });
  expect(Math.abs((fragment.stations?.[0]?.chargerPowerW ?? 0) / 240_000 - 1)).toBeLessThan(0.03);
  // The curve tells what a constant power does not.
  const [fitted, , constant] = sections[0]?.table.rows.map((row) => Number(row[1])) ?? [];
  expect(fitted).toBeLessThan(2.5);
  expect(constant).toBeGreaterThan(1.5 * (fitted ?? 0));
});

it('reads a CSV of other columns by the command, writes a page and a fragment, and refuses what makes no sense', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'charges.csv');
  const lines = charges({ chargerPowerW: 240_000, taperRatio: 1 }, 5).map(({ durationMs, fromSocPercent, toSocPercent }) =>
    [
      'A',
      '2026-11-01T08:00:00+08:00',
      new Date(Date.parse('2026-11-01T00:00:00Z') + durationMs).toISOString(),
      fromSocPercent,
      toSocPercent,
    ].join(),
  );
  writeFileSync(file, `Site,Start,End,Low,High\n${lines.join('\n')}\nA,2026-11-01T08:00:00Z,,10,\n`);
  const map = 'station=Site,began=Start,ended=End,from=Low,to=High';
  const ran = spawnSync(process.execPath, [MAIN, 'charges', file, '--map', map, '--pack-kwh', '282', '--out', folder.path], {
    encoding: 'utf8',
  });
  expect({ status: ran.status, err: ran.stderr }).toEqual({ status: 0, err: '' });
  expect(ran.stdout).toContain('200 charges: a charger gives 2');
  expect(readFileSync(join(folder.path, 'calibration.html'), 'utf8')).not.toMatch(/NaN|undefined|https?:/);
  expect(JSON.parse(readFileSync(join(folder.path, 'fragment.json'), 'utf8'))).toMatchObject({ stations: [{ id: 'A' }] });

  expect(() => readChargeHistory(file, null)).toThrow('has no column "stationId"; it has Site, Start, End, Low, High');
  expect(() => parseChargeColumns('station=Site,began=Start')).toThrow('--map needs ended=… and from=… and to=…');
  const bad = (line: string) => {
    writeFileSync(file, `stationId,beganAt,endedAt,fromSocPercent,toSocPercent\n${line}\n`);
    return () => readChargeHistory(file, null);
  };
  expect(bad('A,2026-11-01T08:00:00Z,2026-11-01T09:00:00Z,20,120')).toThrow(
    'line 2: toSocPercent is 120; a number at least 0, at most 100',
  );
  expect(bad('A,2026-11-01T08:00:00Z,2026-11-01T09:00:00Z,50,50')).toThrow('line 2: toSocPercent is 50, not more than fromSocPercent, 50');
  expect(bad('A,2026-11-01T08:00:00Z,2026-11-01T08:00:00Z,20,90')).toThrow('line 2: endedAt does not lie behind beganAt');
  expect(() => calibrateCharges([{ stationId: 'A', durationMs: 1, fromSocPercent: 1, toSocPercent: 2, tempC: -5 }], PACK)).toThrow('-5 °C');
});
