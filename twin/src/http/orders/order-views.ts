import type { Bill, OrderSummary } from '@corridor/protocols/http/scene';
import { maskOrder } from '../../projection/order-summary.ts';
import type { Rights } from '../../projection/rights.ts';
import type { LineRow, OrderListRow, ShareRow } from './orders.queries.ts';

const text = (amount: bigint | null): string | null => amount?.toString() ?? null;
const wattHours = (energy: bigint | null): number | null => (energy === null ? null : Number(energy));

export function summaryOf(row: OrderListRow, rights: Rights): OrderSummary {
  return maskOrder(
    {
      id: row.order_id,
      state: row.state,
      reason: row.reason,
      stationId: row.station_id,
      bayId: row.bay_id,
      truckId: row.truck_id,
      carrierId: row.carrier_id,
      requestId: row.request_id,
      initiation: row.initiation,
      returnPackId: row.return_pack_id,
      issuePackId: row.issue_pack_id,
      quotedFen: text(row.quoted_fen),
      heldFen: text(row.held_fen),
      payableFen: text(row.payable_fen),
      swapState: row.swap_state,
      createdAt: row.created_at.toISOString(),
      updatedAt: row.updated_at.toISOString(),
    },
    rights,
  );
}

/** The payer sees all lines; a beneficiary its own, its own share, and no total. */
export function billOf(row: OrderListRow, lines: readonly LineRow[], shares: readonly ShareRow[], rights: Rights): Bill {
  const whole = rights.kind === 'ALL' || rights.kind === 'CARRIER';
  const own = rights.kind === 'STATION_OPERATOR' || rights.kind === 'BATTERY_OWNER' ? rights.principalId : null;
  const visibleLines = whole ? lines : lines.filter(({ beneficiary_id }) => beneficiary_id === own);
  const visibleShares = rights.kind === 'ALL' ? shares : shares.filter(({ principal_id }) => principal_id === own);
  const sum = visibleLines.reduce((total, { amount_fen }) => total + amount_fen, 0n);
  return {
    orderId: row.order_id,
    state: row.state,
    currency: 'CNY',
    payableFen: (whole ? (row.payable_fen ?? sum) : sum).toString(),
    quotedFen: whole ? text(row.quoted_fen) : null,
    heldFen: whole ? text(row.held_fen) : null,
    releasedFen: whole ? text(row.released_fen) : null,
    energyOutWh: wattHours(row.energy_out_wh),
    energyInWh: wattHours(row.energy_in_wh),
    lines: visibleLines.map(lineOf),
    clearing: visibleShares.map((share) => ({
      principalId: share.principal_id,
      role: share.role,
      grossFen: share.gross_fen.toString(),
      commissionFen: share.commission_fen.toString(),
      netFen: share.net_fen.toString(),
    })),
  };
}

const lineOf = (line: LineRow): Bill['lines'][number] => ({
  lineNo: line.line_no,
  component: line.component,
  description: line.description,
  quantity: line.quantity.toString(),
  unit: line.unit,
  unitPriceNanoYuan: line.unit_price_nano_yuan.toString(),
  amountFen: line.amount_fen.toString(),
  taxRateBasisPoints: line.tax_rate_basis_points,
  beneficiaryId: line.beneficiary_id,
  period: line.period,
  packId: line.pack_id,
  derivation: line.derivation,
});
