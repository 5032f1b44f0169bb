import { type AnyStateMachine, and, assign, cancel, emit, enqueueActions, not, or, raise, sendTo, setup, stateIn } from 'xstate';

/** What the functions of a machine did, in order: guards that were asked, outputs that were computed, what a peer was sent. */
export type Trace = (line: unknown) => void;

type Seen = { context: { n: number } & Record<string, unknown>; event: { type: string } };
type Params = Record<string, unknown> | undefined;
type Part = unknown;

const EVENTS = ['A', 'B', 'C', 'x.y', 'x.y.z', 'D'] as const;
const DESCRIPTORS = ['A', 'B', 'C', 'x.y', '*', 'x.*', 'D', 'x.y.*', 'xstate.done.*'] as const;
export const eventTypes = EVENTS;

interface Shape {
  id: string;
  type: 'atomic' | 'compound' | 'parallel' | 'final';
  children: Shape[];
}

/** Reads a tape of small numbers; past its end stands 0, the plainest choice, so that a failing machine shrinks. */
class Tape {
  readonly #numbers: readonly number[];
  #at = 0;
  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }
  get at(): number {
    return this.#at;
  }
  below(count: number): number {
    const number = this.#numbers[this.#at] ?? 0;
    this.#at += 1;
    return number % count;
  }
  chance(one: number, of: number): boolean {
    return this.below(of) >= of - one;
  }
  oneOf<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }
}

/** A random machine over everything the compiled engine takes (docs/architecture/compiled-charts.md). */
export function randomMachine(numbers: readonly number[], trace: Trace): AnyStateMachine {
  const tape = new Tape(numbers);
  const root = randomShape(tape);
  const parts = new RandomParts(tape, root, trace);
  const config = {
    ...parts.node(root),
    context: tape.oneOf([
      { n: 0, fixed: true },
      ({ input }: { input: Params }) => ({ n: Number(input?.['n'] ?? 0), a: null }),
      ({ input }: { input: Params }) => ({ n: 0, last: '', put: '', a: null, b: 0, ...input }),
    ]),
    ...(tape.chance(1, 2) ? { output: parts.output('root') } : {}),
    options: { maxIterations: 25 },
  };
  type Setup = Parameters<typeof setup>[0];
  const machine: unknown = setup(implementations(trace) as Setup).createMachine(config as never);
  return machine as AnyStateMachine;
}

function implementations(trace: Trace) {
  return {
    guards: {
      even: ({ context }: Seen) => {
        trace(['even', context.n]);
        return context.n % 2 === 0;
      },
      below: ({ context }: Seen, params: { k: number }) => {
        trace(['below', context.n, params.k]);
        return context.n < params.k;
      },
      boom: () => {
        throw new Error('a guard broke');
      },
      composed: and([({ context }: Seen) => context.n < 9, not('even' as never)] as never),
      alias: 'even',
    },
    actions: {
      count: assign({ n: ({ context }: Seen) => context.n + 1 }),
      put: assign((_: Seen, params: Params) => ({ put: params?.['x'] })),
      nothing: assign(() => ({})),
      later: raise({ type: 'C' }, { id: 'k', delay: 'byParams' } as never),
      swap: assign({ n: ({ context }: Seen) => Number(context['b'] ?? 0), b: ({ context }: Seen) => context.n, a: 1 }),
      say: emit(({ context, event }: Seen, params: Params) => ({ type: `e${context.n % 2}`, n: context.n, by: event.type, ...params })),
      boom: assign(() => {
        throw new Error('an action broke');
      }),
      queued: enqueueActions((({ context, enqueue }: Seen & { enqueue: (action: Part) => void }) => {
        if (context.n < 20) enqueue('count');
        enqueue({ type: 'put', params: { x: 'q' } });
      }) as never),
    },
    delays: {
      dynamic: ({ context, event }: Seen) => context.n * 5 + event.type.length,
      byParams: (_: Seen, params: Params) => Number(params?.['ms'] ?? 3),
      fixed: 15,
      unset: () => undefined,
    },
  };
}

function randomShape(tape: Tape): Shape {
  const below = (id: string, depth: number, mayEnd: boolean): Shape => {
    const leaf = mayEnd ? 'final' : 'atomic';
    const type =
      depth >= 3
        ? tape.oneOf(['atomic', 'atomic', leaf] as const)
        : tape.oneOf(['atomic', 'compound', 'parallel', 'atomic', 'compound', leaf] as const);
    const count = type === 'compound' ? 1 + tape.below(3) : type === 'parallel' ? 1 + tape.below(3) : 0;
    return { id, type, children: tape.times(count, (index) => below(`${id}_${index}`, depth + 1, type === 'compound')) };
  };
  if (tape.chance(1, 20)) return { id: 'r', type: 'atomic', children: [] };
  const type = tape.chance(1, 4) ? 'parallel' : 'compound';
  return { id: 'r', type, children: tape.times(2 + tape.below(3), (index) => below(`r_${index}`, 1, type === 'compound')) };
}

