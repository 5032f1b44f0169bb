import { describe, expect, it } from 'vitest';
import { and, assign, not, setup } from 'xstate';
import { mermaidOf } from './mermaid.ts';

const door = setup({
  types: { context: {} as { count: number }, events: {} as { type: 'door.opened' } | { type: 'door.closed' } | { type: 'robot.faulted' } },
  guards: { hasPower: () => true, isLocked: () => false, isAt: (_, { floor }: { floor: string }) => floor !== '' },
  actions: { count: assign({ count: ({ context }) => context.count + 1 }), announce: () => {} },
  delays: { doorStuck: 5_000 },
}).createMachine({
  id: 'door',
  context: { count: 0 },
  initial: 'closed',
  on: { 'robot.faulted': { guard: { type: 'isAt', params: { floor: 'B1' } }, target: '.broken' }, 'door.closed': { actions: 'announce' } },
  states: {
    closed: {
      on: {
        'door.opened': [
          { guard: and(['hasPower', not('isLocked')]), target: 'open', actions: ['count', 'announce'] },
          { actions: 'announce' },
        ],
      },
    },
    open: {
      entry: 'announce',
      after: { doorStuck: 'broken', 1_000: { actions: 'announce' } },
      on: { 'door.closed': 'closed', 'robot.faulted': 'moving' },
    },
    moving: {
      type: 'parallel',
      onDone: 'broken',
      states: {
        crane: { initial: 'up', states: { up: { on: { 'door.closed': 'down' } }, down: { type: 'final' } } },
        light: { initial: 'up', states: { up: { always: { guard: 'hasPower', target: 'down' } }, down: { type: 'final' } } },
      },
    },
    broken: { type: 'final' },
  },
});

describe('a machine as a Mermaid chart', () => {
  const lines = mermaidOf(door).split('\n');
  const has = (line: string) => expect(lines.map((text) => text.trim())).toContain(line);

  it('draws start, transitions with guard and actions, and ends', () => {
    expect(lines[0]).toBe('stateDiagram-v2');
    has('[*] --> closed');
    has('closed --> open : door.opened [and(hasPower, not(isLocked))] / count, announce');
    has('open --> closed : door.closed');
    has('broken --> [*]');
  });

  it('writes what does not leave a state into the state', () => {
    has('closed : door.opened / announce');
    has('open : entry / announce');
  });

  it('draws what holds in every state from a box of its own, with constant params', () => {
    has('state "any state" as any_state__');
    has('any_state__ --> broken : robot.faulted [isAt(B1)]');
    has('any_state__ : door.closed / announce');
  });

  it('leaves out what XState adds to carry out delays', () => {
    expect(lines.filter((line) => /raise|cancel/.test(line))).toEqual([]);
  });

  it('names delays as the machine names them', () => {
    has('open --> broken : after doorStuck');
    has('open : after 1000 / announce');
  });

  it('nests regions, and tells equal names in two regions apart', () => {
    has('state "moving" as moving {');
    has('state "up" as moving__crane__up');
    has('moving__crane__up --> moving__crane__down : door.closed');
    has('moving__light__up --> moving__light__down : always [hasPower]');
    has('moving --> broken : done');
    has('--');
  });
});
