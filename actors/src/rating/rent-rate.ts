import type { BatteryRate } from '@corridor/protocols/network-file';
import { divideHalfUp } from '../ledger/fen-arithmetic.ts';

/**
 * Rent per kWh of a pack after the factor of its SOH: frozen when the pack is issued and used for both of its legs.
 * @returns nano-yuan per kWh; null below the lowest step: such a pack is not issued
 */
export function rentRateOf(rate: BatteryRate, sohPercent: number): bigint | null {
  let reached: BatteryRate['sohSteps'][number] | null = null;
  for (const step of rate.sohSteps)
    if (sohPercent >= step.minSohPercent && (reached === null || step.minSohPercent > reached.minSohPercent)) reached = step;
  return reached === null ? null : applyFactor(rate, reached.factorBasisPoints);
}

/**
 * Rent of a pack that was on a truck before anything was frozen (its registration): as `rentRateOf`, and the lowest factor
 * for a pack that is too old to be issued again.
 */
export function openingRentRateOf(rate: BatteryRate, sohPercent: number): bigint {
  return rentRateOf(rate, sohPercent) ?? applyFactor(rate, Math.min(...rate.sohSteps.map(({ factorBasisPoints }) => factorBasisPoints)));
}

/** By their factor: a rate has a handful of steps, and each swap asks four times. */
const rents = new WeakMap<BatteryRate, Map<number, bigint>>();

function applyFactor(rate: BatteryRate, factorBasisPoints: number): bigint {
  let ofRate = rents.get(rate);
  if (ofRate === undefined) rents.set(rate, (ofRate = new Map()));
  const known = ofRate.get(factorBasisPoints);
  if (known !== undefined) return known;
  const rent = divideHalfUp(BigInt(rate.rentNanoYuanPerKwh) * BigInt(factorBasisPoints), 10_000n);
  ofRate.set(factorBasisPoints, rent);
  return rent;
}
