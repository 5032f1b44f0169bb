import type { AccountContext } from '@corridor/actors/account/account.rules';
import { accountOf } from '@corridor/actors/ledger/transfer';
import { refOf } from '@corridor/actors/network/entity-ref';
import { violated } from '@corridor/protocols/assert';
import { expect, it } from 'vitest';
import { energyBalanceOf } from '../run/energy-balance.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { checkFullConservation } from './full-conservation.ts';
import { beginFull, endFull } from './full-run.ts';
import type { FullPack } from './full-units.ts';
import type { FullWorld } from './full-world.ts';
import { moneyBalanceOf } from './money-balance.ts';
import { smallCorridor } from './small-corridor.fixture.ts';

const SEED = 4;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const END_MS = 12 * HOUR_MS;

/** Half a day of 24 trucks with few packs: some wait all the time. */
function crowded(changes: Partial<Scenario> = {}): Scenario {
  const small = smallCorridor({ days: 0.5, ...changes }, { bays: 2, packs: 6, chargers: 4 });
  return { ...small, fleets: small.fleets.map((fleet) => ({ ...fleet, trucks: 24, legVariationRatio: 0.2 })) };
}

function worldAt(atMs: number, scenario = crowded()): FullWorld {
  const world = beginFull({ scenario, seed: SEED, engine: 'compiled' });
  world.runUntil(atMs);
  return world;
}

function first<T>(things: Iterable<T>): T {
  for (const thing of things) return thing;
  return violated(`SEED=${SEED}: there is none`);
}
const yardOf = ({ yards }: FullWorld) => first(yards);
/** A truck that reaches the station or turns later than the run ends. */
const driving = ({ trucks, nowMs }: FullWorld) =>
  first(trucks.filter(({ sent, sentAtMs }) => sent !== null && nowMs < sentAtMs + sent.legMs));
const rackOf = (world: FullWorld) => yardOf(world).stock.packs as (FullPack | null)[];

it('finds every truck, pack, Wh and fen in one place at any instant, also of trucks that are refused', () => {
  const { business } = smallCorridor();
  const poor = business && { ...business, topUp: { belowFen: '1', amountFen: '50000' } };
  const refusals = worldAt(0, crowded(poor ? { business: poor } : {}));
  let refused = 0;
  for (const world of [worldAt(0), refusals]) {
    for (let atMs = 7 * MINUTE_MS; atMs <= END_MS; atMs += 3 * MINUTE_MS) {
      world.runUntil(atMs);
      for (const yard of world.yards) yard.pass();
      checkFullConservation(world);
      refused += world.refused.length;
    }
  }
  expect(refused).toBeGreaterThan(0);
});

/** Something is lost or doubled at this instant, with all counts put right; the run goes on to its end. */
interface Mutation {
  atMs: number;
  mutate: (world: FullWorld) => void;
  words: RegExp;
}

function mutated({ atMs, mutate }: Pick<Mutation, 'atMs' | 'mutate'>): FullWorld {
  const world = worldAt(atMs);
  mutate(world);
  world.runUntil(END_MS);
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
        world.runUntil(arrivesAtMs - 0.001);
        const { next } = world.stage.clock;
        expect(next?.dueAtMs).toBe(arrivesAtMs);
        world.stage.clock.clearTimeout(next ?? undefined);
      },
      words: /truck:haul-\d+ is nowhere/,
    },
  ],
  [
    'truck that falls out of the queue',
    {
      atMs: END_MS / 2,
      mutate: (world) => {
        const { queue, measures } = yardOf(world);
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
        const { queue, measures } = yardOf(world);
        queue.push(driving(world));
        measures.levels.waitingTrucks += 1;
      },
      words: /truck:haul-\d+ is in more than one place: WAY:the road, QUEUE:M1/,
    },
  ],
  [
    'truck that drives without a pack',
    {
      atMs: LAST_MS,
      mutate: (world) => {
        driving(world).isBare = true;
      },
      words: /truck:haul-\d+ is at WAY:the road without a pack/,
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
    'pack that falls out of the rack',
    {
      atMs: LAST_MS,
      mutate: (world) => {
        const rack = rackOf(world);
        rack[rack.findIndex((pack) => pack !== null)] = null;
      },
      words: /P-(M1|haul)-\d+ is nowhere/,
    },
  ],
  [
    'pack in two slots',
    {
      atMs: LAST_MS,
      mutate: (world) => {
        const rack = rackOf(world);
        rack[rack.indexOf(null)] = first(rack.filter((pack) => pack !== null));
      },
      words: /P-[\w-]+ is in more than one place: SLOT:M1-\d, SLOT:M1-\d/,
    },
  ],
  [
    'pack on board of two trucks',
    {
      atMs: LAST_MS,
      mutate: (world) => {
        const [one, other] = world.trucks.filter(({ isBare }) => !isBare);
        if (one && other) one.pack = other.pack;
      },
      words: /P-[\w-]+ is (nowhere|in more than one place: TRUCK:haul-\d+, TRUCK:haul-\d+)/,
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
  [
    'fen that nobody paid in',
    {
      atMs: END_MS / 2,
      mutate: ({ twin, scenario }) => {
        const carrier = scenario.business.principals.find(({ kind }) => kind === 'CARRIER') ?? violated('no carrier');
        const account = twin.network.view(refOf('account', carrier.id)) ?? violated('no account');
        const { books } = account.context as AccountContext;
        Object.assign(books, { prepaidFen: books.prepaidFen + 1n });
      },
      words: /1 fen too many: \d+ were paid in, 0 out, and accounts have \d+/,
    },
  ],
  [
    'fen that was paid in and reached no account',
    {
      atMs: END_MS / 2,
      mutate: (world) => {
        world.topUps.paidInFen += 7n;
      },
      words: /-7 fen too many/,
    },
  ],
  [
    'posting that no account has made',
    {
      atMs: END_MS / 2,
      mutate: ({ books, scenario }) => {
        const [one, other] = scenario.business.principals.filter(({ kind }) => kind !== 'CARRIER').map(({ id }) => accountOf.income(id));
        const transfer = {
          key: 'a slip',
          kind: 'CORRECTION' as const,
          debitAccountId: one ?? '',
          creditAccountId: other ?? '',
          orderId: null,
        };
        books.take({ type: 'ledger.posted', atMs: 0, transfers: [{ ...transfer, amountFen: 5n as never }] });
      },
      words: /: the ledger has [\d,-]+, its account does not/,
    },
  ],
])('tells a %s, with the seed', (_, mutation) => {
  const world = mutated(mutation);
  expect(() => endFull(world)).toThrow(new RegExp(`^SEED=${SEED}: .*${mutation.words.source}`));
});

it('measures what is missing, of energy and of money', () => {
  const world = mutated({
    atMs: END_MS / 2,
    mutate: (half) => {
      driving(half).pack.contentWh -= 1_000;
      half.topUps.paidInFen += 7n;
    },
  });
  expect(() => endFull(world)).toThrow(/^SEED=4: 1000\.000 Wh are missing: broughtWh/);
  expect(energyBalanceOf(world).missingWh).toBeCloseTo(1_000, 3);
  expect(moneyBalanceOf(world).leftOverFen).toBe(-7n);
  const { quartersWh } = yardOf(world).charging.meter;
  quartersWh[0] = (quartersWh[0] ?? Number.NaN) + 2_000;
  expect(energyBalanceOf(world).missingWh).toBeCloseTo(3_000, 3);
});
