import { violated } from '@corridor/protocols/assert';
import { expect, it } from 'vitest';
import { energyBalanceOf } from '../run/energy-balance.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { beginCoarse, endCoarse } from './coarse-run.ts';
import type { CoarseWorld } from './coarse-world.ts';
import { checkConservation } from './conservation.ts';

const SEED = 6;
const MINUTE_MS = 60_000;
const END_MS = 24 * 60 * MINUTE_MS;
const BASE = shippedScenario('corridor-base.json');

/** A day of the base corridor with few packs and chargers: trucks wait for packs, packs for chargers. */
const CORRIDOR: Scenario = {
  ...BASE,
  days: 1,
  warmUpDays: 0,
  stations: BASE.stations.map((station) => ({ ...station, packs: 3, chargers: 2 })),
};

function worldAt(atMs: number, scenario = CORRIDOR): CoarseWorld {
  const world = beginCoarse({ scenario, seed: SEED, engine: 'compiled' });
  world.stage.runUntil(atMs);
  return world;
}

function first<T>(things: Iterable<T>): T {
  for (const thing of things) return thing;
  return violated(`SEED=${SEED}: there is none`);
}
const driving = ({ trucks }: CoarseWorld) => first(trucks.filter(({ host }) => host.value === 'driving'));
const yardWith = ({ yards }: CoarseWorld, of: 'queue' | 'ready' | 'empties' | 'charging') =>
  first(yards.filter((yard) => yard[of].length > 0));
const inBay = ({ trucks }: CoarseWorld) => first(trucks.filter(({ bay }) => bay !== null));

it.each<[string, Scenario]>([
  ['round trips', CORRIDOR],
  ['visits', { ...shippedScenario('queue-bay-and-packs.json'), days: 1, warmUpDays: 0 }],
  ['a closed fleet', { ...shippedScenario('queue-repairman.json'), days: 1, warmUpDays: 0 }],
])('finds every truck and pack in one place at any instant: %s', (_, scenario) => {
  const world = worldAt(0, scenario);
  for (let atMs = 7 * MINUTE_MS; atMs <= END_MS; atMs += 13 * MINUTE_MS) {
    world.stage.runUntil(atMs);
    world.pass();
    checkConservation(world);
  }
});

/** Something is lost or doubled at this instant, with all counts put right; the run goes on to its end. */
interface Mutation {
  atMs: number;
  mutate: (world: CoarseWorld) => void;
  words: RegExp;
}

function mutated({ atMs, mutate }: Pick<Mutation, 'atMs' | 'mutate'>): CoarseWorld {
  const world = worldAt(atMs);
  mutate(world);
  world.stage.runUntil(END_MS);
  return world;
}

const LAST_MS = END_MS - 1;

