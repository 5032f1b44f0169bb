import { ORDER_CONFIG } from '@corridor/actors/order/order-config';
import { QuotedSoc } from '@corridor/protocols/http/order-detail';
import type { Bill, OrderSummary } from '@corridor/protocols/http/scene';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { maskOrder } from '../../projection/order-summary.ts';
import { type Rights, subjectOf } from '../../projection/rights.ts';
import type { LineRow, OrderListRow, ShareRow, SplitRow } from './orders.queries.ts';

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

/** How long a pack waits for a truck on its way, by the state that keeps it [ms]. */
const KEPT_MS: Readonly<Record<string, number>> = { QUOTED: ORDER_CONFIG.quoteValidMs, HELD: ORDER_CONFIG.startRemoteValidMs };

/** Until when the pack of an order waits for its truck; null: none does, or the truck is there. */
export function keptUntilOf({ state, initiation, bay_id, updated_at }: OrderListRow): string | null {
  const keptMs = KEPT_MS[state];
  if (keptMs === undefined || initiation !== 'REMOTE' || bay_id !== null) return null;
  return new Date(updated_at.getTime() + keptMs).toISOString();
}

const isQuoted = Compile(Type.Object({ soc: QuotedSoc }));

/** Which SOC the quote counts with, to who pays and who drives; null: an older quote did not say. */
export function quotedSocOf({ quote }: OrderListRow, rights: Rights): QuotedSoc | null {
  const isShown = seesAllLines(rights) || rights.kind === 'DRIVER';
  return isShown && isQuoted.Check(quote) ? quote.soc : null;
}

/** All lines with their derivation: to the platform, and to who pays. */
export const seesAllLines = (rights: Rights): boolean => rights.kind === 'ALL' || rights.kind === 'CARRIER';

/**
 * The payer sees all lines; a beneficiary its own, its own share, and no total. The energy of a pack is
 * shown to its owner of then, and to who hands it over and pays for it; not to who only issues the offer.
 */
export function billOf(row: OrderListRow, lines: readonly LineRow[], shares: readonly ShareRow[], rights: Rights): Bill {
  const whole = seesAllLines(rights);
  const own = whole ? null : subjectOf(rights);
  const visibleLines = whole ? lines : lines.filter(({ beneficiary_id }) => beneficiary_id === own);
  const visibleShares = rights.kind === 'ALL' ? shares : own === null ? [] : shares.filter(({ principal_id }) => principal_id === own);
  const sum = visibleLines.reduce((total, { amount_fen }) => total + amount_fen, 0n);
  const seesEnergyOf = (ownerId: string | null) => whole || own === (rights.kind === 'BATTERY_OWNER' ? ownerId : row.operator_id);
  return {
    orderId: row.order_id,
    state: row.state,
    currency: 'CNY',
    payableFen: (whole ? (row.payable_fen ?? sum) : sum).toString(),
    quotedFen: whole ? text(row.quoted_fen) : null,
    heldFen: whole ? text(row.held_fen) : null,
    releasedFen: whole ? text(row.released_fen) : null,
    energyOutWh: seesEnergyOf(row.issue_owner_id) ? wattHours(row.energy_out_wh) : null,
    energyInWh: seesEnergyOf(row.return_owner_id) ? wattHours(row.energy_in_wh) : null,
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

/** What a driver sees: the total and one line a component, without whose it is and at which rates. */
export function splitBillOf(row: OrderListRow, split: readonly SplitRow[]): Bill {
  const sum = split.reduce((total, { amount_fen }) => total + amount_fen, 0n);
  return {
    orderId: row.order_id,
    state: row.state,
    currency: 'CNY',
    payableFen: (row.payable_fen ?? sum).toString(),
    quotedFen: text(row.quoted_fen),
    heldFen: text(row.held_fen),
    releasedFen: text(row.released_fen),
    energyOutWh: wattHours(row.energy_out_wh),
    energyInWh: wattHours(row.energy_in_wh),
    lines: split.map((part, index) => ({
      lineNo: index + 1,
      component: part.component,
      description: part.component,
      quantity: part.quantity.toString(),
      unit: part.unit,
      unitPriceNanoYuan: null,
      amountFen: part.amount_fen.toString(),
      taxRateBasisPoints: part.tax_rate_basis_points,
      beneficiaryId: null,
      period: null,
      packId: null,
      derivation: '',
    })),
    clearing: [],
  };
}

/**
 * What a gateway reported, as far as it says nothing of packs of others: those are hidden from owners of packs, and all of it from drivers
 * and from who neither has the station nor one of the packs, but issues the offer.
 */
export function eventData(payload: string, row: OrderListRow, rights: Rights): unknown {
  if (rights.kind === 'DRIVER') return null;
  const own = subjectOf(rights);
  if (rights.kind === 'STATION_OPERATOR' && row.operator_id !== own) return null;
  if (rights.kind === 'BATTERY_OWNER' && row.return_owner_id !== own && row.issue_owner_id !== own) return null;
  const { data } = JSON.parse(payload) as { data?: unknown };
  if (rights.kind !== 'BATTERY_OWNER') return data;
  const foreign = [
    { packId: row.return_pack_id, ownerId: row.return_owner_id },
    { packId: row.issue_pack_id, ownerId: row.issue_owner_id },
  ].filter(({ ownerId }) => ownerId !== rights.principalId);
  const said = JSON.stringify(data ?? null);
  return foreign.some(({ packId }) => packId !== null && said.includes(JSON.stringify(packId))) ? null : data;
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
