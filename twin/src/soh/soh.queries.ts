import type { PackRest, PackSample } from '@corridor/actors/pack/rest-scan';
import type { SohEstimate } from '@corridor/actors/pack/soh-estimate';
import type { PackSohView, SohEstimateView } from '@corridor/protocols/http/equipment';
import type { Db } from '../db/db.ts';

/** Flags of readings that say nothing about the pack itself, or nothing that can be believed. */
const LEFT_OUT = ['SOC_JUMP', 'STUCK', 'INVALID', 'GAP', 'QUANTISED', 'INTERPOLATED', 'COUNTER_RESET', 'REPLAY', 'FOREIGN'];

/** Readings of a pack that nothing is wrong with, in the order of their time. */
export async function packSamples(
  db: Db,
  key: { platformId: string; packId: string; fromMs: number; untilMs: number },
): Promise<PackSample[]> {
  const { rows } = await db.query<{
    ts_event: Date;
    power_w: number;
    current_a: number;
    cell_vmax_v: number;
    cell_vmin_v: number;
    throughput_wh: bigint;
  }>({
    name: 'soh_samples',
    text: `select ts_event, power_w, current_a, cell_vmax_v, cell_vmin_v, throughput_wh from telemetry_pack
            where platform_id = $1 and pack_id = $2 and ts_event >= $3 and ts_event < $4
              and power_w is not null and current_a is not null and cell_vmax_v is not null and cell_vmin_v is not null and not q && $5
            order by ts_event, boot_id, seq`,
    values: [key.platformId, key.packId, new Date(key.fromMs), new Date(key.untilMs), LEFT_OUT],
  });
  return rows.map((row) => ({
    atMs: row.ts_event.getTime(),
    powerW: row.power_w,
    currentA: row.current_a,
    cellVmaxV: row.cell_vmax_v,
    cellVminV: row.cell_vmin_v,
    throughputWh: Number(row.throughput_wh),
  }));
}

export async function packRests(db: Db, key: { platformId: string; packId: string; fromMs: number }): Promise<PackRest[]> {
  const { rows } = await db.query<{
    at: Date;
    rested_ms: bigint;
    soc_percent: number;
    sigma_percent: number;
    energy_wh: number | null;
    energy_sigma_wh: number;
  }>({
    name: 'soh_rests',
    text: `select at, rested_ms, soc_percent, sigma_percent, energy_wh, energy_sigma_wh from pack_rest
            where platform_id = $1 and pack_id = $2 and at >= $3 order by at`,
    values: [key.platformId, key.packId, new Date(key.fromMs)],
  });
  return rows.map((row) => ({
    atMs: row.at.getTime(),
    restedMs: Number(row.rested_ms),
    socPercent: row.soc_percent,
    sigmaPercent: row.sigma_percent,
    energyWh: row.energy_wh,
    energySigmaWh: row.energy_sigma_wh,
  }));
}

export async function insertRests(
  db: Db,
  { platformId, packId }: { platformId: string; packId: string },
  rests: readonly PackRest[],
): Promise<void> {
  await db.query({
    text: `insert into pack_rest (platform_id, pack_id, at, rested_ms, soc_percent, sigma_percent, energy_wh, energy_sigma_wh)
           select $1, $2, at, "restedMs", "socPercent", "sigmaPercent", "energyWh", "energySigmaWh"
             from json_to_recordset($3::json) as r(at timestamptz, "restedMs" bigint, "socPercent" real, "sigmaPercent" real,
                                                   "energyWh" double precision, "energySigmaWh" double precision)
           on conflict do nothing`,
    values: [platformId, packId, JSON.stringify(rests.map((rest) => ({ ...rest, at: new Date(rest.atMs).toISOString() })))],
  });
}

export async function insertEstimate(
  db: Db,
  { platformId, packId, atMs }: { platformId: string; packId: string; atMs: number },
  estimate: SohEstimate,
  rests: readonly PackRest[],
): Promise<void> {
  const [first, last] = [rests[0], rests.at(-1)];
  if (first === undefined || last === undefined) return;
  await db.query({
    text: `insert into pack_soh (platform_id, pack_id, estimated_at, method, soh_percent, low_percent, high_percent, pairs, first_rest_at, last_rest_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    values: [
      platformId,
      packId,
      new Date(atMs),
      estimate.method,
      estimate.sohPercent,
      estimate.lowPercent,
      estimate.highPercent,
      estimate.pairs,
      new Date(first.atMs),
      new Date(last.atMs),
    ],
  });
}

interface EstimateRow {
  pack_id: string;
  estimated_at: Date;
  method: string;
  soh_percent: number;
  low_percent: number;
  high_percent: number;
  pairs: number;
}
const ESTIMATE = 'pack_id, estimated_at, method, soh_percent, low_percent, high_percent, pairs';
/** Four bytes hold no more than this. */
const thousandth = (percent: number): number => Math.round(percent * 1_000) / 1_000;
const estimateView = (row: EstimateRow): SohEstimateView => ({
  estimatedAt: row.estimated_at.toISOString(),
  method: row.method,
  sohPercent: thousandth(row.soh_percent),
  lowPercent: thousandth(row.low_percent),
  highPercent: thousandth(row.high_percent),
  pairs: row.pairs,
});

/** The newest estimate of each pack. @param until made up to this instant; null: of all */
export async function lastEstimates(db: Db, platformId: string, until: Date | null): Promise<Map<string, SohEstimateView>> {
  const { rows } = await db.query<EstimateRow>({
    text: `select distinct on (pack_id) ${ESTIMATE} from pack_soh
            where platform_id = $1 and ($2::timestamptz is null or estimated_at <= $2) order by pack_id, estimated_at desc`,
    values: [platformId, until],
  });
  return new Map(rows.map((row) => [row.pack_id, estimateView(row)]));
}

const ESTIMATES_SHOWN = 400;

/** Estimates of a pack, and the rests of the last one, as the caller may see them. */
export async function sohOfPack(db: Db, { platformId, packId }: { platformId: string; packId: string }): Promise<PackSohView> {
  const { rows } = await db.query<EstimateRow & { first_rest_at: Date; last_rest_at: Date }>({
    text: `select ${ESTIMATE}, first_rest_at, last_rest_at from pack_soh where platform_id = $1 and pack_id = $2
            order by estimated_at desc limit ${ESTIMATES_SHOWN}`,
    values: [platformId, packId],
  });
  const [last] = rows;
  const fromMs = last === undefined ? 0 : last.first_rest_at.getTime();
  const rests = await packRests(db, { platformId, packId, fromMs });
  return {
    estimates: rows.reverse().map(estimateView),
    rests: rests.map(({ atMs, restedMs, socPercent, sigmaPercent, energyWh }) => ({
      at: new Date(atMs).toISOString(),
      restedMs,
      socPercent: thousandth(socPercent),
      sigmaPercent: thousandth(sigmaPercent),
      energyWh,
    })),
  };
}
