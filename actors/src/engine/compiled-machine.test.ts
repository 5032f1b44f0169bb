import { describe, expect, it } from 'vitest';
import {
  type AnyStateMachine,
  and,
  assign,
  createMachine,
  emit,
  enqueueActions,
  fromPromise,
  log,
  raise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stateIn,
  stopChild,
} from 'xstate';
import { linesOf, textOf } from '../network/engine-run.fixture.ts';
import { CompiledMachine } from './compiled-machine.ts';
import { assertPinnedXState } from './pinned-xstate.ts';

const inParallel = { type: 'parallel', states: { a: { initial: 'x', states: { x: {}, y: {} } }, b: {} } } as const;

describe('a machine that cannot be compiled', () => {
  it.each<[string, AnyStateMachine, string]>([
    ['an invoked actor', createMachine({ invoke: { src: fromPromise(async () => 1) } }), '"invoke" at (machine)'],
    ['history', createMachine({ initial: 'a', states: { a: {}, back: { type: 'history' } } }), 'history'],
    [
      'an effect of its own',
      setup({ actions: { shout: () => undefined } }).createMachine({ entry: 'shout' }),
      'an effect of its own at (machine), entry',
    ],
    ['a spawned child', createMachine({ entry: spawnChild(fromPromise(async () => 1)) }), 'xstate.spawnChild'],
    ['a stopped child', createMachine({ exit: stopChild('child') }), 'xstate.stopChild'],
    ['an event to its parent', createMachine({ entry: sendParent({ type: 'up' }) }), 'sendTo by the name "#_parent"'],
    ['a log', createMachine({ on: { go: { actions: log('gone') } } }), 'xstate.log" at (machine), go'],
    ['a guard nobody wrote', createMachine({ on: { go: { guard: 'missing', actions: [] } } }), 'guard "missing"'],
    ['an action nobody wrote', createMachine({ on: { go: { actions: 'missing' } } }), 'action "missing"'],
    ['a delay nobody wrote', createMachine({ initial: 'a', states: { a: { after: { missing: 'b' } }, b: {} } }), 'delay "missing"'],
    ['an id given twice', createMachine({ initial: 'a', states: { a: { id: 'same' }, b: { id: 'same' } } }), 'an id that is given twice'],
    ['a timer without a name', createMachine({ entry: raise({ type: 'tick' }, { delay: 5 }) }), 'a delayed "xstate.raise" without an id'],
    ['targets never active together', createMachine({ ...inParallel, on: { go: { target: ['.a.x', '.a.y'] } } }), 'never active together'],
    ['a route', createMachine({ initial: 'a', states: { a: { id: 'a', route: {} } } } as never), '"route"'],
    [
      'a guard of an unknown kind',
      createMachine({ on: { go: { guard: Object.assign(() => true, { check: () => true }), actions: [] } } }),
      'an unknown kind',
    ],
  ])('%s is refused by name', (_, machine, says) => {
    expect(() => new CompiledMachine(machine)).toThrow(says);
    expect(() => new CompiledMachine(machine)).toThrow(expect.objectContaining({ code: 'OUTSIDE_SUBSET' }));
  });

  it.each<[string, AnyStateMachine]>([
    ['"self" in an action', createMachine({ on: { A: { actions: emit(({ self }: { self: { id: string } }) => ({ type: self.id })) } } })],
    [
      '"spawn" in an assign',
      createMachine({ on: { A: { actions: assign(({ spawn }: { spawn: (what: string) => void }) => spawn('x')) } } }),
    ],
    [
      'spawnChild in enqueueActions',
      createMachine({ on: { A: { actions: enqueueActions(({ enqueue }) => enqueue.spawnChild('x' as never)) } } }),
    ],
    [
      'a delayed event to another',
      createMachine({
        on: { A: { actions: sendTo((() => ({ send: () => undefined })) as never, { type: 'B' } as never, { id: 'i', delay: 1 }) } },
      }),
    ],
    ['a delayed event with data', createMachine({ on: { A: { actions: raise({ type: 'B', n: 1 } as never, { id: 'i', delay: 1 }) } } })],
  ])('%s fails when it runs, because only then it shows', (_, machine) => {
    const lines = linesOf({ engine: 'compiled', mayChange: false, machineOf: () => machine, from: { input: {} } }, [
      { kind: 'send', event: { type: 'A' } as never },
    ]);
    expect(textOf(lines).at(-1)).toContain('truck:T1 failed on A');
  });

  it('is not compiled at all against another XState than it was proved against', () => {
    expect(() => assertPinnedXState('5.34.0')).toThrow('5.34.0');
    expect(() => assertPinnedXState()).not.toThrow();
  });
});

it('takes what is in the subset: one object a configuration, asked for once', () => {
  const machine = new CompiledMachine(
    createMachine({ initial: 'a', states: { a: { on: { go: { guard: and([stateIn('a')]), target: 'b' } } }, b: { on: { go: 'a' } } } }),
  );
  const { next: a } = machine.birth;
  const seen = { context: {}, event: { type: 'go' } };
  const plan = a.planFor(seen, 'go');
  expect(plan?.next.value).toBe('b');
  expect(plan?.next.planFor(seen, 'go')?.next).toBe(a);
  expect(a.planFor(seen, 'go')).toBe(plan);
});

it('hears nothing any more once it has ended, not even itself', () => {
  const machine = createMachine({
    initial: 'a',
    states: {
      a: { on: { A: { target: 'b', actions: sendTo((() => undefined) as never, { type: 'B' } as never) } } },
      b: { type: 'final' },
    },
    on: { B: { actions: emit({ type: 'heard' }) } },
  });
  const under = (engine: 'xstate' | 'compiled') =>
    textOf(
      linesOf({ engine, mayChange: false, machineOf: () => machine, from: { input: {} } }, [
        { kind: 'send', event: { type: 'A' } as never },
      ]),
    );
  expect(under('compiled')).toEqual(under('xstate'));
  expect(under('compiled').join()).not.toContain('heard');
});
