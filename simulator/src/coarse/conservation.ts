import { assert, violated } from '@corridor/protocols/assert';
import { checkEnergy, ENERGY_TOLERANCE_RATIO } from '../run/energy-balance.ts';
import { checkTruckPlaces, type TruckPlaceKind, truckPlaces } from '../run/truck-places.ts';
import { checkedWithSeed, Whereabouts } from '../run/whereabouts.ts';
import type { CoarseWorld } from './coarse-world.ts';
import type { PackUnit, StationYard } from './units.ts';

/** What the actor of a truck says of itself at such a place. */
const MODES_OF_TRUCK: Readonly<Record<TruckPlaceKind, readonly string[]>> = {
  REST: ['parked'],
  WAY: ['driving', 'loading', 'stranded'],
  QUEUE: ['queueing'],
  BAY: ['inBay', 'held'],
  REFUSED: [],
};

type PackPlaceKind = 'TRUCK' | 'BAY' | 'READY' | 'EMPTY' | 'CHARGER';

/** The same of packs: one that is in a bay was given out, and its truck does not have it yet. */
const MODES_OF_PACK: Readonly<Record<PackPlaceKind, readonly string[]>> = {
  TRUCK: ['onTruck'],
  BAY: ['onTruck'],
  READY: ['issuable'],
  EMPTY: ['idle'],
  CHARGER: ['charging', 'suspended'],
};

/**
 * What must hold in every run: each truck and each pack is in one place, where its actor has it too; energy that was brought and charged is used or still
 * there; no pack holds more than it can.
 * @throws InvariantError with the seed, naming what does not hold
 */
export function checkConservation(world: CoarseWorld): void {
  checkedWithSeed(world.seed, () => {
    checkTrucks(world);
    checkPacks(world);
    for (const yard of world.yards) checkCounts(yard);
    checkEnergy(world);
  });
}

function checkTrucks(world: CoarseWorld): void {
  const places = truckPlaces(world);
  checkTruckPlaces(world, places);
  for (const truck of world.trucks) {
    const { kind, id } = places.placeOf(truck);
    const { ref, host, bay, incoming } = truck;
    assert(MODES_OF_TRUCK[kind].includes(String(host.value)), `${ref} is at ${kind}:${id}, and its actor is ${String(host.value)}`);
    // In a bay it has the pack that it brought, and its new one hangs beside it.
    assert((kind === 'BAY') === (incoming !== null), `${ref} is at ${kind}:${id}, and ${incoming === null ? 'no' : 'a'} pack waits for it`);
    assert((kind === 'BAY') === (bay?.truck === truck), `${ref} is at ${kind}:${id}, and its bay knows otherwise`);
  }
}

function checkPacks(world: CoarseWorld): void {
  const { trucks, yards, packs, scenario } = world;
  const places = new Whereabouts<PackUnit, PackPlaceKind>(({ host }) => host.ref);
  for (const { ref: id, pack, incoming } of trucks) {
    places.stands(pack, { kind: 'TRUCK', id });
    if (incoming !== null) places.stands(incoming, { kind: 'BAY', id });
  }
  for (const { plan, ready, empties, charging } of yards) {
    for (const pack of ready) places.stands(pack, { kind: 'READY', id: plan.id });
    for (const pack of empties) places.stands(pack, { kind: 'EMPTY', id: plan.id });
    for (const { pack } of charging.charges) places.stands(pack, { kind: 'CHARGER', id: plan.id });
  }
  const begun = trucks.length + scenario.stations.reduce((sum, station) => sum + station.packs, 0);
  assert(packs.length === begun, `there are ${packs.length} packs, and there were ${begun}`);
  places.check(packs);
  for (const pack of packs) {
    const { host, yard, contentWh, capacityWh } = pack;
    const { kind, id } = places.placeOf(pack);
    assert(MODES_OF_PACK[kind].includes(String(host.value)), `${host.ref} is at ${kind}:${id}, and its actor is ${String(host.value)}`);
    const yardId = kind === 'TRUCK' || kind === 'BAY' ? null : id;
    assert((yard?.plan.id ?? null) === yardId, `${host.ref} is at ${kind}:${id}, and has ${yard?.plan.id ?? 'no station'} for its own`);
    if (!(contentWh <= capacityWh * (1 + ENERGY_TOLERANCE_RATIO)))
      violated(`${host.ref} holds ${contentWh} Wh, and can hold ${capacityWh}`);
  }
}

/** What a station counts is what stands there. */
function checkCounts({ plan, measures: { levels }, queue, bays, ready, charging }: StationYard): void {
  const found = {
    waitingTrucks: queue.length,
    busyBays: bays.filter(({ truck }) => truck !== null).length,
    readyPacks: ready.length,
    busyChargers: charging.length,
  };
  assert(
    Object.entries(found).every(([name, count]) => levels[name as keyof typeof found] === count),
    `${plan.id} counts ${JSON.stringify(levels)}, and there are ${JSON.stringify(found)}`,
  );
}
