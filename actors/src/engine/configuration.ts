import type { CompiledMachine } from './compiled-machine.ts';
import type { Seen } from './engine-event.ts';
import type { ActiveStates } from './guard.ts';
import { withoutConflicts } from './microstep.ts';
import type { Plan } from './plan.ts';
import { Choice, type Chooser, collectEnabled, flattened, type Selector } from './selection.ts';
import { chainOf, isAtomic, type StateNode, type StateValue } from './state-tree.ts';
import { guardFailed, type Transition } from './transition.ts';

/** XState keeps these for itself; nobody may send them. */
const RESERVED = /^xstate\.(init|stop|error\.actor)/;

/**
 * The active states of an actor, in their order, with everything that follows from them alone. There is one object for each
 * configuration that a machine ever reached; an actor points to it.
 */
export class Configuration implements ActiveStates {
  readonly nodes: readonly StateNode[];
  /** One object for all configurations that read alike; frozen. */
  readonly value: StateValue;
  readonly #machine: CompiledMachine;
  readonly #active: ReadonlySet<StateNode>;
  readonly #choosers = new Map<string, Chooser<Transition, Plan>>();
  /** The event that came last, which in most configurations is the next one too, and its chooser. */
  #lastType = '';
  #last: Chooser<Transition, Plan> | null = null;
  /** By the number of the transition. */
  readonly #plans: (Plan | undefined)[] = [];
  /** Of transitions of several regions at once, by their numbers. */
  readonly #jointPlans = new Map<string, Plan>();
  /** Something is done without an event. */
  readonly hasAlways: boolean;
  /** For each active leaf what it and the states around it do without an event; of leaves where that is nothing there is none. */
  readonly #always: readonly Choice<Transition, Plan>[];
  /** Where one leaf alone does anything. */
  readonly #onlyAlways: Choice<Transition, Plan> | null;

  constructor(machine: CompiledMachine, nodes: readonly StateNode[], value: StateValue) {
    this.#machine = machine;
    this.nodes = nodes;
    this.value = value;
    this.#active = new Set(nodes);
    this.#always = nodes
      .filter(isAtomic)
      .map((leaf) => chainOf(leaf).flatMap((node) => machine.transitionsOf(node).always))
      .filter((candidates) => candidates.length > 0)
      // What their guards throw is told as it is.
      .map((candidates) => this.#choiceOf(candidates, 'always', null));
    this.hasAlways = this.#always.length > 0;
    this.#onlyAlways = this.#always.length === 1 ? (this.#always[0] ?? null) : null;
  }

  /** As profiles show it. */
  get name(): string {
    return typeof this.value === 'string' ? this.value : JSON.stringify(this.value);
  }

  has(node: StateNode): boolean {
    return this.#active.has(node);
  }

  /** @returns null when nothing is enabled */
  planFor(seen: Seen, type: string): Plan | null {
    const chooser = type === this.#lastType && this.#last !== null ? this.#last : this.#chooserFor(type);
    if (chooser.regions.length === 0) return chooser.own.plan(seen);
    const enabled: Transition[] = [];
    collectEnabled(chooser, seen, enabled);
    return enabled.length === 0 ? null : this.#planOf(enabled);
  }

  /** What happens without an event; the guards see the event that led here. */
  eventlessPlan(seen: Seen): Plan | null {
    if (this.#onlyAlways !== null) return this.#onlyAlways.plan(seen);
    let only: Transition | null = null;
    let enabled: Set<Transition> | null = null;
    for (const choice of this.#always) {
      const transition = choice.first(seen);
      if (transition === null || transition === only) continue;
      if (only === null) only = transition;
      else (enabled ??= new Set([only])).add(transition);
    }
    if (enabled !== null) return this.#planOf(withoutConflicts([...enabled], this.#active));
    return only === null ? null : this.#planOfOne(only);
  }

  #planOf(transitions: readonly Transition[]): Plan {
    const [only] = transitions;
    if (only !== undefined && transitions.length === 1) return this.#planOfOne(only);
    const key = transitions.map(({ index }) => index).join();
    const known = this.#jointPlans.get(key);
    if (known) return known;
    const plan = this.#machine.plan(this, transitions);
    this.#jointPlans.set(key, plan);
    return plan;
  }

  #planOfOne(transition: Transition): Plan {
    const known = this.#plans[transition.index];
    if (known) return known;
    const plan = this.#machine.plan(this, [transition]);
    this.#plans[transition.index] = plan;
    return plan;
  }

  #chooserFor(type: string): Chooser<Transition, Plan> {
    const chooser = this.#choosers.get(type) ?? this.#addChooser(type);
    this.#lastType = type;
    this.#last = chooser;
    return chooser;
  }

  #addChooser(type: string): Chooser<Transition, Plan> {
    if (RESERVED.test(type)) this.#machine.refuse(type, 'an event that XState keeps for itself');
    const chooser = this.#chooserOf(this.#selectorOf(this.#machine.root, this.value, type), type);
    this.#choosers.set(type, chooser);
    return chooser;
  }

  #chooserOf({ regions, own }: Selector<Transition>, type: string): Chooser<Transition, Plan> {
    return {
      regions: regions.map((region) => this.#chooserOf(region, type)),
      own: this.#choiceOf(own, `on ${type}`, guardFailed),
    };
  }

  #choiceOf(candidates: readonly Transition[], when: string, failed: typeof guardFailed | null): Choice<Transition, Plan> {
    const name = `${this.#machine.id} ${this.name} ${when}`;
    return new Choice(candidates, { name, active: this, failed, planOf: (transition) => this.#planOfOne(transition) });
  }

  #selectorOf(node: StateNode, value: StateValue, type: string): Selector<Transition> {
    const own = this.#machine.candidatesOf(node, type);
    const inner = typeof value === 'string' ? { [value]: {} } : value;
    const regions = Object.entries(inner).flatMap(([key, innerValue]) => {
      const child = node.states[key];
      return child ? [this.#selectorOf(child, innerValue, type)] : [];
    });
    return flattened(regions, own);
  }
}