const shapesOf = (shape: Shape): Shape[] => [shape, ...shape.children.flatMap(shapesOf)];

/** Draws the parts of a definition. */
class RandomParts {
  readonly #tape: Tape;
  readonly #trace: Trace;
  readonly #types: ReadonlyMap<string, Shape['type']>;
  readonly #targets: readonly string[];
  readonly #ids: readonly string[];

  constructor(tape: Tape, root: Shape, trace: Trace) {
    this.#tape = tape;
    this.#trace = trace;
    const shapes = shapesOf(root);
    this.#types = new Map(shapes.map(({ id, type }) => [id, type]));
    this.#ids = shapes.map(({ id }) => id);
    this.#targets = this.#ids.filter((id) => id !== root.id);
  }

  node(shape: Shape): Record<string, unknown> {
    const tape = this.#tape;
    const node: Record<string, unknown> = { id: shape.id, entry: this.#actions(2), exit: this.#actions(2) };
    if (shape.type === 'parallel' || shape.type === 'final') node['type'] = shape.type;
    if (shape.type === 'final') return tape.chance(1, 2) ? { ...node, output: tape.chance(1, 2) ? { o: 1 } : this.output(shape.id) } : node;
    node['on'] = Object.fromEntries(
      tape.times(tape.below(4), () => [tape.oneOf(DESCRIPTORS), this.#transitions(1 + tape.below(2), false)]),
    );
    if (tape.chance(1, 4)) node['always'] = this.#transitions(1 + tape.below(2), tape.chance(7, 8));
    if (tape.chance(1, 3))
      node['after'] = Object.fromEntries(
        tape.times(1 + tape.below(2), () => [
          tape.oneOf(['10', 'dynamic', '25', '0', 'fixed', 'unset']),
          this.#transitions(2, tape.chance(1, 2)),
        ]),
      );
    if (shape.children.length > 0) {
      node['states'] = Object.fromEntries(shape.children.map((child, index) => [`k${index}`, this.node(child)]));
      if (shape.type === 'compound') node['initial'] = this.#initial(shape);
      if (tape.chance(1, 2)) node['onDone'] = this.#transition(false);
    }
    return node;
  }

  output(id: string) {
    return ({ context, event }: Seen) => {
      this.#trace(['output', id, event]);
      return { n: context.n, by: event.type };
    };
  }

  #initial({ children }: Shape): unknown {
    const going = [...children.entries()].filter(([, { type }]) => type !== 'final');
    const [index] = this.#tape.oneOf(going.length > 0 ? going : [...children.entries()]);
    return this.#tape.chance(1, 3) ? { target: `k${index}`, actions: [this.#action()] } : `k${index}`;
  }

  #transitions(count: number, guarded: boolean): unknown[] {
    return this.#tape.times(count, () => this.#transition(guarded));
  }

  #transition(guarded: boolean): Record<string, unknown> {
    const tape = this.#tape;
    const transition: Record<string, unknown> = { actions: this.#actions(2) };
    const kind = this.#targets.length === 0 ? 0 : tape.below(6);
    if (kind === 1 || kind === 2 || kind === 4) transition['target'] = `#${tape.oneOf(this.#targets)}`;
    if (kind === 3) {
      const [one, other] = [tape.oneOf(this.#targets), tape.oneOf(this.#targets)];
      transition['target'] = this.#canBothBeActive(one, other) ? [`#${one}`, `#${other}`] : `#${one}`;
    }
    if (tape.chance(1, 4)) transition['reenter'] = true;
    if (guarded || tape.chance(1, 2)) transition['guard'] = this.#guard(0);
    return transition;
  }

  #canBothBeActive(one: string, other: string): boolean {
    const [ones, others] = [one.split('_'), other.split('_')];
    const differ = ones.findIndex((part, index) => part !== others[index]);
    if (differ === -1 || differ >= others.length) return false;
    return this.#types.get(ones.slice(0, differ).join('_')) === 'parallel';
  }

  #guard(depth: number): Part {
    const tape = this.#tape;
    switch (tape.below(depth > 1 ? 8 : 12)) {
      case 0:
        return 'even';
      case 1:
        return { type: 'below', params: { k: tape.below(6) } };
      case 2:
        return { type: 'below', params: ({ context, event }: Seen) => ({ k: (context.n % 5) + event.type.length }) };
      case 3:
        return ({ context, event }: Seen) => (context.n + event.type.length) % 3 !== 0;
      case 4:
        return 'alias';
      case 5:
        return stateIn(`#${tape.oneOf(this.#ids)}`);
      case 6:
        return tape.chance(1, 12) ? 'boom' : 'composed';
      case 7:
        return stateIn(tape.oneOf(['k0', 'k1', 'k0.k1', 'k1.k0']));
      case 8:
        return and([this.#guard(depth + 1), this.#guard(depth + 1)] as never);
      case 9:
        return or([this.#guard(depth + 1), this.#guard(depth + 1)] as never);
      default:
        return not(this.#guard(depth + 1) as never);
    }
  }

  #actions(most: number): Part[] {
    return this.#tape.times(this.#tape.below(most + 1), () => this.#action());
  }

  #event(): Part {
    const type = this.#tape.oneOf(EVENTS);
    return this.#tape.chance(1, 2) ? { type } : ({ context }: Seen) => ({ type, n: context.n });
  }

  #action(): Part {
    const tape = this.#tape;
    const tag = `t${tape.at}`;
    switch (tape.below(18)) {
      case 0:
        return { type: 'say', params: { tag } };
      case 1:
        return assign({ n: ({ context }: Seen) => context.n + 1 });
      case 2:
        return assign(({ context, event }: Seen) => ({ last: event.type, n: context.n + 1 }));
      case 3:
        return 'count';
      case 4:
        return { type: 'put', params: ({ event }: Seen) => ({ x: event.type }) };
      case 5:
      case 6:
        return raise(this.#event() as never);
      case 7:
      case 8:
        return this.#delayed();
      case 9:
        return emit({ type: 'e1', tag });
      case 10:
        return cancel(tape.oneOf(['i', 'j', ({ context }: Seen) => (context.n % 2 === 0 ? 'i' : 'j')]) as never);
      case 11:
        return sendTo(this.#peer(tag) as never, this.#event() as never);
      case 12:
        return this.#enqueued(tag);
      case 13:
        return 'queued';
      case 14:
        return tape.chance(1, 15) ? 'boom' : 'nothing';
      case 15:
        return 'swap';
      case 16:
        return assign({ n: 0, a: ({ context }: Seen) => [context.n] });
      default:
        return { type: 'say', params: ({ context, event }: Seen) => ({ was: context.n, on: event.type }) };
    }
  }

  /** An event to itself, later; it carries nothing, because timers are stored. */
  #delayed(): Part {
    const tape = this.#tape;
    if (tape.chance(1, 5)) return { type: 'later', params: ({ context }: Seen) => ({ ms: context.n + 1 }) };
    const id = tape.oneOf(['i', 'j', 'k']);
    const delay = tape.oneOf([10, 'dynamic', ({ context }: Seen) => context.n * 7, 0, 'fixed', 'unset', 'byParams', -5]);
    const event = { type: tape.oneOf(EVENTS) };
    if (!tape.chance(1, 4)) return raise(event as never, { id, delay } as never);
    // To itself at once would be without end, as an event from outside is.
    return sendTo((() => undefined) as never, event as never, { id, delay: delay === 'unset' ? 20 : delay } as never);
  }

  /** Somebody else, or itself, as long as its patience lasts. */
  #peer(tag: string): () => unknown {
    let patience = 4;
    const hear = (event: unknown) => this.#trace(['peer', tag, event]);
    const toItself = this.#tape.chance(1, 2);
    return () => {
      patience -= 1;
      return toItself && patience > 0 ? undefined : { send: hear, _send: hear };
    };
  }

  #enqueued(tag: string): Part {
    const tape = this.#tape;
    const guard = this.#guard(1);
    const what = tape.below(4);
    const event = this.#event();
    const inner = tape.chance(1, 2) ? this.#action() : 'count';
    type Enqueue = ((action: Part) => void) & Record<'assign' | 'raise' | 'emit' | 'cancel', (...given: Part[]) => void>;
    return enqueueActions((({ context, event: by, enqueue, check }: Seen & { enqueue: Enqueue; check: (guard: Part) => boolean }) => {
      this.#trace(['enqueue', tag, context.n, by.type]);
      if (check(guard)) enqueue.assign({ n: context.n + 1 });
      if (what === 1) enqueue.raise(event);
      enqueue({ type: 'say', params: { tag } });
      if (what === 2) enqueue(inner);
      enqueue.emit({ type: 'queued', n: context.n });
      if (what === 0) {
        enqueue.raise({ type: 'B' }, { delay: 7, id: 'i' });
        enqueue.cancel('j');
      }
    }) as never);
  }
}
