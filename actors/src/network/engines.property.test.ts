import { assert } from '@corridor/protocols/assert';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountEvents } from '../account/account-run.fixture.ts';
import { anOrderInput, orderEvents, someSurroundings } from '../order/order.fixture.ts';
import type { AnyActorEvent } from './actor-event.ts';
import { NOON_MS, restartable, startCorridor, type TestCorridor } from './corridor.fixture.ts';
import type { Transition } from './effect.ts';
import { type Act, type EngineRun, linesOf, textOf } from './engine-run.fixture.ts';
import type { EngineName } from './engines.ts';
import type { EntityKind } from './entity-ref.ts';
import { atMs, surroundings } from './example-surroundings.fixture.ts';
import { machinesOf } from './machine-catalogue.ts';
import { examples } from './machine-examples.fixture.ts';
import { fault } from './place-examples.fixture.ts';
import { type Deed, deedArbitrary, RandomTraffic } from './random-traffic.fixture.ts';

/** One machine, what it may begin from, and what may be sent to it. */
interface Case {
  run: Omit<EngineRun, 'engine' | 'mayChange' | 'from'>;
  froms: readonly EngineRun['from'][];
  events: readonly AnyActorEvent[];
}

const assetCase = (kind: keyof typeof examples): Case => {
  const { contexts, events } = examples[kind];
  return {
    run: { atMs, machineOf: (_, clock) => machinesOf({ ...surroundings, nowMs: () => clock.nowMs })[kind] },
    froms: Object.entries(contexts).map(([value, context]) => ({ value, context })),
    events: Object.values(events),
  };
};
const station = assetCase('station');
const cases: Readonly<Record<EntityKind, Case>> = {
  gateway: assetCase('gateway'),
  station: { ...station, events: [...station.events, { type: 'station.faultRaised', atMs: atMs + 60_000, fault: { ...fault, level: 3 } }] },
  bay: assetCase('bay'),
  slot: assetCase('slot'),
  pack: assetCase('pack'),
  truck: assetCase('truck'),
  swap: assetCase('swap'),
  order: {
    run: { atMs: NOON_MS, machineOf: (_, clock) => machinesOf(someSurroundings(() => clock.nowMs)).order },
    froms: [
      { input: anOrderInput({}) },
      { input: anOrderInput({ initiation: 'REMOTE' }) },
      { input: anOrderInput({ begin: 'UNAUTHORISED' }) },
    ],
    events: Object.values(orderEvents),
  },
  account: {
    run: { atMs, machineOf: (_, clock) => machinesOf({ ...surroundings, nowMs: () => clock.nowMs }).account },
    froms: [{ input: { id: 'C1' } }],
    events: Object.values(accountEvents),
  },
};

const actsOf = (events: readonly AnyActorEvent[]): fc.Arbitrary<Act[]> =>
  fc.array(
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...events).map((event) => ({ kind: 'send' as const, event })) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 240 }).map((minutes) => ({ kind: 'wait' as const, ms: minutes * 60_000 })) },
      { weight: 1, arbitrary: fc.boolean().map((changesEngine) => ({ kind: 'restore' as const, changesEngine })) },
      { weight: 1, arbitrary: fc.constant({ kind: 'drop' as const }) },
    ),
    { maxLength: 40, size: 'max' },
  );

describe.each(Object.entries(cases))('the machine of a %s', (_, { run, froms, events }) => {
  it('does the same under both engines, whatever it is told', () => {
    fc.assert(
      fc.property(fc.constantFrom(...froms), actsOf(events), (from, acts) => {
        const under = (engine: EngineName, mayChange: boolean) => textOf(linesOf({ ...run, from, engine, mayChange }, acts));
        const oracle = under('xstate', false);
        expect(under('compiled', false)).toEqual(oracle);
        if (acts.some(({ kind }) => kind === 'restore')) expect(under('compiled', true)).toEqual(oracle);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 60) },
    );
  });
});

/** Everything that a host of the network would see of it. */
interface Seen {
  corridor: TestCorridor;
  transitions: Transition[];
}

function seenOf<C extends TestCorridor>(corridor: C): Seen & { corridor: C } {
  const transitions: Transition[] = [];
  const drain = corridor.drain.bind(corridor);
  corridor.drain = () => {
    const batch = drain();
    transitions.push(...batch.transitions);
    return batch;
  };
  return { corridor, transitions };
}

function play({ corridor }: Seen, deeds: readonly Deed[], between?: () => void): void {
  const traffic = new RandomTraffic(corridor, NOON_MS, between);
  for (const deed of deeds) traffic.play(deed);
  traffic.end();
}

const textOfSeen = ({ corridor, transitions }: Seen) => ({
  transitions: textOf(transitions),
  effects: textOf(corridor.effects),
  stored: textOf([...corridor.stored]),
  standing: textOf([...corridor.network.snapshots()]),
});

const traffic = fc.array(deedArbitrary, { maxLength: 12 });

describe('a network', () => {
  it('has the same effects, transitions, timers and snapshots under both engines', () => {
    fc.assert(
      fc.property(traffic, fc.boolean(), (deeds, isPoor) => {
        const [xstate, compiled] = (['xstate', 'compiled'] as const).map((engine) => {
          const seen = seenOf(startCorridor({ engine, topUpFen: isPoor ? 60_000n : 20_000_000n }));
          play(seen, deeds);
          return textOfSeen(seen);
        });
        expect(compiled).toEqual(xstate);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 10) },
    );
  });

  it('goes on alike when it is restored under the other engine, again and again', () => {
    fc.assert(
      fc.property(traffic, fc.integer({ min: 1, max: 9 }), (deeds, every) => {
        const oracle = seenOf(startCorridor());
        play(oracle, deeds);
        const changing = restartable(startCorridor({ engine: 'compiled' }));
        const { transitions } = seenOf(changing);
        let inputs = 0;
        play({ corridor: changing, transitions }, deeds, () => {
          inputs += 1;
          if (inputs % every === 0) changing.restart(inputs % 2 === 0 ? 'xstate' : 'compiled');
        });
        assert(inputs > 0, 'nothing was played');
        expect(textOf(changing.effects)).toEqual(textOf(oracle.corridor.effects));
        expect(textOf(withoutSeq(changing))).toEqual(textOf(withoutSeq(oracle.corridor)));
      }),
      { numRuns: Number(process.env['RUNS'] ?? 6) },
    );
  });
});

/** The order of timers of one instant counts, their numbers do not: a restart begins them anew. */
const withoutSeq = ({ network }: TestCorridor) =>
  [...network.snapshots()]
    .map((stored) => ({ ...stored, due: stored.due.map(({ timer, event, dueAtMs }) => ({ timer, event, dueAtMs })) }))
    .sort((one, other) => (`${one.machine}:${one.id}` < `${other.machine}:${other.id}` ? -1 : 1));
