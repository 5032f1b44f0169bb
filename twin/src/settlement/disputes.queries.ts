import type { BillOf } from '@corridor/actors/settlement/correction';
import { assert } from '@corridor/protocols/assert';
import type { Db } from '../db/db.ts';

export interface Evidence {
  readonly text: string;
  readonly by: string;
  readonly at: string;
  /** Whose it is, a party of the bill or the platform; undefined: of before this was kept. */
  readonly side?: string;
}
export interface DisputeRow {
  [column: string]: unknown;
  dispute_id: string;
  /** null: of a charge. */
  order_id: string | null;
  /** null: of an order. */
  charge_id: string | null;
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
const COLUMNS = `dispute_id, order_id, charge_id, principal_id, raised_by, reason, state, evidence, raised_at, decided_at, decided_by, decision,
  correction_id`;

/** So much of the evidence is of one side. What does not say whose it is counts for who gave it. */
export const piecesOf = (evidence: readonly Evidence[], { side, by }: { side: string; by: string }): number =>
  evidence.filter((piece) => (piece.side === undefined ? piece.by === by : piece.side === side)).length;

/** Of which bill a dispute is. The database holds a row to exactly one. */
export function billOfRow({ order_id, charge_id }: Pick<DisputeRow, 'order_id' | 'charge_id'>): BillOf {
  if (order_id !== null) return { orderId: order_id, chargeId: null };
  assert(charge_id !== null, 'a dispute of no bill');
  return { orderId: null, chargeId: charge_id };
}

export interface DisputedParties {
  [column: string]: unknown;
  carrier_id: string | null;
  /** null: it was never cleared. */
  cleared_at: Date | null;
  payees: readonly string[];
}

/** Whom a bill concerns, and since when it stands; null: there is no such order or charge. */
export async function disputedParties(db: Db, platformId: string, { orderId, chargeId }: BillOf): Promise<DisputedParties | null> {
  return chargeId === null ? partiesOfOrder(db, platformId, orderId) : partiesOfCharge(db, platformId, chargeId);
}

async function partiesOfCharge(db: Db, platformId: string, chargeId: string): Promise<DisputedParties | null> {
  const { rows } = await db.query<DisputedParties>({
    text: `select h.carrier_id, h.booked_at as cleared_at,
                  array(select distinct e.principal_id from charge_entry e
                         where e.platform_id = h.platform_id and e.charge_id = h.charge_id and e.role <> 'PLATFORM') as payees
             from charge h where h.platform_id = $1 and h.charge_id = $2`,
    values: [platformId, chargeId],
  });
  return rows[0] ?? null;
}

async function partiesOfOrder(db: Db, platformId: string, orderId: string): Promise<DisputedParties | null> {
  const { rows } = await db.query<DisputedParties>({
    text: `select o.carrier_id, min(c.cleared_at) as cleared_at,
                  coalesce(array_agg(distinct c.principal_id) filter (where c.role <> 'PLATFORM'), '{}') as payees
             from swap_order o left join clearing_entry c using (platform_id, order_id)
            where o.platform_id = $1 and o.order_id = $2 group by o.carrier_id`,
    values: [platformId, orderId],
  });
  return rows[0] ?? null;
}

/** @returns false when this party has an open one on the bill */
export async function insertDispute(
  db: Db,
  platformId: string,
  dispute: {
    disputeId: string;
    bill: BillOf;
    principalId: string;
    by: string;
    reason: string;
    evidence: readonly Evidence[];
    at: string;
  },
): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `insert into dispute (platform_id, dispute_id, order_id, charge_id, principal_id, raised_by, reason, state, evidence, raised_at)
           values ($1, $2, $3, $4, $5, $6, $7, 'OPEN', $8, $9) on conflict do nothing`,
    values: [
      platformId,
      dispute.disputeId,
      dispute.bill.orderId,
      dispute.bill.chargeId,
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

/**
 * Newest first; the page is found before the policies are asked of its rows (migration 40).
 * @param db of the caller   @param query.principalId null: all, for the platform; else those that it raised, and those on bills that it paid or earns from
 */
export async function listDisputes(
  db: Db,
  platformId: string,
  query: { principalId: string | null; state: string | null; limit: number; after: readonly string[] | null },
): Promise<DisputeRow[]> {
  const { rows } = await db.query<DisputeRow>({
    text: `select ${COLUMNS} from caller_dispute_page($1, $2, $3, $4, $5, $6) page (page_id, page_at)
            cross join lateral (select * from dispute x where x.platform_id = $1 and x.dispute_id = page.page_id limit 1) d
            order by d.raised_at desc, d.dispute_id desc`,
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
