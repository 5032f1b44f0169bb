import type { Bill, OrderSummary, TruckView } from '@corridor/protocols/http/scene';
import { sumFen } from '../format/money.ts';
import { isOrderOpen } from './condition.ts';

export const BILL_PARTS = ['ENERGY', 'PACK', 'SERVICE'] as const;
export type BillPart = (typeof BILL_PARTS)[number];
const PART_OF: Readonly<Record<string, BillPart>> = { ELECTRICITY: 'ENERGY', BATTERY_RENT: 'PACK' };

/** A bill in three lines that sum to what is paid: energy, pack, and all else. */
export function billInThree({ lines }: Pick<Bill, 'lines'>): { part: BillPart; amountFen: string | null }[] {
  return BILL_PARTS.map((part) => ({
    part,
    amountFen: sumFen(lines.filter(({ component }) => (PART_OF[component] ?? 'SERVICE') === part).map(({ amountFen }) => amountFen)),
  }));
}

/** How much more than its quote a bill is [fen], negative: less; null: as quoted, or nothing was quoted. */
export function aboveQuoteFen({ quotedFen, payableFen }: Pick<Bill, 'quotedFen' | 'payableFen'>): string | null {
  if (quotedFen === null || quotedFen === payableFen) return null;
  return (BigInt(payableFen) - BigInt(quotedFen)).toString();
}

/** Where a driver is with his swap: one decision for each. */
export const STAGES = ['CHOOSING', 'QUOTED', 'KEPT', 'UNDER_WAY', 'DONE', 'REFUSED', 'CALLED_OFF', 'ABNORMAL'] as const;
export type Stage = (typeof STAGES)[number];

const BILLED: ReadonlySet<string> = new Set(['BILLED', 'CLEARED', 'SETTLED', 'REPAIRED']);

/** A pack waits for a truck that is still on its way: the swap that it is queued for has not begun with it. */
export const isOnItsWay = (order: OrderSummary, truck: Pick<TruckView, 'vehicleState'> | undefined): boolean =>
  isKept(order) && order.bayId === null && truck?.vehicleState !== 'QUEUEING';

export function stageOf(order: Pick<OrderSummary, 'state' | 'swapState'> | null): Stage {
  if (order === null) return 'CHOOSING';
  if (BILLED.has(order.state)) return 'DONE';
  switch (order.state) {
    case 'REJECTED':
      return 'REFUSED';
    case 'CANCELLED':
      return 'CALLED_OFF';
    case 'ABNORMAL':
    case 'WRITTEN_OFF':
      return 'ABNORMAL';
    case 'CREATED':
    case 'QUOTED':
      return isAtBay(order) ? 'UNDER_WAY' : 'QUOTED';
    default:
      return isAtBay(order) ? 'UNDER_WAY' : 'KEPT';
  }
}

/** A kept swap is queued at its station from the start; it is under way when the truck is there. */
const isAtBay = ({ swapState }: Pick<OrderSummary, 'swapState'>): boolean => swapState !== null && swapState !== 'QUEUED';

/** A pack waits for a truck on its way: by a price, or held. */
export function isKept(order: OrderSummary): boolean {
  const stage = stageOf(order);
  return order.initiation === 'REMOTE' && (stage === 'QUOTED' || stage === 'KEPT');
}

/** The order that a truck is about: the open one that began last; else the one that was open on this page and ended. */
export function orderOfTrip(orders: Iterable<OrderSummary>, truckId: string, followedId: string | null): OrderSummary | null {
  let open: OrderSummary | null = null;
  let followed: OrderSummary | null = null;
  for (const order of orders) {
    if (order.truckId !== truckId) continue;
    if (order.id === followedId) followed = order;
    const isOpen = isOrderOpen(order) && order.state !== 'ABNORMAL' && !BILLED.has(order.state);
    if (isOpen && (open === null || order.createdAt > open.createdAt)) open = order;
  }
  return open ?? followed;
}
