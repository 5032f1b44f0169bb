import type { Reference } from '@corridor/actors/network/reference';
import { type Drafts, trialOf } from '@corridor/actors/rerate/draft-reference';
import { rerateOrder } from '@corridor/actors/rerate/rerate-order';
import { RerateTotals } from '@corridor/actors/rerate/rerate-totals';
import type { Db } from '../db/db.ts';
import { rerateBeside } from './rerate-beside.ts';
import { type BilledSpan, storedOrders } from './stored-orders.ts';

/** One order under the drafts. */
export interface RerateOfOrder {
  readonly orderId: string;
  readonly beforeFen: bigint;
  readonly afterFen: bigint;
}

/**
 * Rates the orders of a span again under drafts, and what was owed beside them; reads only.
 * @param onPage told after each page what became of its orders
 */
export async function rerateSpan(
  db: Db,
  span: BilledSpan,
  { reference, drafts }: { reference: Reference; drafts: Drafts },
  onPage: (done: readonly RerateOfOrder[]) => Promise<void> | void,
): Promise<RerateTotals> {
  const totals = new RerateTotals();
  const trial = trialOf(reference, drafts);
  for await (const page of storedOrders(db, span)) {
    const done: RerateOfOrder[] = [];
    for (const { order, basis, operatorId } of page) {
      const rerated = rerateOrder(trial, basis, operatorId);
      if (rerated.ok) {
        totals.add(order, rerated.bill);
        done.push({ orderId: order.orderId, beforeFen: order.payableFen, afterFen: rerated.bill.payableFen });
      } else totals.leaveOut('SWAP', rerated.reason);
    }
    await onPage(done);
  }
  await rerateBeside(db, span, trial, totals);
  return totals;
}
