import type { AnyStateNode } from 'xstate';

/** How the nodes of one machine lie to each other. XState's parsed nodes; the names are those of SCXML's algorithm. */
export type StateNode = AnyStateNode;

export const isAtomic = ({ type }: StateNode): boolean => type === 'atomic' || type === 'final';
export const childrenOf = (node: StateNode): StateNode[] => Object.values(node.states);
export const byDocument = (one: StateNode, other: StateNode): number => one.order - other.order;
export const againstDocument = (one: StateNode, other: StateNode): number => other.order - one.order;

/** As XState has it: the root is nobody's descendant, and with no ancestor given everything below the top is one. */
export function isDescendant(node: StateNode, ancestor: StateNode | undefined): boolean {
  let at = node;
  while (at.parent && at.parent !== ancestor) at = at.parent;
  return at.parent === ancestor;
}

/** From the parent upwards, up to but without `until`. */
export function properAncestors(node: StateNode, until?: StateNode): StateNode[] {
  const found: StateNode[] = [];
  if (until === node) return found;
  for (let at = node.parent; at && at !== until; at = at.parent) found.push(at);
  return found;
}

/** The node itself first. */
export const chainOf = (node: StateNode): StateNode[] => [node, ...properAncestors(node)];

export function isFinished(node: StateNode, active: ReadonlySet<StateNode>): boolean {
  if (node.type === 'compound') return childrenOf(node).some((child) => child.type === 'final' && active.has(child));
  if (node.type === 'parallel') return childrenOf(node).every((child) => isFinished(child, active));
  return node.type === 'final';
}

/** Where a compound state begins. */
export function initialOf(node: StateNode): StateNode {
  const [target] = node.initial.target;
  if (target === undefined) throw new TypeError(`${node.id} has no initial state`);
  return target;
}

/** A node and what is entered with it, in XState's order. */
export function initialNodes(node: StateNode, found: Set<StateNode> = new Set()): Set<StateNode> {
  if (found.has(node)) return found;
  found.add(node);
  if (node.type === 'compound') initialNodes(initialOf(node), found);
  else if (node.type === 'parallel') for (const child of childrenOf(node)) initialNodes(child, found);
  return found;
}

export type StateValue = string | { [key: string]: StateValue };

/** The value of a complete configuration. Its keys stand in the order of the nodes, and XState evaluates regions in that order. */
export function stateValue(root: StateNode, nodes: readonly StateNode[]): StateValue {
  const active = new Map<StateNode, StateNode[]>();
  for (const node of nodes) if (node.parent) active.set(node.parent, [...(active.get(node.parent) ?? []), node]);
  const valueOf = (node: StateNode): StateValue => {
    const children = active.get(node) ?? [];
    const [only] = children;
    if (node.type === 'compound' && only !== undefined && isAtomic(only)) return only.key;
    return Object.fromEntries(children.map((child) => [child.key, valueOf(child)]));
  };
  return valueOf(root);
}
