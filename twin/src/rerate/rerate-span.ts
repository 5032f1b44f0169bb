import type { Reference } from '@corridor/actors/network/reference';
import { type Drafts, withDrafts } from '@corridor/actors/rerate/draft-reference';
import { rerateOrder } from '@corridor/actors/rerate/rerate-order';
import { RerateTotals } from '@corridor/actors/rerate/rerate-totals';
import type { Db } from '../db/db.ts';
import { type BilledSpan, storedOrders } from './stored-orders.ts';

/** One order under the drafts. */
export interface RerateOfOrder {
  readonly orderId: string;
  readonly beforeFen: bigint;
  readonly afterFen: bigint;
}

/** Rates the orders of a span again under drafts; reads only. @param onPage told after each page what became of its orders */
export async function rerateSpan(
  db: Db,
  span: BilledSpan,
  { reference, drafts }: { reference: Reference; drafts: Drafts },
  onPage: (done: readonly RerateOfOrder[]) => Promise<void> | void,
): Promise<RerateTotals> {
  const totals = new RerateTotals();
  const tried = withDrafts(reference, drafts);
  for await (const page of storedOrders(db, span)) {
    const done: RerateOfOrder[] = [];
    for (const { order, basis } of page) {
      const rerated = rerateOrder(tried, drafts, basis);
      if (rerated.ok) {
        totals.add(order, rerated.bill);
        done.push({ orderId: order.orderId, beforeFen: order.payableFen, afterFen: rerated.bill.payableFen });
      } else totals.refuse(rerated.reason);
    }
    await onPage(done);
  }
  return totals;
}
