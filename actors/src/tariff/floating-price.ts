import { assert } from '@corridor/protocols/assert';
import { divideHalfUp } from '../ledger/fen-arithmetic.ts';

/**
 * Price of a period from what floats and what does not: `fixed + base x factor`. Transmission, system cost and government
 * funds are fixed; purchase and line losses float (docs/domain/tariffs.md).
 * @param factorPercent 30 for a valley at 0.30 of flat; integer >= 0   @returns nano-yuan per kWh, half up
 */
export function floatingPrice(price: { fixedNanoYuanPerKwh: bigint; baseNanoYuanPerKwh: bigint; factorPercent: number }): bigint {
  assert(Number.isInteger(price.factorPercent) && price.factorPercent >= 0, `factor ${price.factorPercent} %`);
  return price.fixedNanoYuanPerKwh + divideHalfUp(price.baseNanoYuanPerKwh * BigInt(price.factorPercent), 100n);
}
