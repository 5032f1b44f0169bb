import type { ChosenPolicies } from './policies.schema.ts';

export interface ChargedPack {
  contentWh: number;
  /** Times that it was given out. */
  uses: number;
}

/** Which of some charged packs, in the order in which they became ready. @returns its place; ties go to who is ready longest */
export type PackPolicy = (ready: Iterable<ChargedPack>) => number;

function placeOfLeast(ready: Iterable<ChargedPack>, of: (pack: ChargedPack) => number): number {
  let found = 0;
  let least = Number.POSITIVE_INFINITY;
  let place = 0;
  for (const pack of ready) {
    const value = of(pack);
    if (value < least) {
      least = value;
      found = place;
    }
    place += 1;
  }
  return found;
}

export const PACK_RULES: Readonly<Record<ChosenPolicies['choosePack'], PackPolicy>> = {
  'longest-ready': () => 0,
  fullest: (ready) => placeOfLeast(ready, ({ contentWh }) => -contentWh),
  'least-used': (ready) => placeOfLeast(ready, ({ uses }) => uses),
};
