import type { Effect } from '@corridor/actors/network/effect';
import type { Db } from '../db/db.ts';
import { timeText } from './json-rows.ts';

/** Acts of people on shelves, in their order: a few a day, so each is a statement of its own. */
export async function writeShelves(client: Db, platformId: string, effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) {
    if (effect.type !== 'alarm.shelved' && effect.type !== 'alarm.unshelved') continue;
    const { point, atMs } = effect;
    const of = [platformId, point.code, point.scope, point.scopeId, timeText(atMs)];
    await client.query({
      name: 'batch_alarm_unshelve',
      text: `update alarm_shelf set taken_back_at = greatest($5::timestamptz, shelved_at), taken_back_by = $6
              where platform_id = $1 and code = $2 and scope = $3 and scope_id = $4 and taken_back_at is null and shelved_until > $5`,
      values: [...of, effect.type === 'alarm.unshelved' ? effect.by : null],
    });
    if (effect.type === 'alarm.unshelved') continue;
    await client.query({
      name: 'batch_alarm_shelve',
      text: `insert into alarm_shelf (platform_id, code, scope, scope_id, shelved_at, shelved_until, shelved_by, reason)
             values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [...of, timeText(effect.untilMs), effect.by, effect.reason],
    });
  }
}
