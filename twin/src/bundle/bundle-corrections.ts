import type { BundleCorrection } from '@corridor/protocols/http/bundle';
import type { Db } from '../db/db.ts';
import { type BundleScope, seesWholeBill } from './bundle-party.ts';

interface CorrectionRow {
  [column: string]: unknown;
  correction_id: string;
  order_id: string | null;
  charge_id: string | null;
  carrier_id: string;
  cause: string;
  reason: string;
  booked_at: Date;
  contract_id: string | null;
  lines: BundleCorrection['lines'] | null;
  shares: BundleCorrection['shares'] | null;
}

/** Corrections booked in the span that change what the party pays or earns; lines and shares as it sees those of a bill. */
export async function bundleCorrections(db: Db, scope: BundleScope): Promise<BundleCorrection[]> {
  const { rows } = await db.query<CorrectionRow>({
    text: `select c.correction_id, c.order_id, c.charge_id, c.carrier_id, c.cause, c.reason, c.booked_at,
                  coalesce(b.basis->>'contractId', h.contract_id) as contract_id,
                  (select json_agg(json_build_object('lineNo', l.line_no, 'ofLineNo', l.of_line_no, 'component', l.component, 'amountFen', l.amount_fen::text,
                            'taxRateBasisPoints', l.tax_rate_basis_points, 'beneficiaryId', l.beneficiary_id, 'packId', l.pack_id,
                            'derivation', l.derivation) order by l.line_no)
                     from correction_line l where l.platform_id = $1 and l.correction_id = c.correction_id and ($5 or l.beneficiary_id = $2)) as lines,
                  (select json_agg(json_build_object('principalId', e.principal_id, 'role', e.role, 'grossFen', e.gross_fen::text,
                            'commissionFen', e.commission_fen::text, 'netFen', e.net_fen::text) order by e.role, e.principal_id)
                     from correction_entry e where e.platform_id = $1 and e.correction_id = c.correction_id and ($6 or e.principal_id = $2)) as shares
             from correction c left join seen_order_basis b on b.platform_id = c.platform_id and b.order_id = c.order_id
             left join charge h on h.platform_id = c.platform_id and h.charge_id = c.charge_id
            where c.platform_id = $1 and c.booked_at >= $3 and c.booked_at < $4
              and ($6 or c.carrier_id = $2 or exists (select from correction_entry e where e.platform_id = $1 and e.correction_id = c.correction_id
                                                        and e.principal_id = $2))
            order by c.booked_at, c.correction_id`,
    values: [scope.platformId, scope.principalId, scope.from, scope.until, seesWholeBill(scope), scope.principalKind === 'PLATFORM'],
  });
  return rows.map((row) => ({
    correctionId: row.correction_id,
    orderId: row.order_id,
    chargeId: row.charge_id,
    carrierId: row.carrier_id,
    contractId: row.contract_id,
    cause: row.cause,
    reason: row.reason,
    bookedAt: row.booked_at.toISOString(),
    lines: row.lines ?? [],
    shares: row.shares ?? [],
  }));
}
