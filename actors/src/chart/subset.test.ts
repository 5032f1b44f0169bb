import { describe, expect, it } from 'vitest';
import { and, assign, createMachine, emit, fromPromise, not, setup } from 'xstate';
import { outsideSubset } from './subset.ts';

const fine = setup({
  types: {
    context: {} as { count: number },
    events: {} as { type: 'door.opened' } | { type: 'door.closed' },
    emitted: {} as { type: 'said' },
  },
  guards: { hasPower: () => true, isLocked: () => false },
  actions: { count: assign({ count: ({ context }) => context.count + 1 }), say: emit({ type: 'said' }) },
  delays: { stuck: 5_000, slow: ({ context }) => context.count },
}).createMachine({
  id: 'fine',
  context: { count: 0 },
  initial: 'closed',
  states: {
    closed: {
      entry: 'say',
      on: { 'door.opened': { guard: and(['hasPower', not('isLocked')]), target: 'open', actions: 'count' } },
      after: { stuck: 'end', slow: { actions: 'say' } },
    },
    open: {
      type: 'parallel',
      states: { a: {}, b: { initial: 'x', states: { x: { always: { guard: 'hasPower', target: 'y' } }, y: {} } } },
    },
    end: { type: 'final' },
  },
});

describe('the subset of charts that can be compiled', () => {
  it('holds what product machines use', () => {
    expect(outsideSubset(fine)).toEqual([]);
  });

  it.each([
    ['invoke', createMachine({ invoke: { src: fromPromise(async () => 1) } }), 'invoke'],
    ['history', createMachine({ initial: 'a', states: { a: {}, back: { type: 'history' } } }), 'history'],
    ['an action with an effect of its own', setup({ actions: { shout: () => undefined } }).createMachine({ entry: 'shout' }), 'shout'],
    ['an inline action', createMachine({ entry: () => undefined }), 'without a name'],
    ['an inline assign', createMachine({ context: { a: 1 }, entry: assign({ a: 2 }) }), 'without a name'],
    ['an inline guard', createMachine({ on: { go: { guard: () => true, actions: [] } } }), 'guard without a name'],
    ['a wildcard', createMachine({ on: { '*': { actions: [] } } }), 'name the events'],
    ['a child actor', setup({ actors: { child: fromPromise(async () => 1) } }).createMachine({}), 'root actor'],
    ['an action nobody wrote', createMachine({ entry: 'missing' }), 'not implemented'],
    ['a guard nobody wrote', createMachine({ on: { go: { guard: 'missing', actions: [] } } }), 'not implemented'],
  ])('does not hold %s', (_what, machine, says) => {
    expect(outsideSubset(machine).join('\n')).toContain(says);
  });
});
