import type { TaxRates } from '@corridor/protocols/agreement/component-rates';

/**
 * VAT that the platform states for contracts that name none [basis points]. Assumption after Chinese VAT: 13 % on goods
 * (electricity) and on the lease of movable property, 6 % on services.
 */
export const STATED_TAX_RATES: TaxRates = {
  ELECTRICITY: 1_300,
  SERVICE: 600,
  BATTERY_RENT: 1_300,
  SWAP_HANDLING: 600,
  MODE_ADJUSTMENT: 600,
  INCENTIVE: 600,
  PENALTY: 600,
};
