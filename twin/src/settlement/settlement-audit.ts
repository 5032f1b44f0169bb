import type { Db } from '../db/db.ts';
import type { AuditedKind } from '../writer/intent-audit.ts';
import { jsonOf } from '../writer/json-rows.ts';

/** What somebody changed in disputes, settlement agreements and payments out, which do not pass the writer. */
export interface SettlementAct {
  /** Scope time, RFC 3339. */
  readonly at: string;
  readonly by: string;
  readonly action:
    | `dispute.${'raise' | 'addEvidence' | 'dismiss' | 'withdraw'}`
    | `settlementAgreement.${'draft' | 'approve' | 'withdraw'}`
    | 'payment.retry'
    | `payment.withdrawal${'Draft' | 'Approve' | 'Refuse'}`
    | 'payment.receiverDraft'
    | 'payment.receiverApprove'
    | 'payment.receiverRefuse'
    | 'payment.receiver';
  /** Whoever sees this thing reads of the act. */
  readonly entityKind: Extract<AuditedKind, 'order' | 'charge' | 'principal'>;
  readonly entityId: string;
  /** null: there was nothing before. */
  readonly before: object | null;
  readonly after: object;
}

/** Keeps an act; in the transaction that does it. */
export async function noteAct(db: Db, platformId: string, act: SettlementAct): Promise<void> {
  await db.query({
    text: `insert into audit_log (platform_id, at, user_id, action, entity_kind, entity_id, before, after) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      platformId,
      act.at,
      act.by,
      act.action,
      act.entityKind,
      act.entityId,
      act.before === null ? null : jsonOf(act.before),
      jsonOf(act.after),
    ],
  });
}
