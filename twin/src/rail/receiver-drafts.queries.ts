import type { Db } from '../db/db.ts';
import type { PayoutReceiver } from './payment-rail.ts';

/** Whose account at which rail. */
export interface ReceiverOf {
  readonly principalId: string;
  readonly channel: string;
}

/** An account that is not in force: before its approval `effectiveAtMs` is null, after it the wall time from which it is. */
export interface ReceiverDraft extends PayoutReceiver, ReceiverOf {
  readonly draftedBy: string;
  readonly effectiveAtMs: number | null;
}

interface DraftRow {
  [column: string]: unknown;
  principal_id: string;
  channel: string;
  account: string;
  name: string;
  drafted_by: string;
  effective_at: Date | null;
}
/** What is decided of an account, as the audit log names it. */
const DECISIONS = "('payment.receiverApprove', 'payment.receiverRefuse')";
const COLUMNS = 'principal_id, channel, account, name, drafted_by, effective_at';
const draftOf = (row: DraftRow): ReceiverDraft => ({
  principalId: row.principal_id,
  channel: row.channel,
  account: row.account,
  name: row.name,
  draftedBy: row.drafted_by,
  effectiveAtMs: row.effective_at?.getTime() ?? null,
});

/**
 * Where a principal is paid out, and what shall take its place; either may not be there. `isWaivable`: it is the first account of which
 * anybody decided, so it may be in force at once.
 */
export interface ReceiverWithDraft {
  readonly principalId: string;
  readonly inForce: PayoutReceiver | null;
  readonly draft: (PayoutReceiver & Pick<ReceiverDraft, 'draftedBy' | 'effectiveAtMs'> & { readonly isWaivable: boolean }) | null;
}

/** @param principalId null: of all */
export async function listReceivers(
  db: Db,
  platformId: string,
  { principalId, channel }: { principalId: string | null; channel: string },
): Promise<ReceiverWithDraft[]> {
  const { rows } = await db.query<{ principal_id: string; in_force: PayoutReceiver | null; draft: DraftRow | null; undecided: boolean }>({
    text: `select principal_id, case when r.account is not null then json_build_object('account', r.account, 'name', r.name) end as in_force,
                  case when d.account is not null then row_to_json(d) end as draft,
                  r.account is null and not exists (select from audit_log l where l.platform_id = $1 and l.entity_kind = 'principal'
                    and l.entity_id = coalesce(r.principal_id, d.principal_id) and l.action in ${DECISIONS}) as undecided
             from payment_receiver r full join payment_receiver_draft d using (platform_id, principal_id, channel)
            where platform_id = $1 and channel = $2 and ($3::text is null or principal_id = $3) order by principal_id`,
    values: [platformId, channel, principalId],
  });
  return rows.map(({ principal_id, in_force, draft, undecided }) => ({
    principalId: principal_id,
    inForce: in_force,
    draft:
      draft === null
        ? null
        : {
            account: draft.account,
            name: draft.name,
            draftedBy: draft.drafted_by,
            effectiveAtMs: draft.effective_at === null ? null : new Date(draft.effective_at).getTime(),
            isWaivable: undecided,
          },
  }));
}

