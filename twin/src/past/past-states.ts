import type { EntityKind } from '@corridor/actors/network/entity-ref';
import type { Db } from '../db/db.ts';
import { UNKNOWN_STATE } from '../projection/connectivity.ts';
import type { PastInstant } from './past-facts.ts';

/** Actors that the scene shows the state of, and where they stand. */
const ACTORS = `
  select 'station' as machine, station_id as id from station where platform_id = $1
  union all select 'gateway', station_id from station where platform_id = $1
  union all select 'gateway', truck_id from truck where platform_id = $1
  union all select 'truck', truck_id from truck where platform_id = $1
  union all select 'pack', pack_id from pack where platform_id = $1
  union all select 'slot', slot_id from slot where platform_id = $1
  union all select 'bay', bay_id from bay where platform_id = $1`;

/** State of each actor at an instant, by the last transition up to it. */
export async function loadPastStates(db: Db, { platformId, at }: PastInstant): Promise<(kind: EntityKind, id: string) => string> {
  const { rows } = await db.query<{ machine: EntityKind; id: string; to_state: string }>({
    text: `select a.machine, a.id, t.to_state from (${ACTORS}) a
            cross join lateral (select to_state from actor_transition t
                                 where t.platform_id = $1 and t.machine = a.machine and t.id = a.id and t.at <= $2
                                 order by t.at desc, t.batch_no desc, t.ordinal desc limit 1) t`,
    values: [platformId, at],
  });
  const states = new Map(rows.map(({ machine, id, to_state }) => [`${machine}:${id}`, to_state]));
  return (kind, id) => states.get(`${kind}:${id}`) || UNKNOWN_STATE;
}
