import { fen } from '@corridor/actors/ledger/fen';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import type { BillLine } from '@corridor/actors/order/bill';
import { perCase } from '@corridor/actors/rating/mode-charge';
import type { Contract } from '@corridor/protocols/network-file';
import type { Db } from '../db/db.ts';
import { correctedBefore } from './corrected-before.ts';

/** A charge beside swaps that was booked, as far as its correction needs it. */
export interface BilledCharge {
  readonly orderId: null;
  readonly chargeId: string;
  readonly carrierId: string;
  readonly lines: readonly BillLine[];
  /** Contract that it was rated by. */
  readonly contract: Contract;
  /** By line, what corrections added to it. */
  readonly correctedFen: ReadonlyMap<number, bigint>;
}

interface ChargeLineRow {
  [column: string]: unknown;
  carrier_id: string;
  contract_id: string;
  line_no: number;
  component: BillLine['component'];
  description: string;
  amount_fen: bigint;
  tax_rate_basis_points: number;
  beneficiary_id: string;
  derivation: string;
}

/** @returns null when there is none, or its contract is not known any more */
export async function billedCharge(
  db: Db,
  platformId: string,
  reference: Pick<ReferenceStore, 'contract'>,
  chargeId: string,
): Promise<BilledCharge | null> {
  const { rows } = await db.query<ChargeLineRow>({
    text: `select c.carrier_id, c.contract_id, l.line_no, l.component, l.description, l.amount_fen, l.tax_rate_basis_points, l.beneficiary_id, l.derivation
             from charge c join charge_line l using (platform_id, charge_id)
            where c.platform_id = $1 and c.charge_id = $2 order by l.line_no`,
    values: [platformId, chargeId],
  });
  const [first] = rows;
  const contract = first === undefined ? undefined : reference.contract(first.contract_id);
  if (first === undefined || contract === undefined) return null;
  const correctedFen = await correctedBefore(db, platformId, { orderId: null, chargeId });
  return { orderId: null, chargeId, carrierId: first.carrier_id, lines: rows.map(lineOf), contract, correctedFen };
}

/** A charge has no energy and no pack: each of its lines is a sum. */
const lineOf = (row: ChargeLineRow): BillLine => ({
  lineNo: row.line_no,
  component: row.component,
  leg: 'NONE',
  description: row.description,
  ...perCase(fen(row.amount_fen)),
  taxRateBasisPoints: row.tax_rate_basis_points,
  beneficiaryId: row.beneficiary_id,
  period: null,
  packId: null,
  derivation: row.derivation,
});