/** The newest draft takes the place of the one before, whoever made and approved that. @param draft.at scope time, RFC 3339 */
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
             set account = excluded.account, name = excluded.name, drafted_by = excluded.drafted_by, drafted_at = excluded.drafted_at,
                 approved_by = null, effective_at = null`,
    values: [platformId, principalId, channel, draft.account, draft.name, draft.by, draft.at],
  });
}

export async function receiverDraft(db: Db, platformId: string, { principalId, channel }: ReceiverOf): Promise<ReceiverDraft | null> {
  const { rows } = await db.query<DraftRow>({
    text: `select ${COLUMNS} from payment_receiver_draft where platform_id = $1 and principal_id = $2 and channel = $3`,
    values: [platformId, principalId, channel],
  });
  const [row] = rows;
  return row === undefined ? null : draftOf(row);
}

/** Approves the draft that was looked at. @returns false when another one is there now, none, or it is approved already */
export async function approveReceiverDraft(
  db: Db,
  platformId: string,
  { principalId, channel, account, name, draftedBy }: ReceiverDraft,
  approval: { by: string; effectiveAtMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `update payment_receiver_draft set approved_by = $7, effective_at = $8
            where platform_id = $1 and principal_id = $2 and channel = $3 and account = $4 and name = $5 and drafted_by = $6
              and approved_by is null`,
    values: [platformId, principalId, channel, account, name, draftedBy, approval.by, new Date(approval.effectiveAtMs)],
  });
  return rowCount === 1;
}

/** @returns false when there is none */
export async function dropReceiverDraft(db: Db, platformId: string, { principalId, channel }: ReceiverOf): Promise<boolean> {
  const { rowCount } = await db.query({
    text: 'delete from payment_receiver_draft where platform_id = $1 and principal_id = $2 and channel = $3',
    values: [platformId, principalId, channel],
  });
  return rowCount === 1;
}

/** Changes that are approved, in force already or not yet. */
export async function approvedReceivers(db: Db, platformId: string, channel: string): Promise<ReceiverDraft[]> {
  const { rows } = await db.query<DraftRow>({
    text: `select ${COLUMNS} from payment_receiver_draft
            where platform_id = $1 and channel = $2 and approved_by is not null order by principal_id`,
    values: [platformId, channel],
  });
  return rows.map(draftOf);
}

/**
 * What was decided before of where a principal is paid out, by the audit log, which nothing is taken from: whether anything was approved or
 * refused, and whether the last approval put a first account in force at once.
 */
export async function receiverPast(db: Db, platformId: string, principalId: string): Promise<{ decisions: number; isWaived: boolean }> {
  const { rows } = await db.query<{ decisions: number; waived: boolean | null }>({
    text: `select count(*)::int as decisions,
                  (array_agg(after->>'waiver' is not null order by audit_no desc) filter (where action = 'payment.receiverApprove'))[1] as waived
             from audit_log where platform_id = $1 and entity_kind = 'principal' and entity_id = $2
              and action in ${DECISIONS}`,
    values: [platformId, principalId],
  });
  return { decisions: rows[0]?.decisions ?? 0, isWaived: rows[0]?.waived === true };
}

/**
 * First accounts that are in force at once by a waiver, and no approved change of them waits: of each its principal is told, from
 * whenever another telling ended. @param wallMs only of those that are in force since later
 */
export async function waivedReceivers(
  db: Db,
  platformId: string,
  channel: string,
  wallMs: number,
): Promise<Pick<ReceiverDraft, 'principalId' | 'account' | 'effectiveAtMs'>[]> {
  const { rows } = await db.query<{ principal_id: string; account: string; in_force_from: Date }>({
    text: `select r.principal_id, r.account, w.in_force_from from payment_receiver r
            cross join lateral (select (l.after->>'inForceFrom')::timestamptz as in_force_from from audit_log l
                                 where l.platform_id = r.platform_id and l.entity_kind = 'principal' and l.entity_id = r.principal_id
                                   and l.action = 'payment.receiverApprove' and l.after->>'account' = r.account and l.after->>'waiver' is not null
                                 order by l.audit_no desc limit 1) w
            where r.platform_id = $1 and r.channel = $2 and w.in_force_from > $3
              and not exists (select from payment_receiver_draft d
                               where d.platform_id = r.platform_id and d.principal_id = r.principal_id and d.channel = $2 and d.approved_by is not null)
            order by r.principal_id`,
    values: [platformId, channel, new Date(wallMs)],
  });
  return rows.map((row) => ({ principalId: row.principal_id, account: row.account, effectiveAtMs: row.in_force_from.getTime() }));
}

/** Principals that are told of an account, though no change of it waits. @param wallMs only of accounts that were in force by then */
export async function toldOfNoDraft(db: Db, platformId: string, channel: string, wallMs: number): Promise<string[]> {
  const { rows } = await db.query<{ scope_id: string }>({
    text: `select scope_id from alarm a
            where platform_id = $1 and code = 'RECEIVER_CHANGES' and cleared_at is null and closed_at is null
              and (args->>'inForceFrom')::timestamptz <= $3
              and not exists (select from payment_receiver_draft d
                               where d.platform_id = a.platform_id and d.principal_id = a.scope_id and d.channel = $2 and d.approved_by is not null)
            order by scope_id`,
    values: [platformId, channel, new Date(wallMs)],
  });
  return rows.map(({ scope_id }) => scope_id);
}

/** Puts an approved change that is due in the place of what was in force. @returns false when it is not due, or not there any more */
export async function takeReceiverDraft(
  db: Db,
  platformId: string,
  { principalId, channel }: ReceiverOf,
  wallMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `with due as (delete from payment_receiver_draft
                         where platform_id = $1 and principal_id = $2 and channel = $3 and effective_at <= $4
                        returning platform_id, principal_id, channel, account, name)
           insert into payment_receiver (platform_id, principal_id, channel, account, name) select * from due
           on conflict (platform_id, principal_id, channel) do update set account = excluded.account, name = excluded.name`,
    values: [platformId, principalId, channel, new Date(wallMs)],
  });
  return rowCount === 1;
}
