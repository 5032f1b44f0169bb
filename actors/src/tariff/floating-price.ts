import type { PeriodPrice, PriceFormula } from '@corridor/protocols/agreement/tariff-price';
import { assert } from '@corridor/protocols/assert';
import { divideHalfUp } from '../ledger/fen-arithmetic.ts';

const WHOLE = 10_000;

/**
 * Price of a period from what floats and what does not: `(fixed + base x factor) / efficiency`. Transmission, system cost and
 * government funds are fixed; purchase and line losses float (docs/domain/tariffs.md).
 * @param factorBasisPoints 3,000 for a valley at 0.30 of flat; integer >= 0   @returns nano-yuan per kWh, rounded once, half up
 */
export function floatingPrice(formula: PriceFormula, factorBasisPoints: number): bigint {
  const { fixedNanoYuanPerKwh, baseNanoYuanPerKwh, efficiencyBasisPoints = WHOLE } = formula;
  assert(Number.isInteger(factorBasisPoints) && factorBasisPoints >= 0, `factor of ${factorBasisPoints} basis points`);
  assert(efficiencyBasisPoints > 0 && efficiencyBasisPoints <= WHOLE, `efficiency of ${efficiencyBasisPoints} basis points`);
  const scaled = BigInt(fixedNanoYuanPerKwh) * BigInt(WHOLE) + BigInt(baseNanoYuanPerKwh) * BigInt(factorBasisPoints);
  return divideHalfUp(scaled, BigInt(efficiencyBasisPoints));
}

/** Price of a period of a tariff. @returns nano-yuan per kWh; null: it is a factor, and there is no formula */
export function periodPrice(price: PeriodPrice, formula: PriceFormula | undefined): bigint | null {
  if ('priceNanoYuanPerKwh' in price) return BigInt(price.priceNanoYuanPerKwh);
  return formula === undefined ? null : floatingPrice(formula, price.factorBasisPoints);
}
