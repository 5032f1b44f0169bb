import type { Reference } from '@corridor/actors/network/reference';
import { violated } from '@corridor/protocols/assert';
import type { Policies } from '../policies/policies.schema.ts';
import type { FullPack } from './full-units.ts';

type Order = (one: FullPack, other: FullPack) => number;

const longestReady: Order = (one, other) => one.readied - other.readied;
const leastUsed: Order = (one, other) => one.uses - other.uses || longestReady(one, other);

/**
 * The order in which the platform gives packs out by a rule of the scenario, for its own choice among those that will do. Without a rule
 * it is as live: the fullest.
 */
export function packOrderOf({ choosePack = 'fullest' }: Policies, packs: ReadonlyMap<string, FullPack>): Reference['packOrder'] {
  if (choosePack === 'fullest') return undefined;
  const order = choosePack === 'least-used' ? leastUsed : longestReady;
  return (oneId, otherId) => {
    const [one, other] = [packs.get(oneId), packs.get(otherId)];
    return order(one ?? violated(`no pack ${oneId}`), other ?? violated(`no pack ${otherId}`));
  };
}
