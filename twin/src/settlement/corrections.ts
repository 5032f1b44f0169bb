import { fen } from '@corridor/actors/ledger/fen';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import type { BillLine } from '@corridor/actors/order/bill';
import { commissionOf } from '@corridor/actors/rating/rating-terms';
import { type Correction, correctionOf } from '@corridor/actors/settlement/correction';
import { disputeCorrectionLines, type LineChange, type LineChangeRefusal } from '@corridor/actors/settlement/dispute-correction';
import { type BilledMode, meterCorrectionLines } from '@corridor/actors/settlement/meter-correction';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import type { Contract } from '@corridor/protocols/network-file';
import type { Db } from '../db/db.ts';
import type { BilledCharge } from './billed-charge.ts';
import { correctedBefore } from './corrected-before.ts';

/** An order that was billed, as far as its correction needs it. */
export interface BilledOrder {
  readonly orderId: string;
  readonly chargeId: null;
  readonly carrierId: string;
  readonly lines: readonly BillLine[];
  /** Contract that it was rated by. */
  readonly contract: Contract;
  readonly mode: BilledMode;
  /** By line, what corrections added to it. */
  readonly correctedFen: ReadonlyMap<number, bigint>;
}

interface OrderRow {
  [column: string]: unknown;
  carrier_id: string | null;
  rated_at_ms: string | null;
  created_at: Date;
  package_grant: { unit: 'Wh' | 'swap'; quantity: string } | null;
  net_wh: bigint;
}

/** @returns null when there is no bill, or no contract by which it could have been rated */
export async function billedOrder(db: Db, platformId: string, reference: ReferenceStore, orderId: string): Promise<BilledOrder | null> {
  const { rows } = await db.query<OrderRow>({
    text: `select o.carrier_id, b.basis->>'ratedAtMs' as rated_at_ms, o.created_at, b.basis->'usage'->'packageGrant' as package_grant,
                  coalesce((b.basis->'out'->>'energyWh')::bigint, 0) - coalesce((b.basis->'in'->>'energyWh')::bigint, 0) as net_wh
             from swap_order o left join order_basis b using (platform_id, order_id) where o.platform_id = $1 and o.order_id = $2`,
    values: [platformId, orderId],
  });
  const [order] = rows;
  const lines = await billLines(db, platformId, orderId);
  if (order === undefined || order.carrier_id === null || lines.length === 0) return null;
  const ratedAtMs = order.rated_at_ms === null ? order.created_at.getTime() : Number(order.rated_at_ms);
  const contract = reference.contractOf(order.carrier_id, localDateOf(ratedAtMs));
  if (contract === undefined) return null;
  const { package_grant: grant, net_wh: netWh } = order;
  const packageGrant = grant === null ? null : { unit: grant.unit, quantity: BigInt(grant.quantity) };
  const mode = { billing: contract.billing, packageGrant, netWh };
  const correctedFen = await correctedBefore(db, platformId, { orderId, chargeId: null });
  return { orderId, chargeId: null, carrierId: order.carrier_id, lines, contract, mode, correctedFen };
}

type StoredLine = {
  line_no: number;
  component: BillLine['component'];
  leg: BillLine['leg'];
  description: string;
  quantity: bigint;
  unit: BillLine['unit'];
  unit_price_nano_yuan: bigint;
  amount_fen: bigint;
  tax_rate_basis_points: number;
  beneficiary_id: string;
  period: BillLine['period'];
  pack_id: string | null;
  derivation: string;
};

async function billLines(db: Db, platformId: string, orderId: string): Promise<BillLine[]> {
  const { rows } = await db.query<StoredLine>({
    text: 'select * from order_line where platform_id = $1 and order_id = $2 order by line_no',
    values: [platformId, orderId],
  });
  return rows.map((row) => ({
    lineNo: row.line_no,
    component: row.component,
    leg: row.leg,
    description: row.description,
    quantity: row.quantity,
    unit: row.unit,
    unitPriceNanoYuan: row.unit_price_nano_yuan,
    amountFen: fen(row.amount_fen),
    taxRateBasisPoints: row.tax_rate_basis_points,
    beneficiaryId: row.beneficiary_id,
    period: row.period,
    packId: row.pack_id,
    derivation: row.derivation,
  }));
}

const termsOf = (platformId: string, { contract }: Pick<BilledOrder, 'contract'>) => ({ platformId, commission: commissionOf(contract) });

export interface MeterDifferenceRow {
  [column: string]: unknown;
  order_id: string;
  metered_wh: bigint;
  billed_wh: bigint;
  nominal_wh: bigint;
  found_at: Date;
}

/** Differences of billed orders that no correction answers yet, oldest first. @param page those behind `after`; null: from the oldest */
export async function openDifferences(
  db: Db,
  platformId: string,
  { after, limit }: { after: Pick<MeterDifferenceRow, 'found_at' | 'order_id'> | null; limit: number },
): Promise<MeterDifferenceRow[]> {
  const { rows } = await db.query<MeterDifferenceRow>({
    text: `select d.order_id, d.metered_wh, d.billed_wh, d.nominal_wh, d.found_at from meter_difference d join swap_order o using (platform_id, order_id)
            where d.platform_id = $1 and o.state in ('CLEARED', 'SETTLED', 'REPAIRED')
              and not exists (select from correction c where c.platform_id = $1 and c.correction_id = 'meter:' || d.order_id)
              and ($3::timestamptz is null or (d.found_at, d.order_id) > ($3, $4))
            order by d.found_at, d.order_id limit $2`,
    values: [platformId, limit, after?.found_at.toISOString() ?? null, after?.order_id ?? null],
  });
  return rows;
}

export function meterCorrection(platformId: string, order: BilledOrder, row: MeterDifferenceRow): Correction {
  const difference = {
    orderId: order.orderId,
    meteredWh: Number(row.metered_wh),
    billedWh: Number(row.billed_wh),
    nominalWh: Number(row.nominal_wh),
  };
  const { orderId, carrierId } = order;
  return correctionOf(
    {
      correctionId: `meter:${orderId}`,
      orderId,
      chargeId: null,
      carrierId,
      cause: 'METER',
      disputeId: null,
      reason: 'METER_MISMATCH',
      by: 'settlement',
    },
    meterCorrectionLines(order.lines, difference, order.mode, order.correctedFen),
    termsOf(platformId, order),
  );
}

export type DisputeCorrection = { ok: true; correction: Correction } | { ok: false; reason: LineChangeRefusal; detail: string };

export function disputeCorrection(
  platformId: string,
  bill: BilledOrder | BilledCharge,
  { disputeId, reason, by, changes }: { disputeId: string; reason: string; by: string; changes: readonly LineChange[] },
): DisputeCorrection {
  const { lines, correctedFen, carrierId, orderId, chargeId } = bill;
  const found = disputeCorrectionLines({ lines, correctedFen, floorFen: chargeId === null ? null : 0n }, changes, reason);
  if (!found.ok) return found;
  const of = chargeId === null ? { orderId, chargeId } : { orderId: null, chargeId };
  const about = { correctionId: `dispute:${disputeId}`, ...of, carrierId, cause: 'DISPUTE', disputeId, reason, by } as const;
  return { ok: true, correction: correctionOf(about, found.drafts, termsOf(platformId, bill)) };
}
