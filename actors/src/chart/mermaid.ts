import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';

/**
 * A machine as a Mermaid state diagram: what the generated `*.chart.md` and `/api/v1/charts/{machine}` show. Read from XState's parsed
 * form, so that the chart cannot say other than what runs.
 */
export function mermaidOf(machine: AnyStateMachine): string {
  return ['stateDiagram-v2', ...anyStateLines(machine.root), ...regionLines(machine.root, 1)].join('\n');
}

/** Transitions of the root hold in every state: they get a box of their own. */
function anyStateLines(root: AnyStateNode): string[] {
  const transitions = transitionsOf(root);
  if (transitions.length === 0) return [];
  return [
    `${indent(1)}state "any state" as ${ANY_STATE}`,
    ...transitions.flatMap((transition) => transitionLines(ANY_STATE, transition, 1)),
  ];
}
const ANY_STATE = 'any_state__';

/** Key of a state in the diagram: its path, so that equal names in two regions stay apart. */
export function chartIdOf(node: { path: readonly string[] }): string {
  return node.path.join('__').replaceAll(/[^A-Za-z0-9_]/g, '_');
}

const childrenOf = (node: AnyStateNode): AnyStateNode[] => Object.values(node.states);
const indent = (depth: number) => '  '.repeat(depth);

/** The inside of a state: its start, its children, their transitions. */
function regionLines(node: AnyStateNode, depth: number): string[] {
  const lines: string[] = [];
  const initial = node.type === 'compound' ? (node.initial?.target?.[0] ?? null) : null;
  if (initial) lines.push(`${indent(depth)}[*] --> ${chartIdOf(initial)}`);
  const children = childrenOf(node);
  for (const [place, child] of children.entries()) {
    if (node.type === 'parallel' && place > 0) lines.push(`${indent(depth)}--`);
    lines.push(...stateLines(child, depth));
  }
  return lines;
}

function stateLines(node: AnyStateNode, depth: number): string[] {
  const id = chartIdOf(node);
  const lines: string[] = [];
  if (childrenOf(node).length > 0)
    lines.push(`${indent(depth)}state "${node.key}" as ${id} {`, ...regionLines(node, depth + 1), `${indent(depth)}}`);
  else if (id !== node.key) lines.push(`${indent(depth)}state "${node.key}" as ${id}`);
  for (const action of named(node.entry)) lines.push(`${indent(depth)}${id} : entry / ${nameOf(action)}`);
  for (const action of named(node.exit)) lines.push(`${indent(depth)}${id} : exit / ${nameOf(action)}`);
  for (const transition of transitionsOf(node)) lines.push(...transitionLines(id, transition, depth));
  if (node.type === 'final') lines.push(`${indent(depth)}${id} --> [*]`);
  return lines;
}

function transitionsOf(node: AnyStateNode): AnyTransitionDefinition[] {
  return [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
}

/** Without the raise and the cancel by which XState itself carries out `after`. */
const named = (actions: readonly unknown[]) => actions.filter((action) => typeof action !== 'function');

function transitionLines(id: string, transition: AnyTransitionDefinition, depth: number): string[] {
  const label = labelOf(transition);
  const targets = transition.target ?? [];
  if (targets.length === 0) return [`${indent(depth)}${id} : ${label}`];
  return targets.map((target) => `${indent(depth)}${id} --> ${chartIdOf(target)} : ${label}`);
}

/** `event [guard] / action, action`, in words a colon of Mermaid does not break. */
function labelOf(transition: AnyTransitionDefinition): string {
  const guard = transition.guard === undefined ? '' : ` [${nameOf(transition.guard)}]`;
  const actions = transition.actions.length === 0 ? '' : ` / ${transition.actions.map(nameOf).join(', ')}`;
  return `${eventOf(transition.eventType)}${guard}${actions}`.replaceAll(/[:;#]/g, ' ');
}

function eventOf(type: string): string {
  if (type === '') return 'always';
  const after = /^xstate\.after\.([^.]+)\./.exec(type);
  if (after) return `after ${after[1]}`;
  if (type.startsWith('xstate.done.state.')) return 'done';
  return type;
}

/** Name of a guard or action: a string, an object with a type, or one of XState's own functions. */
function nameOf(part: unknown): string {
  if (typeof part === 'string') return part;
  if (typeof part === 'function') {
    const guards = 'guards' in part && Array.isArray(part.guards) ? `(${part.guards.map(nameOf).join(', ')})` : '';
    return `${part.name === '' ? 'inline' : part.name}${guards}`;
  }
  if (typeof part !== 'object' || part === null || !('type' in part) || typeof part.type !== 'string') return 'inline';
  return `${part.type.replace(/^xstate\./, '')}${'params' in part ? constantsOf(part.params) : ''}`;
}

/** Constant params tell guards and actions of one name apart: `(POSITIONING)`. */
function constantsOf(params: unknown): string {
  if (typeof params !== 'object' || params === null) return '';
  const constants = Object.values(params).filter((value) => typeof value === 'string' || typeof value === 'number');
  return constants.length === 0 ? '' : `(${constants.join(', ')})`;
}
