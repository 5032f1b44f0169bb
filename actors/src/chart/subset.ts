import type { AnyStateMachine, AnyStateNode } from 'xstate';

/**
 * What a product machine may not use (docs/adr/0010-chart-subset.md): a compiled engine could not run it alike, or a snapshot could
 * not be restored. Read from XState's parsed form.
 */
const ACTION_TYPES_ALLOWED = new Set(['xstate.assign', 'xstate.emit', 'xstate.raise', 'xstate.cancel', 'xstate.enqueueActions']);
/** XState fills `after` with a raise and a cancel of its own. */
const OWN_OF_AFTER = new Set(['xstate.raise', 'xstate.cancel']);

/** @returns one line for each thing outside the subset, with the state it stands in */
export function outsideSubset(machine: AnyStateMachine): string[] {
  return [...implementationLines(machine), ...nodeLines(machine.root, machine)];
}

function implementationLines(machine: AnyStateMachine): string[] {
  const { actions, actors, delays } = machine.implementations;
  const lines: string[] = [];
  for (const [name, action] of Object.entries(actions)) {
    const type = typeof action === 'function' && 'type' in action ? String(action.type) : 'a function';
    if (!ACTION_TYPES_ALLOWED.has(type)) lines.push(`action "${name}" is ${type}: effects leave by emit, facts enter as events`);
  }
  for (const name of Object.keys(actors)) lines.push(`actor "${name}": every entity is a root actor of its own, reached by messages`);
  for (const [name, delay] of Object.entries(delays))
    if (typeof delay !== 'number' && typeof delay !== 'function') lines.push(`delay "${name}" is neither a number nor computed`);
  return lines;
}

function nodeLines(node: AnyStateNode, machine: AnyStateMachine): string[] {
  const where = node.path.join('.') || '(root)';
  const lines: string[] = [];
  if (node.type === 'history') lines.push(`${where}: history cannot be restored from a value`);
  if (node.invoke.length > 0) lines.push(`${where}: invoke runs outside the clock`);
  for (const action of [...node.entry, ...node.exit]) lines.push(...actionLines(where, action, machine));
  for (const transition of [...[...node.transitions.values()].flat(), ...(node.always ?? [])]) {
    const on = `${where}, ${transition.eventType || 'always'}`;
    if (transition.eventType.includes('*')) lines.push(`${on}: name the events, so that a new one is not swallowed`);
    if (typeof transition.guard === 'function' && !('guards' in transition.guard)) lines.push(`${on}: guard without a name`);
    else lines.push(...guardLines(on, transition.guard, machine));
    for (const action of transition.actions) lines.push(...actionLines(on, action, machine));
  }
  for (const child of Object.values(node.states)) lines.push(...nodeLines(child, machine));
  return lines;
}

function actionLines(where: string, action: unknown, machine: AnyStateMachine): string[] {
  if (typeof action === 'function') {
    const type = 'type' in action ? String(action.type) : 'function';
    return OWN_OF_AFTER.has(type) ? [] : [`${where}: action without a name (${type})`];
  }
  const name = nameOf(action);
  return name in machine.implementations.actions ? [] : [`${where}: action "${name}" is not implemented`];
}

function guardLines(where: string, guard: unknown, machine: AnyStateMachine): string[] {
  if (guard === undefined) return [];
  if (typeof guard === 'function') {
    const inner = 'guards' in guard && Array.isArray(guard.guards) ? guard.guards : [];
    return inner.flatMap((one) => guardLines(where, one, machine));
  }
  const name = nameOf(guard);
  return name in machine.implementations.guards ? [] : [`${where}: guard "${name}" is not implemented`];
}

function nameOf(part: unknown): string {
  if (typeof part === 'string') return part;
  const type = typeof part === 'object' && part !== null && 'type' in part ? part.type : null;
  return typeof type === 'string' ? type : 'inline';
}
