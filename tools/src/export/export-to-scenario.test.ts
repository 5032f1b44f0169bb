import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Prng } from '@corridor/actors/time/prng';
import { predictedChargeMs } from '@corridor/simulator/calibration/charge-fit';
import { runCoarse } from '@corridor/simulator/coarse/coarse-run';
import { readScenario } from '@corridor/simulator/scenario/read-scenario';
import { shippedScenario } from '@corridor/simulator/scenario/scenario-folder';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import type { Database } from '@corridor/twin/db/db';
import { expect, it } from 'vitest';
import { startBookedMonth } from '../verify/booked-month.fixture.ts';

const EXPORT = fileURLToPath(new URL('main.ts', import.meta.url));
const CALIBRATE = fileURLToPath(new URL('../../../simulator/src/calibration/main.ts', import.meta.url));
/** Behind the month that the books are of. */
const FROM_MS = Date.parse('2027-03-01T00:00:00+08:00');
const SPAN = ['--from', '2027-03-01', '--to', '2027-04-01'];
const READING_MS = 10_000;
const TRUTH = { chargerPowerW: 160_000, taperRatio: 1 };
const PACK = { capacityWh: 350_000, tempC: 25 };

const at = (ms: number): string => new Date(ms).toISOString();

/** Swaps of two weeks: four trucks an hour, four to eight minutes each. */
async function insertSwaps({ pool }: Database, platformId: string, prng: Prng): Promise<number> {
  let cameMs = FROM_MS;
  let swaps = 0;
  for (; cameMs < FROM_MS + 14 * 86_400_000; swaps += 1) {
    cameMs += prng.exponential(900_000);
    const endedMs = cameMs + prng.triangular(240_000, 300_000, 480_000);
    await pool.query(
      `insert into swap (platform_id, swap_id, station_id, request_id, bay_id, state, step, began_at, updated_at, ended_at)
       values ($1, $2, 'HH1', $3, 'HH1-B1', 'completed', 0, $4, $5, $5)`,
      [platformId, `planned-${swaps}`, 100_000 + swaps, at(cameMs), at(endedMs)],
    );
  }
  return swaps;
}

/** Charges as a station's packs tell of them: a reading every ten seconds, one after the charge, and one charge that is held up half-way. */
async function insertCharges({ pool }: Database, platformId: string, prng: Prng): Promise<void> {
  const { rows } = await pool.query<{ pack_id: string }>('select pack_id from pack where platform_id = $1 order by pack_id limit 2', [
    platformId,
  ]);
  for (const { pack_id: packId } of rows) {
    for (let charge = 0; charge < 8; charge += 1) {
      const span = { fromSocPercent: prng.uniform(10, 40), toSocPercent: prng.uniform(85, 97), tempC: 25 };
      const durationMs = predictedChargeMs(span, TRUTH, PACK);
      const heldUpMs = charge === 0 ? 600_000 : 0;
      await pool.query(
        `insert into telemetry_pack (platform_id, pack_id, src, type_code, location_kind, location_id, soc_percent, soh_percent, power_w, cell_tmax_c,
                                     cell_tmin_c, contactor_closed, cycles, throughput_wh, fault_codes, ts_event, ts_ingest, boot_id, seq, backfill, q)
         select $1, $2, 'HH1', 'LFP350', 'SLOT', 'HH1-1', least($4::float8, $3 + ($4::float8 - $3) * i * $6 / $5::float8), 100,
                case when i * $6 <= $5::float8 then 160000 else 0 end, 27, 23, true, 1, 1, '{}', t, t, 1, i, false, '{}'
           from (select i, $7::timestamptz + (i * $6 + case when i * $6 > $5::float8 / 2 then $8 else 0 end) * interval '1 ms' as t
                   from generate_series(0, ceil($5::float8 / $6)::int) i) reading`,
        [
          platformId,
          packId,
          span.fromSocPercent,
          span.toSocPercent,
          durationMs,
          READING_MS,
          at(FROM_MS + charge * 4 * 3_600_000),
          heldUpMs,
        ],
      );
    }
  }
}

it('takes a corridor from its export to a scenario that a planner can run, with no step by hand', { timeout: 240_000 }, async () => {
  await using month = await startBookedMonth({ deeds: 5, seed: 5 });
  using folder = temporaryFolder();
  const pathOf = (name: string) => join(folder.path, name);
  const env = { ...process.env, DATABASE_URL: '', DATA_DIR: dirname(month.postgres.dir), NODE_ENV: 'test' };
  const run = (...args: string[]) => promisify(execFile)(process.execPath, args, { env });
  const [platform] = (await month.database.pool.query<{ platform_id: string }>('select platform_id from platform')).rows;
  const platformId = platform?.platform_id ?? '';
  const swaps = await insertSwaps(month.database, platformId, new Prng(1));
  await insertCharges(month.database, platformId, new Prng(2));
  const queue = shippedScenario('queue-bay-and-packs.json');
  const assumed = {
    ...queue,
    days: 3,
    seeds: { first: 1, count: 1 },
    stations: queue.stations.map((station) => ({ ...station, id: 'HH1' })),
    fleets: queue.fleets.map((fleet) => ({ ...fleet, stationId: 'HH1' })),
  };
  writeFileSync(pathOf('assumed.json'), JSON.stringify(assumed));

  for (const format of ['swaps', 'charges']) await run(EXPORT, '--format', format, ...SPAN, '--out', pathOf(`${format}.csv`));
  await run(CALIBRATE, 'swaps', pathOf('swaps.csv'), '--scenario', pathOf('assumed.json'), '--out', pathOf('first'));
  const half = join(pathOf('first'), 'scenario.json');
  await run(CALIBRATE, 'charges', pathOf('charges.csv'), '--pack-kwh', '350', '--scenario', half, '--out', pathOf('second'));
  const { scenario } = readScenario(readFileSync(join(pathOf('second'), 'scenario.json'), 'utf8'));

  expect(readFileSync(pathOf('swaps.csv'), 'utf8').trim().split('\n').length - 1).toBe(swaps);
  // What was held up for ten minutes counts as two charges.
  expect(readFileSync(pathOf('charges.csv'), 'utf8').trim().split('\n').length - 1).toBe(2 * 8 + 2);
  const [station] = scenario.stations;
  expect(station?.swapTime.kind).toBe('triangular');
  expect(station).not.toHaveProperty('chargeTime');
  expect(Math.abs((station?.chargerPowerW ?? 0) / TRUTH.chargerPowerW - 1)).toBeLessThan(0.03);
  const [visits] = scenario.fleets;
  expect(visits).toMatchObject({ kind: 'visits', stationId: 'HH1', arriveSocPercent: 20, arrivals: { kind: 'poisson' } });
  expect(scenario.fleets.length).toBe(1);
  const { total } = runCoarse({ scenario, seed: 1, engine: 'compiled' });
  expect(Math.abs((total['swapsPerDay'] ?? 0) / 96 - 1)).toBeLessThan(0.2);
});
