import type { Db } from '../db/db.ts';

export interface Evidence {
  readonly text: string;
  readonly by: string;
  readonly at: string;
}
export interface DisputeRow {
  [column: string]: unknown;
  dispute_id: string;
  order_id: string;
  principal_id: string;
  raised_by: string;
  reason: string;
  state: 'OPEN' | 'UPHELD' | 'DISMISSED' | 'WITHDRAWN';
  evidence: readonly Evidence[];
  raised_at: Date;
  decided_at: Date | null;
  decided_by: string | null;
  decision: string | null;
  correction_id: string | null;
}
const COLUMNS = `dispute_id, order_id, principal_id, raised_by, reason, state, evidence, raised_at, decided_at, decided_by, decision,
  correction_id`;

export interface DisputedOrder {
  [column: string]: unknown;
  carrier_id: string | null;
  /** null: it was never cleared. */
  cleared_at: Date | null;
  payees: readonly string[];
}

/** Whom an order concerns; null: there is none. */
export async function disputedOrder(db: Db, platformId: string, orderId: string): Promise<DisputedOrder | null> {
  const { rows } = await db.query<DisputedOrder>({
    text: `select o.carrier_id, min(c.cleared_at) as cleared_at,
                  coalesce(array_agg(distinct c.principal_id) filter (where c.role <> 'PLATFORM'), '{}') as payees
             from swap_order o left join clearing_entry c using (platform_id, order_id)
            where o.platform_id = $1 and o.order_id = $2 group by o.carrier_id`,
    values: [platformId, orderId],
  });
  return rows[0] ?? null;
}

/** @returns false when this party has an open one on the order */
export async function insertDispute(
  db: Db,
  platformId: string,
  dispute: {
    disputeId: string;
    orderId: string;
    principalId: string;
    by: string;
    reason: string;
    evidence: readonly Evidence[];
    at: string;
  },
): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `insert into dispute (platform_id, dispute_id, order_id, principal_id, raised_by, reason, state, evidence, raised_at)
           values ($1, $2, $3, $4, $5, $6, 'OPEN', $7, $8) on conflict do nothing`,
    values: [
      platformId,
      dispute.disputeId,
      dispute.orderId,
      dispute.principalId,
      dispute.by,
      dispute.reason,
      JSON.stringify(dispute.evidence),
      dispute.at,
    ],
  });
  return rowCount === 1;
}

export async function findDispute(db: Db, platformId: string, disputeId: string): Promise<DisputeRow | null> {
  const { rows } = await db.query<DisputeRow>({
    text: `select ${COLUMNS} from dispute where platform_id = $1 and dispute_id = $2`,
    values: [platformId, disputeId],
  });
  return rows[0] ?? null;
}

/** Newest first. @param principalId null: all; else those that it raised, and those on orders that it paid or earns from */
export async function listDisputes(
  db: Db,
  platformId: string,
  query: { principalId: string | null; state: string | null; limit: number; after: readonly string[] | null },
): Promise<DisputeRow[]> {
  const { rows } = await db.query<DisputeRow>({
    text: `select ${COLUMNS} from dispute d where platform_id = $1 and ($3::text is null or state = $3)
              and ($2::text is null or principal_id = $2
                   or exists (select from swap_order o where o.platform_id = $1 and o.order_id = d.order_id and o.carrier_id = $2)
                   or exists (select from clearing_entry c where c.platform_id = $1 and c.order_id = d.order_id and c.principal_id = $2))
              and ($4::timestamptz is null or (raised_at, dispute_id) < ($4, $5))
            order by raised_at desc, dispute_id desc limit $6`,
    values: [platformId, query.principalId, query.state, query.after?.[0] ?? null, query.after?.[1] ?? null, query.limit],
  });
  return rows;
}

/** @returns false when it is decided already */
export async function addEvidence(db: Db, platformId: string, disputeId: string, evidence: Evidence): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `update dispute set evidence = evidence || $3::jsonb where platform_id = $1 and dispute_id = $2 and state = 'OPEN'`,
    values: [platformId, disputeId, JSON.stringify([evidence])],
  });
  return rowCount === 1;
}

/** Ends a dispute that changes no bill. @returns false when it is decided already */
export async function endWithoutChange(
  db: Db,
  platformId: string,
  end: { disputeId: string; state: 'DISMISSED' | 'WITHDRAWN'; by: string; decision: string; at: string },
): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `update dispute set state = $3, decided_at = $4, decided_by = $5, decision = $6
            where platform_id = $1 and dispute_id = $2 and state = 'OPEN'`,
    values: [platformId, end.disputeId, end.state, end.at, end.by, end.decision],
  });
  return rowCount === 1;
}
