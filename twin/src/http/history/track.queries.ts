import type { QualityFlag } from '@corridor/protocols/envelope';
import type { TruckTrack } from '@corridor/protocols/http/truck-track';
import type { Db } from '../../db/db.ts';

/** A fix that is where the truck cannot be. */
const DRIFTED: QualityFlag = 'GPS_DRIFT';

export interface TrackOf {
  readonly platformId: string;
  readonly truckId: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly points: number;
}

/**
 * Positions of a truck on the road, the first of each interval and the last of all. Left out is what cannot be: a fix that drifted.
 * @param db sees what the caller may see
 */
export async function readTrack(db: Db, { platformId, truckId, fromMs, untilMs, points }: TrackOf): Promise<TruckTrack> {
  const widthMs = Math.max(1, Math.ceil((untilMs - fromMs) / points));
  const { rows } = await db.query<{ ts_event: Date; chainage_m: number; readings: bigint }>({
    text: `with reading as (
              select ts_event, chainage_m, floor(extract(epoch from ts_event - $3::timestamptz) * 1000 / $5::float8) as interval_no,
                     row_number() over (order by ts_event desc, boot_id desc, seq desc) as from_last, count(*) over () as readings
                from seen_telemetry_truck
               where platform_id = $1 and truck_id = $2 and ts_event >= $3 and ts_event <= $4 and chainage_m is not null
                 and not (q @> array[$6::text]))
            select distinct on (interval_no, from_last = 1, case when readings <= $7 then from_last end) ts_event, chainage_m, readings
              from reading order by interval_no, from_last = 1, case when readings <= $7 then from_last end desc, ts_event`,
    values: [platformId, truckId, new Date(fromMs), new Date(untilMs), widthMs, DRIFTED, points],
  });
  const [first] = rows;
  return {
    truckId,
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    widthMs: first === undefined || Number(first.readings) === rows.length ? 0 : widthMs,
    at: rows.map(({ ts_event }) => ts_event.toISOString()),
    chainageM: rows.map(({ chainage_m }) => chainage_m),
  };
}
