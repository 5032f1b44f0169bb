import { type Fen, fen } from '../ledger/fen.ts';
import { divideHalfUp } from '../ledger/fen-arithmetic.ts';
import type { BillLine } from '../order/bill.ts';

const WHOLE = 10_000n;

/**
 * What a tax-inclusive amount is made of: `net = amount / (1 + rate)`, half up on the magnitude; the tax is the rest, so that
 * both always sum to the amount.
 */
export function taxOf({ amountFen, taxRateBasisPoints }: Pick<BillLine, 'amountFen' | 'taxRateBasisPoints'>): { netFen: Fen; taxFen: Fen } {
  const netFen = fen(divideHalfUp(amountFen * WHOLE, WHOLE + BigInt(taxRateBasisPoints)));
  return { netFen, taxFen: fen(amountFen - netFen) };
}
