import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AnyActorEvent } from '../network/actor-event.ts';
import { type Act, linesOf, textOf } from '../network/engine-run.fixture.ts';
import { eventTypes, randomMachine } from './random-machine.fixture.ts';

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .constantFrom(...eventTypes, 'unknown')
      .map((type) => ({ kind: 'send' as const, event: { type } as unknown as AnyActorEvent })),
  },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 40 }).map((ms) => ({ kind: 'wait' as const, ms })) },
  { weight: 1, arbitrary: fc.boolean().map((changesEngine) => ({ kind: 'restore' as const, changesEngine })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'drop' as const }) },
);
// As long as they may be: fast-check draws short lists unless it is told otherwise.
const tape = fc.array(fc.nat(5039), { minLength: 60, maxLength: 900, size: 'max' });

it('does the same as XState with any machine of the subset, event by event, also across restores and with the engines changed in between', () => {
  fc.assert(
    fc.property(tape, fc.nat(9), fc.array(act, { maxLength: 25, size: 'max' }), (numbers, n, acts) => {
      const run = (engine: 'xstate' | 'compiled', mayChange: boolean) =>
        textOf(
          linesOf(
            { engine, mayChange, from: { input: { n } }, machineOf: (lines) => randomMachine(numbers, (line) => lines.push(line)) },
            acts,
          ),
        );
      const oracle = run('xstate', false);
      expect(run('compiled', false)).toEqual(oracle);
      if (acts.some(({ kind }) => kind === 'restore')) expect(run('xstate', true)).toEqual(oracle);
    }),
    // Making one smaller takes minutes; the path that is printed finds it again.
    { numRuns: Number(process.env['RUNS'] ?? 300), endOnFailure: true },
  );
});
