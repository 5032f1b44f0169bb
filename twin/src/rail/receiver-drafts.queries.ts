import type { Db } from '../db/db.ts';
import type { PayoutReceiver } from './payment-rail.ts';

/** Whose account at which rail. */
export interface ReceiverOf {
  readonly principalId: string;
  readonly channel: string;
}

/** The newest draft takes the place of the one before, whoever made that. @param draft.at scope time, RFC 3339 */
export async function saveReceiverDraft(
  db: Db,
  platformId: string,
  { principalId, channel }: ReceiverOf,
  draft: PayoutReceiver & { by: string; at: string },
): Promise<void> {
  await db.query({
    text: `insert into payment_receiver_draft (platform_id, principal_id, channel, account, name, drafted_by, drafted_at)
           values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (platform_id, principal_id, channel) do update
             set account = excluded.account, name = excluded.name, drafted_by = excluded.drafted_by, drafted_at = excluded.drafted_at`,
    values: [platformId, principalId, channel, draft.account, draft.name, draft.by, draft.at],
  });
}

export async function receiverDraft(
  db: Db,
  platformId: string,
  { principalId, channel }: ReceiverOf,
): Promise<(PayoutReceiver & { draftedBy: string }) | null> {
  const { rows } = await db.query<{ account: string; name: string; drafted_by: string }>({
    text: `select account, name, drafted_by from payment_receiver_draft where platform_id = $1 and principal_id = $2 and channel = $3`,
    values: [platformId, principalId, channel],
  });
  const [row] = rows;
  return row === undefined ? null : { account: row.account, name: row.name, draftedBy: row.drafted_by };
}

/** Takes away the draft that was looked at. @returns false when another one is there now, or none */
export async function endReceiverDraft(
  db: Db,
  platformId: string,
  { principalId, channel }: ReceiverOf,
  { account, name, draftedBy }: PayoutReceiver & { draftedBy: string },
): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `delete from payment_receiver_draft
            where platform_id = $1 and principal_id = $2 and channel = $3 and account = $4 and name = $5 and drafted_by = $6`,
    values: [platformId, principalId, channel, account, name, draftedBy],
  });
  return rowCount === 1;
}
