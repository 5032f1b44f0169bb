import type { Db } from '../db/db.ts';
import type { PastInstant } from './past-facts.ts';

/**
 * Since when trucks that stood in a queue at an instant had stood there [scope ms], as their actors keep it: a stay in the bay in between is
 * part of it, all else begins it anew. Of each truck the readings since it came are read: by one bound, for which the index is looked into there,
 * where a choice of two would have all readings before it read as well.
 */
export async function loadQueueingSince(
  db: Db,
  { platformId, at }: PastInstant,
  truckIds: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await db.query<{ truck_id: string; since: Date }>({
    text: `select w.truck_id, s.ts_event as since
             from unnest($2::text[]) as w (truck_id)
             left join lateral (select t.ts_event from telemetry_truck t
                                 where t.platform_id = $1 and t.truck_id = w.truck_id and t.ts_event <= $3
                                   and t.vehicle_state not in ('QUEUEING', 'IN_BAY')
                                 order by t.ts_event desc limit 1) before on true
            cross join lateral (select t.ts_event from telemetry_truck t
                                 where t.platform_id = $1 and t.truck_id = w.truck_id and t.ts_event <= $3 and t.vehicle_state = 'QUEUEING'
                                   and t.ts_event > coalesce(before.ts_event, '-infinity')
                                 order by t.ts_event limit 1) s`,
    values: [platformId, truckIds, at],
  });
  return new Map(rows.map(({ truck_id, since }) => [truck_id, since.getTime()]));
}
