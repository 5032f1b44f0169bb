import { assert } from '@corridor/protocols/assert';
import type { CoarseWorld } from './coarse-world.ts';
import type { PackUnit } from './units.ts';

/** Rounding of sums of floating-point numbers, as a share of what passed through them. */
const ENERGY_TOLERANCE_RATIO = 1e-9;

/**
 * What must hold in every run: each pack is in one place, no truck is lost, energy that was brought and charged is used or still there, no pack
 * holds more than it can.
 * @throws InvariantError naming what does not hold
 */
export function checkConservation({ packs, trucks, yards, sums }: CoarseWorld): void {
  const places = new Map<PackUnit, number>();
  const stands = (pack: PackUnit | null) => pack && places.set(pack, (places.get(pack) ?? 0) + 1);
  for (const { pack, incoming } of trucks) {
    stands(pack);
    stands(incoming);
  }
  for (const { ready, empties } of yards) {
    for (const pack of ready) stands(pack);
    for (const pack of empties) stands(pack);
  }
  const plugged = packs.filter(({ host }) => host.value === 'charging' || host.value === 'suspended');
  for (const pack of plugged) stands(pack);
  assert(
    packs.every((pack) => places.get(pack) === 1),
    'a pack is nowhere or in two places',
  );
  assert(plugged.length === yards.reduce((sum, { charging }) => sum + charging.length, 0), 'chargers and packs do not agree');

  const waiting = trucks.filter(({ host }) => host.value === 'queueing').length;
  const queued = yards.reduce((sum, { queue }) => sum + queue.length, 0);
  assert(waiting === queued, `${waiting} trucks wait, and ${queued} stand in queues`);
  assert(
    trucks.every(({ host }) => host.value !== 'ready'),
    'a truck was told nothing after its swap',
  );

  for (const { contentWh, capacityWh } of packs)
    assert(contentWh <= capacityWh * (1 + ENERGY_TOLERANCE_RATIO), `a pack holds ${contentWh} Wh, and can hold ${capacityWh}`);

  const heldWh = packs.reduce((sum, { contentWh }) => sum + contentWh, 0);
  const missingWh = sums.broughtWh + sums.chargedWh - sums.consumedWh - heldWh;
  const passedWh = sums.broughtWh + sums.chargedWh + Math.abs(sums.consumedWh);
  assert(Math.abs(missingWh) <= ENERGY_TOLERANCE_RATIO * passedWh, `${missingWh} Wh are missing`);
}
