import type { Reference } from '@corridor/actors/network/reference';
import { type Drafts, type Trial, trialOf } from '@corridor/actors/rerate/draft-reference';
import { rerateOrder } from '@corridor/actors/rerate/rerate-order';
import { daysBegunIn, paysRentByMonth, type RentsTried, rentsTried } from '@corridor/actors/rerate/rerate-rents';
import { RerateTotals } from '@corridor/actors/rerate/rerate-totals';
import { rentedTrucks } from '../charges/charges.queries.ts';
import type { Db } from '../db/db.ts';
import { writtenUntilMs } from '../settlement/statements.queries.ts';
import { type BilledSpan, storedOrders } from './stored-orders.ts';

/** One order under the drafts. */
export interface RerateOfOrder {
  readonly orderId: string;
  readonly beforeFen: bigint;
  readonly afterFen: bigint;
}

/**
 * Rates the orders of a span again under drafts, and the rents by the month of the days that begin in it; reads only.
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
    for (const { order, basis } of page) {
      const rerated = rerateOrder(trial, basis);
      if (rerated.ok) {
        totals.add(order, rerated.bill);
        done.push({ orderId: order.orderId, beforeFen: order.payableFen, afterFen: rerated.bill.payableFen });
      } else totals.refuse(rerated.reason);
    }
    await onPage(done);
  }
  for await (const rents of rentsOf(db, span, trial)) totals.addRents(rents);
  return totals;
}

async function* rentsOf(db: Db, { platformId, from, until }: BilledSpan, trial: Trial): AsyncGenerator<RentsTried> {
  // Nobody owes a rent of days to come.
  const untilMs = Math.min(Date.parse(until), await writtenUntilMs(db, platformId));
  const carriers = [...trial.before.principals()].filter(({ kind }) => kind === 'CARRIER');
  for (const days of daysBegunIn(Date.parse(from), untilMs)) {
    for (const { id } of carriers) {
      if (!paysRentByMonth(trial, id, days)) continue;
      for (const truck of await rentedTrucks(db, platformId, id, days.month)) yield rentsTried(trial, truck, days);
    }
  }
}
