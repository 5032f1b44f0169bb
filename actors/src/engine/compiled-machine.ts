import type { AnyStateMachine } from 'xstate';
import { type Action, compileAction } from './action.ts';
import { Configuration } from './configuration.ts';
import { ContextShapes } from './context-shape.ts';
import type { EngineContext } from './engine-event.ts';
import { microstep } from './microstep.ts';
import { OutsideSubsetError } from './outside-subset.ts';
import { assertPinnedXState } from './pinned-xstate.ts';
import { type NodeActions, type Plan, runOf } from './plan.ts';
import { describes } from './selection.ts';
import { childrenOf, initialNodes, type StateNode, type StateValue, stateValue } from './state-tree.ts';
import { compileTransitions, type NodeTransitions, type Transition } from './transition.ts';

const NODE_KEYS = new Set([
  'id',
  'initial',
  'type',
  'context',
  'states',
  'on',
  'onDone',
  'always',
  'after',
  'entry',
  'exit',
  'output',
  'key',
  'tags',
  'meta',
  'description',
  'version',
  'types',
  'schemas',
  'options',
]);

/**
 * An XState machine as a table: for each configuration and event a function that asks the guards, and for what they say one
 * that does everything and the next configuration. Read from XState's parsed form, so that there is one definition; filled in as it is used.
 */
export class CompiledMachine {
  readonly root: StateNode;
  /** Before the first microstep. */
  readonly unborn: Configuration;
  readonly birth: Plan;
  readonly shapes = new ContextShapes();
  /** More microsteps for one event are a loop. */
  readonly microstepsMax: number;
  readonly #machine: AnyStateMachine;
  readonly #transitions: Map<StateNode, NodeTransitions>;
  readonly #actions = new Map<StateNode, NodeActions>();
  readonly #configurations = new Map<string, Configuration>();
  readonly #values = new Map<string, StateValue>();
  readonly #restored = new Map<string, Configuration>();

  /** @throws OutsideSubsetError */
  constructor(machine: AnyStateMachine) {
    assertPinnedXState();
    this.#machine = machine;
    this.root = machine.root;
    this.microstepsMax = machine.options.maxIterations ?? Number.POSITIVE_INFINITY;
    const nodes = nodesBelow(this.root);
    if (new Set(nodes.map(({ id }) => id)).size < nodes.length) this.refuse('the states', 'an id that is given twice');
    for (const node of nodes) this.#actions.set(node, this.#compileNode(node));
    this.#transitions = compileTransitions(nodes, { machine, refuse: this.refuse.bind(this) });
    const initial = [...initialNodes(this.root)];
    this.unborn = new Configuration(this, [this.root], this.#value(initial));
    const all: Transition = { index: -1, source: this.root, target: initial, reenter: true, guard: null, guardName: null, actions: [] };
    this.birth = this.plan(this.unborn, [all], true);
  }

  /** As profiles show it. */
  get id(): string {
    return this.#machine.id;
  }

  refuse(where: string, what: string): never {
    throw new OutsideSubsetError({ machine: this.#machine.id, where, what });
  }

  /** The context of a new actor. */
  contextOf(input: unknown): EngineContext {
    const context: unknown = this.#machine.config.context;
    if (typeof context !== 'function') return (context ?? {}) as EngineContext;
    const refused = () => this.refuse('the context', 'spawn');
    return context({ input, spawn: refused }) as EngineContext;
  }

  transitionsOf(node: StateNode): NodeTransitions {
    return this.#transitions.get(node) ?? this.refuse(node.id, 'a state of another machine');
  }

  /** Transitions of a state for an event: its exact name first, then the longest description that fits. */
  candidatesOf(node: StateNode, type: string): readonly Transition[] {
    const { on } = this.transitionsOf(node);
    const described = [...on.keys()]
      .filter((descriptor) => descriptor !== type && describes(descriptor, type))
      .sort((one, other) => other.length - one.length);
    return [type, ...described].flatMap((descriptor) => on.get(descriptor) ?? []);
  }

  /** @param begins the birth of an actor */
  plan(from: Configuration, transitions: readonly Transition[], begins = false): Plan {
    const step = microstep(from.nodes, transitions, begins);
    const moved = step.nodes.length !== from.nodes.length || step.nodes.some((node) => !from.has(node));
    return {
      run: runOf(step, {
        name: `${this.id} ${from.name} does`,
        root: this.root,
        shapes: this.shapes,
        actionsOf: (node) => this.#actionsOf(node),
      }),
      next: moved || begins ? this.#configuration(step.nodes) : from,
      moved,
      done: step.done,
    };
  }

  /** Where an actor stands that was stored. @throws when the machine has no such state */
  restored(value: unknown): Configuration {
    const text = JSON.stringify(value);
    const known = this.#restored.get(text);
    if (known) return known;
    const snapshot = { status: 'active', output: undefined, error: undefined, value, context: {}, children: {}, historyValue: {} };
    // Children alone would need the scope of an actor.
    const { _nodes: nodes } = this.#machine.restoreSnapshot(snapshot as Parameters<AnyStateMachine['restoreSnapshot']>[0], {} as never);
    const configuration = this.#configuration(nodes);
    this.#restored.set(text, configuration);
    return configuration;
  }

  #configuration(nodes: readonly StateNode[]): Configuration {
    // Also by their order: XState evaluates regions and leaves in it.
    const key = nodes.map(({ order }) => order).join();
    const known = this.#configurations.get(key);
    if (known) return known;
    const configuration = new Configuration(this, nodes, this.#value(nodes));
    this.#configurations.set(key, configuration);
    return configuration;
  }

  #value(nodes: readonly StateNode[]): StateValue {
    const value = stateValue(this.root, nodes);
    const text = JSON.stringify(value);
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    this.#values.set(text, value);
    return value;
  }

  #actionsOf(node: StateNode): NodeActions {
    return this.#actions.get(node) ?? this.refuse(node.id, 'a state of another machine');
  }

  #compileNode(node: StateNode): NodeActions {
    for (const key of Object.keys(node.config)) if (!NODE_KEYS.has(key)) this.refuse(node.id, `"${key}"`);
    if (node.type === 'history') this.refuse(node.id, 'a history state');
    const compile = (actions: readonly unknown[], when: string): Action[] =>
      actions.map((action) =>
        compileAction(action, { machine: this.#machine, refuse: this.refuse.bind(this), where: `${node.id}, ${when}` }),
      );
    return {
      entry: compile(node.entry, 'entry'),
      exit: compile(node.exit, 'exit'),
      initial: compile(node.initial.actions, 'initial'),
    };
  }
}

const nodesBelow = (node: StateNode): StateNode[] => [node, ...childrenOf(node).flatMap(nodesBelow)];
