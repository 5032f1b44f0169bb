import type { Effect, EffectOf } from '@corridor/actors/network/effect';
import type { Notice } from '@corridor/protocols/notice';
import type { Db } from '../db/db.ts';
import { timeText } from './json-rows.ts';

/** A notice of the platform itself is kept by its code, and what is said of it as text: who reads it words it. */
export function notificationRow(sent: EffectOf<'notification.sent'>) {
  const message = 'notice' in sent ? null : sent.message;
  return {
    recipient: sent.to,
    ...('notice' in sent ? keptAs(sent.notice) : { title: sent.title, body: sent.text }),
    at: timeText(sent.atMs),
    message_id: message?.id ?? null,
    sent_by: message?.by ?? null,
    sent_for: message?.forId ?? null,
    station_id: message?.stationId ?? null,
  };
}

const keptAs = ({ code, ...said }: Notice) => ({ title: code, body: JSON.stringify(said) });

/** What those did who were told: the first one who reads and the first answer count. */
export async function writeNotificationActs(client: Db, platformId: string, effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) {
    if (effect.type === 'notification.read') {
      await client.query({
        name: 'batch_notification_read',
        text: `update notification set read_at = $3, read_by = $4 where platform_id = $1 and notification_no = $2 and read_at is null`,
        values: [platformId, effect.no, timeText(effect.atMs), effect.by],
      });
    }
    if (effect.type === 'notification.answered') {
      await client.query({
        name: 'batch_notification_answer',
        text: `update notification set answer = $5, answered_at = $3, answered_by = $4, read_at = coalesce(read_at, $3), read_by = coalesce(read_by, $4)
                where platform_id = $1 and notification_no = $2 and answer is null`,
        values: [platformId, effect.no, timeText(effect.atMs), effect.by, effect.answer],
      });
    }
  }
}
