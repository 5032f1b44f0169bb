import type { Db } from '@corridor/twin/db/db';
import { stringify } from 'csv-stringify/sync';
import type { ExportScope } from './exported-transfers.ts';

const COLUMNS = ['stationId', 'packId', 'beganAt', 'endedAt', 'fromSocPercent', 'toSocPercent', 'cellTempC'] as const;
/** A rise by less tells nothing of a charger, beside the digits of a state of charge. */
const SOC_RISE_PERCENT_MIN = 5;
/** Packs under charge tell of themselves every ten seconds: after a longer silence it is another charge. */
const SILENCE_MAX = '60 seconds';

interface ChargeRow {
  [column: string]: unknown;
  station_id: string;
  pack_id: string;
  began_at: Date;
  ended_at: Date;
  from_soc_percent: number;
  to_soc_percent: number;
  cell_temp_c: number | null;
}

/**
 * One charge a row (RFC 4180), pack by pack, with a row of names: what `npm run calibrate -- charges` reads. A charge is the time in which a pack
 * in a slot takes power, as its readings tell: times and states of charge are those of its first and last reading, the temperature is the mean of
 * its warmest and coldest cells. One that is held up for more than a minute counts as two.
 */
export async function* chargesCsv(db: Db, scope: Omit<ExportScope, 'principalId'>): AsyncGenerator<string> {
  yield stringify([COLUMNS], { record_delimiter: 'windows' });
  const packs = await db.query<{ pack_id: string }>({
    text: 'select pack_id from pack where platform_id = $1 order by pack_id',
    values: [scope.platformId],
  });
  for (const { pack_id: packId } of packs.rows) {
    const charges = await chargesOf(db, packId, scope);
    if (charges.length > 0) yield stringify(charges.map(cellsOf), { record_delimiter: 'windows', escape_formulas: true });
  }
}

async function chargesOf(db: Db, packId: string, { platformId, from, until }: Omit<ExportScope, 'principalId'>): Promise<ChargeRow[]> {
  const { rows } = await db.query<ChargeRow>({
    text: `with reading as (
             select src, location_id, ts_event, soc_percent, (cell_tmax_c + cell_tmin_c) / 2 as cell_temp_c,
                    ts_event - lag(ts_event) over seen <= $5::interval and location_id = lag(location_id) over seen as goes_on
               from telemetry_pack
              where platform_id = $1 and pack_id = $2 and ts_event >= $3 and ts_event < $4
                and location_kind = 'SLOT' and power_w > 0 and soc_percent is not null
             window seen as (order by ts_event, src, boot_id, seq)),
           numbered as (select *, count(*) filter (where goes_on is not true) over (order by ts_event) as charge_no from reading)
           select src as station_id, $2 as pack_id, min(ts_event) as began_at, max(ts_event) as ended_at,
                  min(soc_percent) as from_soc_percent, max(soc_percent) as to_soc_percent, avg(cell_temp_c) as cell_temp_c
             from numbered group by charge_no, src, location_id
           having max(soc_percent) - min(soc_percent) >= $6 order by began_at`,
    values: [platformId, packId, from, until, SILENCE_MAX, SOC_RISE_PERCENT_MIN],
  });
  return rows;
}

const cellsOf = (row: ChargeRow): string[] => [
  row.station_id,
  row.pack_id,
  row.began_at.toISOString(),
  row.ended_at.toISOString(),
  row.from_soc_percent.toFixed(2),
  row.to_soc_percent.toFixed(2),
  row.cell_temp_c?.toFixed(1) ?? '',
];
