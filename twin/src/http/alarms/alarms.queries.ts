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
  escalated_at: Date | null;
  cleared_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  acknowledge_note: string | null;
  closed_at: Date | null;
  closed_by: string | null;
  close_reason: string | null;
}

/** Which alarms; null: whichever. */
export interface AlarmsAsked {
  /** Only those that stand: neither returned to normal nor closed. */
  readonly open: boolean;
  /** Raised at or after, and before; RFC 3339. */
  readonly from: string | null;
  readonly until: string | null;
  readonly code: string | null;
  readonly level: number | null;
  readonly scope: string | null;
  readonly scopeId: string | null;
  /** Of it, its bays, slots, swaps and gateway. */
  readonly stationId: string | null;
}

const COLUMNS = `alarm_id, code, level, scope, scope_id, detail, args, raised_at, escalated_at, cleared_at, acknowledged_at, acknowledged_by, acknowledge_note,
                 closed_at, closed_by, close_reason`;
const ASKED = `platform_id = $1 and ($2::timestamptz is null or raised_at >= $2) and ($3::timestamptz is null or raised_at < $3)
   and ($4::text is null or code = $4) and ($5::smallint is null or level = $5)
   and ($6::text is null or scope = $6) and ($7::text is null or scope_id = $7)
   and ($8::text is null or (scope in ('station', 'gateway') and scope_id = $8)
        or (scope in ('bay', 'slot', 'swap') and starts_with(scope_id, $8 || '-')))`;

const askedValues = (platformId: string, asked: AlarmsAsked) => [
  platformId,
  asked.from,
  asked.until,
  asked.code,
  asked.level,
  asked.scope,
  asked.scopeId,
  asked.stationId,
];

const actOf = (at: Date | null, by: string | null, note: string | null): AlarmAct | null =>
  at === null || by === null ? null : { atMs: at.getTime(), by, note };

const alarmOf = (row: AlarmRow): RaisedAlarm => ({
  raised: {
    type: 'alarm.raised',
    atMs: row.raised_at.getTime(),
    ...(row.escalated_at === null ? {} : { escalatedAtMs: row.escalated_at.getTime() }),
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

/** Alarms, newest first, with each time that one was raised. @param after instant and id of the last one of the page before */
export async function listAlarms(
  db: Db,
  platformId: string,
  { asked, after, limit }: { asked: AlarmsAsked; after: readonly string[] | null; limit: number },
): Promise<RaisedAlarm[]> {
  const page = `($9::timestamptz is null or (raised_at, alarm_id) < ($9, $10))`;
  const last = 'order by raised_at desc, alarm_id desc limit $11';
  const standing = asked.open ? 'and cleared_at is null and closed_at is null' : '';
  const earlier = asked.open
    ? ''
    : `union all (select ${COLUMNS} from alarm_past where ${ASKED} and superseded_at is null and ${page} ${last})`;
  const { rows } = await db.query<AlarmRow>({
    text: `select * from ((select ${COLUMNS} from alarm where ${ASKED} ${standing} and ${page} ${last}) ${earlier}) a ${last}`,
    values: [...askedValues(platformId, asked), after?.[0] ?? null, after?.[1] ?? null, limit],
  });
  return rows.map(alarmOf);
}

/**
 * Each time that people were told of an alarm in a span of time, oldest first: when it was raised, and when its level rose, which has to be
 * seen anew.
 * @returns at most `limit`, the newest of them
 */
export async function alarmsOfSpan(
  db: Db,
  platformId: string,
  { fromMs, untilMs, limit }: { fromMs: number; untilMs: number; limit: number },
): Promise<RaisedAlarm[]> {
  const told = `platform_id = $1 and ((escalated_at is null and raised_at >= $2 and raised_at < $3) or (escalated_at >= $2 and escalated_at < $3))`;
  const columns = COLUMNS.replace('raised_at, escalated_at', 'coalesce(escalated_at, raised_at) as raised_at, escalated_at');
  const last = 'order by coalesce(escalated_at, raised_at) desc, alarm_id desc limit $4';
  const { rows } = await db.query<AlarmRow>({
    text: `select * from ((select ${columns} from alarm where ${told} ${last}) union all (select ${columns} from alarm_past where ${told} ${last})) a
            order by raised_at desc, alarm_id desc limit $4`,
    values: [platformId, new Date(fromMs), new Date(untilMs), limit],
  });
  return rows.map(alarmOf).reverse();
}

/** Those that stood at an instant. */
export async function alarmsStandingAt(db: Db, platformId: string, atMs: number): Promise<RaisedAlarm[]> {
  const began = 'platform_id = $1 and raised_at <= $2 and (escalated_at is null or escalated_at <= $2)';
  const stood = (end: string) => `${began} and (${end} is null or ${end} > $2)`;
  const { rows } = await db.query<AlarmRow>({
    text: `select ${COLUMNS} from alarm where ${stood('least(cleared_at, closed_at)')}
           union all select ${COLUMNS} from alarm_past where ${stood('least(cleared_at, closed_at, superseded_at)')}`,
    values: [platformId, new Date(atMs)],
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
