import type { NotificationView } from '@corridor/protocols/http/notification-view';
import type { Db } from '../../db/db.ts';

export interface NotificationRow {
  [column: string]: unknown;
  notification_no: bigint;
  recipient: string;
  title: string;
  body: string;
  at: Date;
  sent_by: string | null;
  sent_for: string | null;
  station_id: string | null;
  shown: string | null;
  read_at: Date | null;
  read_by: string | null;
  answer: NotificationView['answer'];
  answered_at: Date | null;
  answered_by: string | null;
}

/** Whose notifications: written to one of these, or for this company; null: everybody's. */
export interface Box {
  readonly recipients: readonly string[];
  readonly sentFor: string | null;
}

const COLUMNS = `n.notification_no, n.recipient, n.title, n.body, n.at, n.sent_by, n.sent_for, n.station_id, n.read_at, n.read_by, n.answer,
                 n.answered_at, n.answered_by, o.state as shown`;
const FROM = `notification n left join outbox o on o.platform_id = n.platform_id and o.command_id = n.message_id`;

/** Newest first. @param after number of the last one of the page before */
export async function listNotifications(
  db: Db,
  platformId: string,
  { box, after, limit }: { box: Box | null; after: string | null; limit: number },
): Promise<NotificationRow[]> {
  const { rows } = await db.query<NotificationRow>({
    text: `select ${COLUMNS} from ${FROM}
            where n.platform_id = $1 and ($2::text[] is null or n.recipient = any($2) or n.sent_for = $3)
              and ($4::bigint is null or n.notification_no < $4::bigint)
            order by n.notification_no desc limit $5`,
    values: [platformId, box === null ? null : [...box.recipients], box?.sentFor ?? null, after, limit],
  });
  return rows;
}

/** @param by its number, or the id of what a person wrote */
export async function findNotification(
  db: Db,
  platformId: string,
  by: { no: string } | { messageId: string },
): Promise<NotificationRow | null> {
  const isNumber = 'no' in by;
  const { rows } = await db.query<NotificationRow>({
    text: `select ${COLUMNS} from ${FROM} where n.platform_id = $1 and ${isNumber ? 'n.notification_no = $2::bigint' : 'n.message_id = $2'}`,
    values: [platformId, isNumber ? by.no : by.messageId],
  });
  return rows[0] ?? null;
}
