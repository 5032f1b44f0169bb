import type { Effect, EffectOf } from '@corridor/actors/network/effect';
import type { Db } from '../db/db.ts';
import { tables } from './batch-tables.ts';
import { jsonOf, timeText, writeRows } from './json-rows.ts';

interface ActRow {
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  acknowledge_note: string | null;
  closed_at: string | null;
  closed_by: string | null;
  close_reason: string | null;
}
const NO_ACT: ActRow = {
  acknowledged_at: null,
  acknowledged_by: null,
  acknowledge_note: null,
  closed_at: null,
  closed_by: null,
  close_reason: null,
};

/** What a round of a batch did to alarms: an alarm is raised in it at most once, before all else that it did to it. */
export interface AlarmRows {
  readonly raised: readonly (ReturnType<typeof raisedRow> & ActRow)[];
  readonly cleared: readonly { alarm_id: string; cleared_at: string }[];
  /** What people did with alarms of earlier rounds and batches. */
  readonly acts: readonly ({ alarm_id: string } & ActRow)[];
}

type AlarmEffect = EffectOf<'alarm.raised' | 'alarm.cleared' | 'alarm.acknowledged' | 'alarm.closed'>;

const isOfAlarm = (effect: Effect): effect is AlarmEffect =>
  effect.type === 'alarm.raised' ||
  effect.type === 'alarm.cleared' ||
  effect.type === 'alarm.acknowledged' ||
  effect.type === 'alarm.closed';

/**
 * What a batch did to alarms, to be written round after round: whether one that is raised goes on or begins anew is for its row to say, as what was done to it
 * before in the same batch left it.
 */
export function alarmRounds(effects: readonly Effect[]): AlarmRows[] {
  const rounds: AlarmEffect[][] = [];
  const roundOf = new Map<string, number>();
  for (const effect of effects) {
    if (!isOfAlarm(effect)) continue;
    const before = roundOf.get(effect.alarmId);
    const round = before === undefined ? 0 : effect.type === 'alarm.raised' ? before + 1 : before;
    roundOf.set(effect.alarmId, round);
    const told = rounds[round];
    if (told === undefined) rounds.push([effect]);
    else told.push(effect);
  }
  return rounds.map(alarmRows);
}

/** One that was raised in the same round is written as it is in the end. */
function alarmRows(effects: readonly AlarmEffect[]): AlarmRows {
  const raised = new Map<string, AlarmRows['raised'][number]>();
  const cleared = new Map<string, { alarm_id: string; cleared_at: string }>();
  const acts = new Map<string, { alarm_id: string } & ActRow>();
  const actsOn = (alarmId: string): ActRow => {
    const row = raised.get(alarmId) ?? acts.get(alarmId) ?? { alarm_id: alarmId, ...NO_ACT };
    if (!raised.has(alarmId)) acts.set(alarmId, row);
    return row;
  };
  for (const effect of effects) {
    switch (effect.type) {
      case 'alarm.raised':
        raised.set(effect.alarmId, { ...raisedRow(effect), ...NO_ACT });
        break;
      case 'alarm.cleared': {
        const row = raised.get(effect.alarmId);
        if (row) row.cleared_at ??= timeText(effect.atMs);
        else if (!cleared.has(effect.alarmId)) cleared.set(effect.alarmId, { alarm_id: effect.alarmId, cleared_at: timeText(effect.atMs) });
        break;
      }
      case 'alarm.acknowledged':
        acknowledge(actsOn(effect.alarmId), effect);
        break;
      case 'alarm.closed': {
        const row = actsOn(effect.alarmId);
        acknowledge(row, { ...effect, note: null });
        row.closed_at ??= timeText(effect.atMs);
        row.closed_by ??= effect.by;
        row.close_reason ??= effect.reason;
        break;
      }
    }
  }
  return { raised: [...raised.values()], cleared: [...cleared.values()], acts: [...acts.values()] };
}

/** The first one counts. */
function acknowledge(row: ActRow, { atMs, by, note }: Pick<EffectOf<'alarm.acknowledged'>, 'atMs' | 'by' | 'note'>): void {
  if (row.acknowledged_at !== null) return;
  row.acknowledged_at = timeText(atMs);
  row.acknowledged_by = by;
  row.acknowledge_note = note;
}

const raisedRow = (effect: EffectOf<'alarm.raised'>) => ({
  alarm_id: effect.alarmId,
  code: effect.code,
  level: effect.level,
  scope: effect.scope,
  scope_id: effect.scopeId,
  detail: effect.detail,
  args: effect.args,
  raised_at: timeText(effect.atMs),
  escalated_at: effect.escalatedAtMs === undefined ? null : timeText(effect.escalatedAtMs),
  cleared_at: null as string | null,
});

export async function writeAlarms(client: Db, platformId: string, rounds: readonly AlarmRows[]): Promise<void> {
  for (const [index, round] of rounds.entries()) {
    await writeRows(client, index === 0 ? tables.alarm : tables.alarmAgain, platformId, round.raised);
    await writeEnds(client, platformId, round);
  }
}

async function writeEnds(client: Db, platformId: string, { cleared, acts }: AlarmRows): Promise<void> {
  if (cleared.length > 0) {
    await client.query({
      name: 'batch_alarm_clear',
      text: `update alarm a set cleared_at = r.cleared_at
               from json_to_recordset($1::json) as r(alarm_id text, cleared_at timestamptz)
              where a.platform_id = $2 and a.alarm_id = r.alarm_id and a.cleared_at is null`,
      values: [jsonOf(cleared), platformId],
    });
  }
  if (acts.length > 0) {
    await client.query({
      name: 'batch_alarm_act',
      text: `update alarm a set
               acknowledged_at = coalesce(a.acknowledged_at, r.acknowledged_at),
               acknowledged_by = case when a.acknowledged_at is null then r.acknowledged_by else a.acknowledged_by end,
               acknowledge_note = case when a.acknowledged_at is null then r.acknowledge_note else a.acknowledge_note end,
               closed_at = coalesce(a.closed_at, r.closed_at),
               closed_by = case when a.closed_at is null then r.closed_by else a.closed_by end,
               close_reason = case when a.closed_at is null then r.close_reason else a.close_reason end
               from json_to_recordset($1::json) as r(alarm_id text, acknowledged_at timestamptz, acknowledged_by text, acknowledge_note text,
                                                     closed_at timestamptz, closed_by text, close_reason text)
              where a.platform_id = $2 and a.alarm_id = r.alarm_id`,
      values: [jsonOf(acts), platformId],
    });
  }
}
