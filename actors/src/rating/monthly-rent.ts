import type { BillingOf } from '@corridor/protocols/agreement/billing';
import { assert } from '@corridor/protocols/assert';
import { type Fen, fen } from '../ledger/fen.ts';
import { divideHalfUp, NANO_YUAN_PER_FEN } from '../ledger/fen-arithmetic.ts';

/**
 * Rent of a month for one truck by the nominal content of its pack, in proportion to the days it was in force, rounded once.
 * @param days 0..daysOfMonth   @param daysOfMonth 28..31
 */
export function monthlyRentFen(
  { feeNanoYuanPerKwhMonth }: BillingOf<'MONTHLY_RENT'>,
  { nominalWh, days, daysOfMonth }: { nominalWh: number; days: number; daysOfMonth: number },
): Fen {
  assert(days >= 0 && days <= daysOfMonth && daysOfMonth >= 28 && daysOfMonth <= 31, `${days} of ${daysOfMonth} days`);
  const scaled = BigInt(nominalWh) * BigInt(feeNanoYuanPerKwhMonth) * BigInt(days);
  return fen(divideHalfUp(scaled, 1_000n * NANO_YUAN_PER_FEN * BigInt(daysOfMonth)));
}
