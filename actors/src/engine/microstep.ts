import {
  againstDocument,
  byDocument,
  childrenOf,
  initialOf,
  isDescendant,
  isFinished,
  properAncestors,
  type StateNode,
} from './state-tree.ts';

/**
 * What one microstep does, found without running anything: the algorithm of XState 5.33 (itself after SCXML) for charts without
 * history. It is asked once for each configuration and set of transitions; what it says is kept.
 */
export interface ChartTransition {
  readonly source: StateNode;
  readonly target: readonly StateNode[] | undefined;
  readonly reenter: boolean;
}

/** In the order in which it is done. */
export type Deed<T extends ChartTransition> =
  | { kind: 'exit' | 'enter' | 'begin'; node: StateNode }
  | { kind: 'take'; transition: T }
  /** A compound state whose final child was entered, or a parallel one whose regions are all finished. */
  | { kind: 'stateDone'; node: StateNode; final: StateNode | null }
  /** The machine is finished; `by` is the node that finished it. */
  | { kind: 'machineDone'; by: StateNode };

export interface Microstep<T extends ChartTransition> {
  deeds: Deed<T>[];
  /** Active nodes afterwards, those that stayed first. */
  nodes: StateNode[];
  done: boolean;
}

/** @param begins the first microstep of all: nothing is left, and the root is entered by default */
export function microstep<T extends ChartTransition>(nodes: readonly StateNode[], enabled: readonly T[], begins: boolean): Microstep<T> {
  const active = new Set(nodes);
  const deeds: Deed<T>[] = [];
  const transitions = withoutConflicts(enabled, active);
  if (!begins)
    for (const node of exitSet(transitions, active).sort(againstDocument)) {
      deeds.push({ kind: 'exit', node });
      active.delete(node);
    }
  for (const transition of transitions) deeds.push({ kind: 'take', transition });
  const entered = entrySet(transitions);
  const [root] = nodes;
  if (begins && root) entered.byDefault.add(root);
  const done = enterAll(entered, active, deeds);
  const after = [...active];
  if (done) for (const node of after.toSorted(againstDocument)) deeds.push({ kind: 'exit', node });
  return { deeds, nodes: after, done };
}

function enterAll<T extends ChartTransition>({ all, byDefault }: Entered, active: Set<StateNode>, deeds: Deed<T>[]): boolean {
  const finished = new Set<StateNode>();
  let done = false;
  for (const node of [...all].sort(byDocument)) {
    active.add(node);
    deeds.push({ kind: 'enter', node });
    if (byDefault.has(node)) deeds.push({ kind: 'begin', node });
    if (node.type !== 'final') continue;
    const { parent } = node;
    let above = parent?.type === 'parallel' ? parent : parent?.parent;
    let by = above ?? node;
    if (parent?.type === 'compound') deeds.push({ kind: 'stateDone', node: parent, final: node });
    while (above?.type === 'parallel' && !finished.has(above) && isFinished(above, active)) {
      finished.add(above);
      deeds.push({ kind: 'stateDone', node: above, final: null });
      by = above;
      above = above.parent;
    }
    if (above) continue;
    deeds.push({ kind: 'machineDone', by });
    done = true;
  }
  return done;
}

/** The innermost state that a transition does not leave; undefined: even the root is left and entered again. */
function domainOf({ source, target, reenter }: ChartTransition): StateNode | undefined {
  const targets = [...new Set(target ?? [])];
  if (!reenter && targets.every((node) => node === source || isDescendant(node, source))) return source;
  const [head, ...others] = [...targets, source];
  const common = properAncestors(head ?? source).find((ancestor) => others.every((node) => isDescendant(node, ancestor)));
  return common ?? (reenter ? undefined : rootOf(source));
}

function rootOf(node: StateNode): StateNode {
  return properAncestors(node).at(-1) ?? node;
}

function exitSet(transitions: readonly ChartTransition[], active: ReadonlySet<StateNode>): StateNode[] {
  const found = new Set<StateNode>();
  for (const transition of transitions) {
    if (!transition.target?.length) continue;
    const domain = domainOf(transition);
    if (domain && transition.reenter && transition.source === domain) found.add(domain);
    for (const node of active) if (isDescendant(node, domain)) found.add(node);
  }
  return [...found];
}

/** Of transitions that would leave the same state, the innermost or else the first. */
export function withoutConflicts<T extends ChartTransition>(enabled: readonly T[], active: ReadonlySet<StateNode>): T[] {
  const kept = new Set<T>();
  for (const one of enabled) {
    const leaves = new Set(exitSet([one], active));
    const rivals = [...kept].filter((other) => exitSet([other], active).some((node) => leaves.has(node)));
    const winning = rivals.findIndex((other) => !isDescendant(one.source, other.source));
    if (winning !== -1) continue;
    for (const other of rivals) kept.delete(other);
    kept.add(one);
  }
  return [...kept];
}

interface Entered {
  all: Set<StateNode>;
  /** Those whose initial actions run: aimed at, or entered because their parent was. */
  byDefault: Set<StateNode>;
}

function entrySet(transitions: readonly ChartTransition[]): Entered {
  const entered: Entered = { all: new Set(), byDefault: new Set() };
  for (const transition of transitions) {
    const { source, target = [], reenter } = transition;
    const domain = domainOf(transition);
    for (const node of target) {
      if (source !== node || source !== domain || reenter) {
        entered.all.add(node);
        entered.byDefault.add(node);
      }
      enterBelow(node, entered);
    }
    for (const node of new Set(target)) {
      const above = properAncestors(node, domain);
      if (domain?.type === 'parallel') above.push(domain);
      enterAbove(above, entered, !source.parent && reenter ? undefined : domain);
    }
  }
  return entered;
}

function enterBelow(node: StateNode, entered: Entered): void {
  if (node.type === 'compound') {
    const initial = initialOf(node);
    entered.all.add(initial);
    entered.byDefault.add(initial);
    enterBelow(initial, entered);
    enterAbove(properAncestors(initial, node), entered, undefined);
  } else if (node.type === 'parallel') {
    for (const child of childrenOf(node)) {
      if (isEnteredBelow(child, entered)) continue;
      entered.all.add(child);
      entered.byDefault.add(child);
      enterBelow(child, entered);
    }
  }
}

function enterAbove(ancestors: readonly StateNode[], entered: Entered, within: StateNode | undefined): void {
  for (const ancestor of ancestors) {
    if (!within || isDescendant(ancestor, within)) entered.all.add(ancestor);
    if (ancestor.type !== 'parallel') continue;
    for (const child of childrenOf(ancestor)) {
      if (isEnteredBelow(child, entered)) continue;
      entered.all.add(child);
      enterBelow(child, entered);
    }
  }
}

const isEnteredBelow = (node: StateNode, { all }: Entered): boolean => [...all].some((other) => isDescendant(other, node));
