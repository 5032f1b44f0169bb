import { assert, violated } from '@corridor/protocols/assert';
import { bayIdOf } from '@corridor/protocols/ids';
import { packFlows } from '../recording/pack-flows.ts';
import { truckIdOf } from '../recording/truck-id.ts';
import type { RackLook, StationLook, WatchedWorld, WorldLook } from '../recording/watched-world.ts';
import { slotsOf } from '../scenario/corridor-file.ts';
import type { CoarseWorld } from './coarse-world.ts';
import type { PackUnit, StationYard, TruckUnit } from './units.ts';

const idOf = ({ host: { ref } }: PackUnit): string => ref.slice(ref.indexOf(':') + 1);

/** Numbers that are given to whoever comes, the lowest free one first, and are free again when it has gone. */
class Places<Holder> {
  readonly #holders: (Holder | null)[];

  constructor(count: number) {
    this.#holders = Array.from({ length: count }, () => null);
  }

  get holders(): readonly (Holder | null)[] {
    return this.#holders;
  }

  keep(present: ReadonlySet<Holder>): void {
    for (const [place, holder] of this.#holders.entries()) if (holder !== null && !present.has(holder)) this.#holders[place] = null;
    const known = new Set(this.#holders);
    for (const holder of present) {
      if (known.has(holder)) continue;
      const free = this.#holders.indexOf(null);
      assert(free >= 0, 'more came than there are places');
      this.#holders[free] = holder;
    }
  }
}

interface WatchedYard {
  yard: StationYard;
  slots: Places<PackUnit>;
}

/** The coarse model knows how many packs a station has, and not in which slots: those are numbered here, in the order in which packs come. */
export class WatchedCoarse implements WatchedWorld {
  readonly #world: CoarseWorld;
  readonly #yards: readonly WatchedYard[];

  constructor(world: CoarseWorld) {
    this.#world = world;
    this.#yards = world.yards.map((yard) => ({ yard, slots: new Places(slotsOf(yard.plan)) }));
  }

  get nextDueMs(): number | null {
    return this.#world.stage.clock.nextDueMs;
  }

  get trucks(): readonly TruckUnit[] {
    return this.#world.trucks;
  }

  runUntil(untilMs: number): void {
    this.#world.stage.runUntil(untilMs);
  }

  look(): WorldLook {
    const inRacks = this.#yards.map(() => new Set<PackUnit>());
    for (const pack of this.#world.packs)
      if (pack.yard !== null) (inRacks[pack.yard.index] ?? violated(`no rack ${pack.yard.index}`)).add(pack);
    return {
      stations: this.#yards.map((watched, index) => {
        watched.slots.keep(inRacks[index] ?? violated(`no rack ${index}`));
        return stationLook(watched);
      }),
      packIds: this.trucks.map(({ pack }) => idOf(pack)),
    };
  }

  watchBooks(): null {
    return null;
  }
}

function stationLook({ yard, slots }: WatchedYard): StationLook {
  const { plan, bays } = yard;
  const flows = packFlows(yard.charging);
  return {
    id: plan.id,
    queue: [...yard.queue].map(truckIdOf),
    readyPacks: yard.ready.length,
    isDark: yard.isDark,
    bays: bays.map(({ truck, isDown }) => ({ truckId: truck === null ? null : truckIdOf(truck), isDown, step: null, evseId: null })),
    inTransfer: bays.flatMap(({ truck }, bay) => {
      const incoming = truck?.incoming ?? null;
      return incoming === null ? [] : [{ packId: idOf(incoming), bayId: bayIdOf(plan.id, bay + 1), pack: incoming }];
    }),
    rack: slots.holders.flatMap((pack, slot): RackLook[] =>
      pack === null ? [] : [{ evseId: slot + 1, packId: idOf(pack), pack, flow: flows.get(pack) ?? null }],
    ),
  };
}
