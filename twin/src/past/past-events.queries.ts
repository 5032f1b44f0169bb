import type { SceneEvent, SceneEventKind } from '@corridor/protocols/http/scene';
import type { Db } from '../db/db.ts';

export interface EventsAsked {
  readonly platformId: string;
  readonly kinds: readonly SceneEventKind[];
  /** Not included: what one stands at is not the next one. */
  readonly after: Date;
  readonly before: Date;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
}

interface EventRow {
  [column: string]: unknown;
  at: Date;
  id: string;
  code: string | null;
  scope: string;
  scope_id: string;
  level: 1 | 2 | 3 | null;
}

/** Each kind as rows that the caller may see, by the time that an index has. $1 platform, $2 after, $3 before, $4 how many. */
const SOURCES: Readonly<Record<SceneEventKind, readonly { readonly text: string; readonly time: string }[]>> = {
  // One that became more severe is met where it did, too.
  ALARM: ['alarm', 'alarm_past'].flatMap((table) =>
    [
      { time: 'raised_at', which: 'escalated_at is null' },
      { time: 'escalated_at', which: 'escalated_at is not null' },
    ].map(({ time, which }) => ({
      text: `select ${time} as at, alarm_id as id, code, scope, scope_id, level from ${table}
              where platform_id = $1 and ${which} and ${time} > $2 and ${time} < $3`,
      time,
    })),
  ),
  SWAP: [
    {
      text: `select began_at as at, swap_id as id, null as code, 'station' as scope, station_id as scope_id, null::smallint as level from swap
              where platform_id = $1 and began_at > $2 and began_at < $3`,
      time: 'began_at',
    },
  ],
  ABNORMAL: [
    {
      text: `select ended_at as at, order_id as id, reason as code, 'order' as scope, order_id as scope_id, null::smallint as level from swap_order
              where platform_id = $1 and ended_at > $2 and ended_at < $3 and state in ('ABNORMAL', 'REPAIRED', 'WRITTEN_OFF')`,
      time: 'ended_at',
    },
  ],
};

/** What happened between two instants, in either order of time. */
export async function listSceneEvents(db: Db, { platformId, kinds, after, before, order, limit }: EventsAsked): Promise<SceneEvent[]> {
  const found: SceneEvent[] = [];
  for (const kind of kinds) {
    for (const { text, time } of SOURCES[kind]) {
      const { rows } = await db.query<EventRow>({
        text: `${text} order by ${time} ${order} limit $4`,
        values: [platformId, after, before, limit],
      });
      found.push(
        ...rows.map((row) => ({
          at: row.at.toISOString(),
          kind,
          id: row.id,
          code: row.code,
          scope: row.scope,
          scopeId: row.scope_id,
          level: row.level,
        })),
      );
    }
  }
  const sign = order === 'asc' ? 1 : -1;
  return found.toSorted((one, other) => sign * (Date.parse(one.at) - Date.parse(other.at)) || (one.id < other.id ? -1 : 1)).slice(0, limit);
}
