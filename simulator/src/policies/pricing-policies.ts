import type { ChosenPolicies } from './policies.schema.ts';

export interface PriceView {
  /** Nano-yuan per kWh. */
  now: number;
  mean: number;
  /** Charged packs, as a share of all. */
  readyRatio: number;
}

/** What a truck is asked for a kWh. @returns nano-yuan */
export type PricingPolicy = (view: PriceView) => number;

/** An empty station asks so much more than the mean, and a full one so much less. */
const SCARCITY_RATIO = 0.2;

export const PRICING_RULES: Readonly<Record<ChosenPolicies['pricing'], PricingPolicy>> = {
  'time-of-use': ({ now }) => now,
  flat: ({ mean }) => mean,
  'by-load': ({ mean, readyRatio }) => mean * (1 + SCARCITY_RATIO * (1 - 2 * Math.min(1, readyRatio))),
};