it.each<[string, Mutation]>([
  [
    'truck whose arrival is forgotten',
    {
      atMs: END_MS / 2,
      mutate: (world) => {
        const { sent, sentAtMs } = driving(world);
        const arrivesAtMs = sentAtMs + (sent?.legMs ?? Number.NaN);
        world.stage.runUntil(arrivesAtMs - 0.001);
        const { next } = world.stage.clock;
        expect(next?.dueAtMs).toBe(arrivesAtMs);
        world.stage.clock.clearTimeout(next ?? undefined);
      },
      words: /truck:haul-\d+ is nowhere/,
    },
  ],
  [
    'truck that falls out of a queue',
    {
      atMs: LAST_MS,
      mutate: (world) => {
        const { queue, measures } = yardWith(world, 'queue');
        queue.shift();
        measures.levels.waitingTrucks -= 1;
      },
      words: /truck:haul-\d+ is nowhere/,
    },
  ],
  [
    'truck in a queue that drives',
    {
      atMs: LAST_MS,
      mutate: (world) => {
        const { queue, measures } = yardWith(world, 'queue');
        queue.push(driving(world));
        measures.levels.waitingTrucks += 1;
      },
      words: /truck:haul-\d+ is in more than one place: WAY:the road, QUEUE:\w+/,
    },
  ],
  [
    'truck in a bay that is not there',
    {
      atMs: LAST_MS,
      mutate: (world) => {
        const truck = inBay(world);
        if (truck.bay) truck.bay.truck = null;
        if (truck.yard) truck.yard.measures.levels.busyBays -= 1;
      },
      words: /truck:haul-\d+ is nowhere/,
    },
  ],
  [
    'truck that is struck off the list',
    {
      atMs: LAST_MS,
      mutate: (world) => {
        const { trucks, packs } = world;
        const [truck] = trucks.splice(trucks.indexOf(driving(world)), 1);
        if (truck) packs.splice(packs.indexOf(truck.pack), 1);
      },
      words: /truck:haul-\d+ is nowhere/,
    },
  ],
  [
    'pack that falls out of a rack',
    {
      atMs: LAST_MS,
      mutate: (world) => {
        const { ready, measures } = yardWith(world, 'ready');
        ready.shift();
        measures.levels.readyPacks -= 1;
      },
      words: /pack:[\w-]+ is nowhere/,
    },
  ],
  [
    'pack that waits for a charger and hangs on one',
    {
      atMs: LAST_MS,
      mutate: (world) => {
        const { empties, charging } = yardWith(world, 'charging');
        empties.push(first(charging.charges).pack);
      },
      words: /pack:[\w-]+ is in more than one place: EMPTY:\w+, CHARGER:\w+/,
    },
  ],
  [
    'pack on board of two trucks',
    {
      atMs: LAST_MS,
      mutate: (world) => {
        const [one, other] = world.trucks.filter(({ host }) => host.value === 'driving');
        if (one && other) one.pack = other.pack;
      },
      words: /pack:[\w-]+ is (nowhere|in more than one place: TRUCK:truck:haul-\d+, TRUCK:truck:haul-\d+)/,
    },
  ],
  [
    'pack that a truck in a bay never gets',
    {
      atMs: LAST_MS,
      mutate: (world) => {
        inBay(world).incoming = null;
      },
      words: /truck:haul-\d+ is at BAY:\w+, and no pack waits for it/,
    },
  ],
  [
    'pack that is struck off the list',
    {
      atMs: LAST_MS,
      mutate: ({ packs }) => {
        packs.pop();
      },
      words: /there are \d+ packs, and there were \d+/,
    },
  ],
])('tells a %s, with the seed', (_, mutation) => {
  const world = mutated(mutation);
  expect(() => endCoarse(world)).toThrow(new RegExp(`^SEED=${SEED}: .*${mutation.words.source}`));
});

it.each<[string, Mutation & { missingWh: number }]>([
  [
    'that a pack loses',
    {
      atMs: END_MS / 2,
      mutate: (world) => {
        driving(world).pack.contentWh -= 1_000;
      },
      missingWh: 1_000,
      words: /^SEED=6: 1000\.000 Wh are missing: broughtWh/,
    },
  ],
  [
    'that no meter has seen',
    {
      atMs: END_MS / 2,
      mutate: (world) => {
        const { quartersWh } = yardWith(world, 'charging').charging.meter;
        quartersWh[0] = (quartersWh[0] ?? Number.NaN) - 2_000;
      },
      missingWh: -2_000,
      words: /^SEED=6: -2000\.000 Wh are missing: broughtWh/,
    },
  ],
  [
    'that a truck counts twice',
    {
      atMs: END_MS / 2,
      mutate: (world) => {
        driving(world).usedWh += 3_000;
      },
      missingWh: -3_000,
      words: /^SEED=6: -3000\.000 Wh are missing: broughtWh/,
    },
  ],
])('tells energy %s', (_, { missingWh, words, ...mutation }) => {
  const world = mutated(mutation);
  expect(() => endCoarse(world)).toThrow(words);
  expect(energyBalanceOf(world).missingWh).toBeCloseTo(missingWh, 3);
});
