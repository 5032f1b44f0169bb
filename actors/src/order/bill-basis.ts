import { violated } from '@corridor/protocols/assert';
import type { PackLeg } from '../network/actor-event.ts';
import type { Reference } from '../network/reference.ts';
import { ratingTermsAt } from '../rating/rating-terms.ts';
import type { SwapUsage } from '../rating/swap-usage.ts';
import type { OrderContext } from './order.context.ts';
import { usageOf } from './order.rules.ts';

/**
 * What a bill was made of, kept beside it: with this and the agreements that it names, whoever may see it computes the bill again.
 * Packs wear and rates change, so none of it could be told from the present afterwards.
 */
export interface BillBasis {
  /** Prices, rates and contract are those of this instant, scope ms. */
  readonly ratedAtMs: number;
  readonly stationId: string;
  readonly carrierId: string;
  readonly contractId: string;
  readonly stationRateId: string;
  /** Of the period of the swap itself, which only a contract that splits by it bills by. */
  readonly tariffId: string;
  /** As measured at hand-over, with the lots then in the pack and its frozen rent; null: no pack was given. */
  readonly out: PackLeg | null;
  readonly in: PackLeg;
  /** Use of truck and station, which some billing modes and incentives go by. */
  readonly usage: SwapUsage;
}

/** @throws InvariantError when the order is not rated: a bug */
export function billBasisOf(reference: Reference, context: OrderContext): BillBasis {
  const { stationId, carrierId, createdAtMs, measuredIn, measuredOut, creditReason } = context;
  if (carrierId === null || measuredIn === null) violated(`order ${context.orderId} is not measured`);
  const found = ratingTermsAt(reference, { stationId, carrierId, atMs: createdAtMs });
  if (!found.ok) violated(`order ${context.orderId} has no terms`);
  const { contract, stationRate, priceNow } = found.terms;
  return {
    ratedAtMs: createdAtMs,
    stationId,
    carrierId,
    contractId: contract.id,
    stationRateId: stationRate.id,
    tariffId: priceNow.tariffId,
    out: creditReason === null ? measuredOut : null,
    in: measuredIn,
    usage: usageOf(context),
  };
}
