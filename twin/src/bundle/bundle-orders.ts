import type { BundleOrder } from '@corridor/protocols/http/bundle';
import type { Db } from '../db/db.ts';
import type { LineRow, ShareRow } from '../http/orders/orders.queries.ts';
import { visibleOrders } from '../projection/order-parties.ts';
import { subjectOf } from '../projection/rights.ts';
import { legFor, type PartInOrder, type StoredLeg } from './bundle-leg.ts';
import { type BundleScope, rightsOfParty, seesWholeBill } from './bundle-party.ts';

interface StoredBasis {
  ratedAtMs: number;
  contractId: string;
  stationRateId: string;
  tariffId: string;
  out: StoredLeg | null;
  in: StoredLeg | null;
  usage: BundleOrder['usage'];
}
interface BilledRow {
  [column: string]: unknown;
  order_id: string;
  state: string;
  reason: string | null;
  station_id: string;
  truck_id: string;
  carrier_id: string;
  payable_fen: bigint;
  created_at: Date;
  billed_at: Date;
  /** As far as the database shows it to the party. */
  basis: StoredBasis;
  is_credit: boolean;
}
type OwnLineRow = LineRow & { order_id: string; leg: string };
type OwnShareRow = ShareRow & { order_id: string };

/** Orders read at once. */
const PAGE = 500;

/** Orders billed in the span that the party sees in the scene and over HTTP too; in order of their bills. */
export async function* bundleOrders(
  db: Db,
  scope: BundleScope,
  offers: ReadonlyMap<string, BundleOrder['offer']>,
): AsyncGenerator<BundleOrder> {
  let after: readonly [string, string] = [scope.from, ''];
  for (;;) {
    const rows = await billedOrders(db, scope, after);
    const ids = rows.map(({ order_id }) => order_id);
    const lines = await linesOf(db, scope, ids);
    const shares = await sharesOf(db, scope, ids);
    for (const row of rows) {
      const order = orderOf(scope, row, lines.get(row.order_id) ?? [], shares.get(row.order_id) ?? []);
      yield { ...order, offer: offers.get(row.order_id) ?? null };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = [last.billed_at.toISOString(), last.order_id];
  }
}

async function billedOrders(db: Db, scope: BundleScope, after: readonly [string, string]): Promise<BilledRow[]> {
  const rights = rightsOfParty(scope);
  const { rows } = await db.query<BilledRow>({
    text: `select o.order_id, o.state, o.reason, o.station_id, o.truck_id, o.carrier_id, o.payable_fen, o.created_at, b.billed_at, b.basis, b.is_credit
             from seen_order_basis b join seen_order o using (platform_id, order_id)
            where b.platform_id = $1 ${visibleOrders(rights)} and (b.billed_at, b.order_id) > ($3, $4) and b.billed_at < $5
            order by b.billed_at, b.order_id limit $6`,
    values: [scope.platformId, subjectOf(rights), after[0], after[1], scope.until, PAGE],
  });
  return rows;
}

async function linesOf(db: Db, scope: BundleScope, orderIds: readonly string[]): Promise<Map<string, OwnLineRow[]>> {
  const { rows } = await db.query<OwnLineRow>({
    text: `select * from order_line where platform_id = $1 and order_id = any($2) and ($3 or beneficiary_id = $4) order by order_id, line_no`,
    values: [scope.platformId, orderIds, seesWholeBill(scope), scope.principalId],
  });
  return Map.groupBy(rows, ({ order_id }) => order_id);
}

async function sharesOf(db: Db, scope: BundleScope, orderIds: readonly string[]): Promise<Map<string, OwnShareRow[]>> {
  const { rows } = await db.query<OwnShareRow>({
    text: `select order_id, principal_id, role, gross_fen, commission_fen, net_fen from clearing_entry
            where platform_id = $1 and order_id = any($2) and ($3 or principal_id = $4) order by order_id, role, principal_id`,
    values: [scope.platformId, orderIds, scope.principalKind === 'PLATFORM', scope.principalId],
  });
  return Map.groupBy(rows, ({ order_id }) => order_id);
}

function orderOf(
  scope: BundleScope,
  row: BilledRow,
  lines: readonly OwnLineRow[],
  shares: readonly OwnShareRow[],
): Omit<BundleOrder, 'offer'> {
  const { basis } = row;
  const part: PartInOrder = {
    principalId: scope.principalId,
    seesWholeBill: seesWholeBill(scope),
    isOperator: shares.some(({ role, principal_id }) => role === 'STATION_OPERATOR' && principal_id === scope.principalId),
  };
  return {
    orderId: row.order_id,
    state: row.state,
    reason: row.reason,
    stationId: row.station_id,
    truckId: row.truck_id,
    carrierId: row.carrier_id,
    createdAt: row.created_at.toISOString(),
    billedAt: row.billed_at.toISOString(),
    ratedAt: new Date(basis.ratedAtMs).toISOString(),
    contractId: basis.contractId,
    stationRateId: basis.stationRateId,
    tariffId: basis.tariffId,
    isCredit: row.is_credit,
    out: legFor(part, basis.out),
    in: legFor(part, basis.in),
    usage: part.seesWholeBill ? basis.usage : null,
    lines: lines.map(lineOf),
    payableFen: part.seesWholeBill ? row.payable_fen.toString() : null,
    shares: shares.map((share) => ({
      principalId: share.principal_id,
      role: share.role,
      grossFen: share.gross_fen.toString(),
      commissionFen: share.commission_fen.toString(),
      netFen: share.net_fen.toString(),
    })),
  };
}

const lineOf = (line: OwnLineRow): BundleOrder['lines'][number] => ({
  lineNo: line.line_no,
  component: line.component,
  leg: line.leg,
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
