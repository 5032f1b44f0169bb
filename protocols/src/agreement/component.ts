import { Literals } from '../literals.ts';

/** Components of a bill that are rated for every swap, whatever the billing mode. */
export const RATED_COMPONENTS = ['ELECTRICITY', 'SERVICE', 'BATTERY_RENT', 'SWAP_HANDLING'] as const;
export type RatedComponent = (typeof RATED_COMPONENTS)[number];
export const RatedComponent = Literals(RATED_COMPONENTS);

/**
 * All components. `MODE_ADJUSTMENT` turns the rated lines into what the billing mode charges; `WAIVER` takes a `PENALTY`
 * back, so that both are seen.
 */
export const COMPONENTS = [...RATED_COMPONENTS, 'MODE_ADJUSTMENT', 'INCENTIVE', 'PENALTY', 'WAIVER'] as const;
export type Component = (typeof COMPONENTS)[number];
