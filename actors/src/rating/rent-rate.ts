import type { BatteryRate } from '@corridor/protocols/network-file';
import { divideHalfUp } from '../ledger/fen-arithmetic.ts';

/**
 * Rent per kWh of a pack after the factor of its SOH: frozen when the pack is issued and used for both of its legs.
 * @returns nano-yuan per kWh; null below the lowest step: such a pack is not issued
 */
export function rentRateOf(rate: BatteryRate, sohPercent: number): bigint | null {
  const reached = rate.sohSteps.filter(({ minSohPercent }) => sohPercent >= minSohPercent);
  if (reached.length === 0) return null;
  const step = reached.reduce((best, next) => (next.minSohPercent > best.minSohPercent ? next : best));
  return applyFactor(rate, step.factorBasisPoints);
}

/**
 * Rent of a pack that was on a truck before anything was frozen (its registration): as `rentRateOf`, and the lowest factor
 * for a pack that is too old to be issued again.
 */
export function openingRentRateOf(rate: BatteryRate, sohPercent: number): bigint {
  const factors = rate.sohSteps.map(({ factorBasisPoints }) => factorBasisPoints);
  return rentRateOf(rate, sohPercent) ?? applyFactor(rate, Math.min(...factors));
}

const applyFactor = (rate: BatteryRate, factorBasisPoints: number) =>
  divideHalfUp(BigInt(rate.rentNanoYuanPerKwh) * BigInt(factorBasisPoints), 10_000n);
