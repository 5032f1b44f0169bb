import type { Incident } from '@corridor/actors/charge/penalty-charge';
import { assert } from '@corridor/protocols/assert';

/** What a truck did, with whose the station was then; `operator_id` null: nothing is recorded of that. */
export interface IncidentRow {
  [column: string]: unknown;
  kind: Incident['kind'];
  order_id: string;
  station_id: string;
  truck_id: string;
  carrier_id: string;
  rated_at: Date;
  stayed_ms: bigint | null;
  operator_id: string | null;
}

/** SQL of whose a station was at an instant, by the rule of `OwnershipBook.ownerAt`; `$1` is the platform. */
export const operatorThen = (stationId: string, at: string): string =>
  `(select w.principal_id from ownership w
     where w.platform_id = $1 and w.asset_kind = 'STATION' and w.asset_id = ${stationId} and (w.valid_until is null or w.valid_until > ${at})
     order by w.valid_from limit 1)`;

export function incidentOf(row: IncidentRow): Incident {
  const about = {
    orderId: row.order_id,
    stationId: row.station_id,
    truckId: row.truck_id,
    carrierId: row.carrier_id,
    ratedAtMs: row.rated_at.getTime(),
  };
  if (row.kind === 'NO_SHOW') return { ...about, kind: row.kind, stayedMs: null };
  assert(row.stayed_ms !== null, `how long ${row.truck_id} stayed after ${row.order_id} is not known`);
  return { ...about, kind: row.kind, stayedMs: Number(row.stayed_ms) };
}
