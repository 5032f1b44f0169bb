import type { EntityKind } from '@corridor/actors/network/entity-ref';
import type { AlarmArgs } from '@corridor/protocols/alarm-code';
import type { Db } from '../../db/db.ts';
import type { AlarmAct, RaisedAlarm } from '../../projection/facts.ts';

interface AlarmRow {
  [column: string]: unknown;
  alarm_id: string;
  code: string;
  level: 1 | 2 | 3;
  scope: EntityKind;
  scope_id: string;
  detail: string;
  args: AlarmArgs;
  raised_at: Date;
  cleared_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  acknowledge_note: string | null;
  closed_at: Date | null;
  closed_by: string | null;
  close_reason: string | null;
}

const actOf = (at: Date | null, by: string | null, note: string | null): AlarmAct | null =>
  at === null || by === null ? null : { atMs: at.getTime(), by, note };

const alarmOf = (row: AlarmRow): RaisedAlarm => ({
  raised: {
    type: 'alarm.raised',
    atMs: row.raised_at.getTime(),
    alarmId: row.alarm_id,
    code: row.code,
    level: row.level,
    scope: row.scope,
    scopeId: row.scope_id,
    detail: row.detail,
    args: row.args,
  },
  clearedAtMs: row.cleared_at?.getTime() ?? null,
  acknowledged: actOf(row.acknowledged_at, row.acknowledged_by, row.acknowledge_note),
  closed: actOf(row.closed_at, row.closed_by, row.close_reason),
});

/** Alarms, newest first. @param after instant and id of the last one of the page before */
export async function listAlarms(
  db: Db,
  platformId: string,
  { open, after, limit }: { open: boolean; after: readonly string[] | null; limit: number },
): Promise<RaisedAlarm[]> {
  const { rows } = await db.query<AlarmRow>({
    text: `select * from alarm where platform_id = $1 and (not $2::boolean or (cleared_at is null and closed_at is null))
              and ($3::timestamptz is null or (raised_at, alarm_id) < ($3, $4)) order by raised_at desc, alarm_id desc limit $5`,
    values: [platformId, open, after?.[0] ?? null, after?.[1] ?? null, limit],
  });
  return rows.map(alarmOf);
}

export async function findAlarm(db: Db, platformId: string, id: string): Promise<RaisedAlarm | null> {
  const { rows } = await db.query<AlarmRow>({
    text: 'select * from alarm where platform_id = $1 and alarm_id = $2',
    values: [platformId, id],
  });
  return rows[0] ? alarmOf(rows[0]) : null;
}
