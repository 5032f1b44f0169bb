import type { Bench } from './metric.ts';

/** Every benchmark of the product, in the order in which `npm run bench` runs them. */
export const benches: readonly Bench[] = [];
