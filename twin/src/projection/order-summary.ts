import type { OrderRow, SwapRow } from '@corridor/actors/network/effect';
import type { OrderSummary } from '@corridor/protocols/http/scene';
import type { Rights } from './rights.ts';

const fenText = (amount: bigint | null): string | null => (amount === null ? null : amount.toString());
const timeText = (atMs: number): string => new Date(atMs).toISOString();

export function orderSummary(order: OrderRow, swap: SwapRow | undefined): OrderSummary {
  return {
    id: order.orderId,
    state: order.state,
    reason: order.reason,
    stationId: order.stationId,
    bayId: order.bayId,
    truckId: order.truckId,
    carrierId: order.carrierId,
    requestId: order.requestId,
    initiation: order.initiation,
    returnPackId: order.returnPackId,
    issuePackId: order.issuePackId,
    quotedFen: fenText(order.quotedFen),
    heldFen: fenText(order.heldFen),
    payableFen: fenText(order.payableFen),
    swapState: swap?.state ?? null,
    createdAt: timeText(order.createdAtMs),
    updatedAt: timeText(order.updatedAtMs),
  };
}

/** Sees what is paid: the platform, the carrier, and the driver the total. */
export const paysTheBill = (rights: Rights): boolean => rights.kind === 'ALL' || rights.kind === 'CARRIER' || rights.kind === 'DRIVER';

/** What the carrier pays is not the business of station operators and battery owners: they see their own lines of the bill. */
export function maskOrder(summary: OrderSummary, rights: Rights): OrderSummary {
  if (paysTheBill(rights)) return summary;
  return { ...summary, quotedFen: null, heldFen: null, payableFen: null };
}
