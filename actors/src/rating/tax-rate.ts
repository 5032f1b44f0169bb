import type { Component } from '../order/bill.ts';

/**
 * VAT contained in each component [basis points]; prices are tax-inclusive, so this is stated on a line and never added.
 * Assumption after Chinese VAT: 13 % on goods (electricity) and on the lease of movable property, 6 % on services.
 */
export const TAX_RATE_BASIS_POINTS: Record<Component, number> = {
  ELECTRICITY: 1_300,
  SERVICE: 600,
  BATTERY_RENT: 1_300,
  SWAP_HANDLING: 600,
};
