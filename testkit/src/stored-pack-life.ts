import { type LifeReading, PackLife } from '@corridor/simulator/plant/pack-life.fixture';
import type pg from 'pg';

const HOUR_MS = 3_600_000;
/** A reading of nonsense that is flagged as such comes once in so many. */
const NONSENSE_EVERY = 400;

/** Without readings from here on for an hour. */
export interface StoredLife {
  readonly holeMs: number;
  /** State of health of the pack at its end. */
  readonly truePercent: number;
}

/**
 * Stores two days of a pack's readings up to some hours ago, as the pack lives on the corridor: an hour of them is missing, and now and then
 * one is nonsense and flagged. Its owner and its station are said to have had it for long.
 */
export async function storePackLife(db: pg.Pool | pg.Client, packId: string, sohRatio: number): Promise<StoredLife> {
  const readings: (LifeReading & { flags: string })[] = [];
  const beginMs = Math.floor((Date.now() - 50 * HOUR_MS) / 1_000) * 1_000;
  const life = new PackLife({ seed: 9, sohRatio, atMs: beginMs, onReading: (reading) => readings.push({ ...reading, flags: '' }) });
  while (life.atMs < Date.now() - 4 * HOUR_MS) life.cycle();
  const holeMs = life.atMs - 12 * HOUR_MS;
  readings.forEach((reading, index) => {
    if (index % NONSENSE_EVERY === 0) Object.assign(reading, { flags: 'SOC_JUMP', cellVmaxV: 2.9, cellVminV: 2.9, powerW: -500_000 });
  });
  const stored = readings.filter(({ atMs }) => atMs < holeMs || atMs > holeMs + HOUR_MS);
  await db.query("update ownership set valid_from = valid_from - interval '40 days'");
  await db.query({
    text: `insert into telemetry_pack (platform_id, pack_id, src, type_code, location_kind, location_id, soc_percent, soh_percent, energy_wh, voltage_v,
             current_a, power_w, cell_vmax_v, cell_vmin_v, cell_tmax_c, cell_tmin_c, contactor_closed, cycles, throughput_wh, fault_codes, ts_event,
             ts_ingest, boot_id, seq, backfill, q)
           select 'PF', $1, 'HH1', 'LFP350', 'SLOT', 'HH1-1', soc, soh, wh, volt, amp, watt, vmax, vmin, tmax, tmax - 1, true, 1, done, '{}', at, now(),
                  1, row_number() over (), false, coalesce(string_to_array(nullif(flags, ''), ','), '{}')
             from json_to_recordset($2::json) as r(at timestamptz, soc real, soh real, wh integer, volt real, amp real, watt real, vmax real,
                                                   vmin real, tmax real, done bigint, flags text)`,
    values: [
      packId,
      JSON.stringify(
        stored.map(({ atMs, bms, cellVmaxV, cellVminV, currentA, powerW, flags }) => ({
          at: new Date(atMs).toISOString(),
          soc: bms.socPercent,
          soh: bms.sohPercent,
          wh: bms.energyWh,
          volt: bms.voltageV,
          amp: currentA,
          watt: powerW,
          vmax: cellVmaxV,
          vmin: cellVminV,
          tmax: bms.cellTmaxC,
          done: bms.throughputWh,
          flags,
        })),
      ),
    ],
  });
  return { holeMs, truePercent: life.sohPercent };
}
