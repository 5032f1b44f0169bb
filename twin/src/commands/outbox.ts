import type { Db } from '../db/db.ts';
import type { OutgoingCommand } from './command-message.ts';

/** Commands that no gateway has answered yet: sent again after a restart. */
export async function loadOutbox(db: Db, platformId: string): Promise<OutgoingCommand[]> {
  const { rows } = await db.query<{ command_id: string; order_id: string | null; subject: string; payload: string; expires_at: Date }>({
    text: `select command_id, order_id, subject, payload, expires_at from outbox
            where platform_id = $1 and state in ('PENDING', 'SENT') order by issued_at, command_id`,
    values: [platformId],
  });
  return rows.map((row) => ({
    commandId: row.command_id,
    orderId: row.order_id,
    source: row.subject.split('.').slice(3, 5).join(':'),
    subject: row.subject,
    payload: row.payload,
    expiresAtMs: row.expires_at.getTime(),
  }));
}
