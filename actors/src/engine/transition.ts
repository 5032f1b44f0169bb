import type { AnyStateMachine } from 'xstate';
import { type Action, compileAction } from './action.ts';
import type { Seen } from './engine-event.ts';
import { compileGuard, type Guard } from './guard.ts';
import type { ChartTransition } from './microstep.ts';
import type { Refuse } from './outside-subset.ts';
import { byDocument, properAncestors, type StateNode } from './state-tree.ts';

/** A transition of the definition with its guard and its actions looked up. */
export interface Transition extends ChartTransition {
  /** Its number in the machine. */
  readonly index: number;
  readonly guard: Guard | null;
  readonly guardName: string | null;
  readonly actions: readonly Action[];
}

type ParsedTransition = NonNullable<StateNode['always']>[number];

const DEFINED = ['target', 'actions', 'guard', 'reenter', 'description', 'meta'];
const ADDED_BY_THE_PARSER = ['source', 'eventType', 'toJSON', 'event', 'delay'];
const KEYS = new Set([...DEFINED, ...ADDED_BY_THE_PARSER]);

/** @throws OutsideSubsetError */
export function compileTransition(
  parsed: ParsedTransition,
  index: number,
  { machine, refuse }: { machine: AnyStateMachine; refuse: Refuse },
): Transition {
  const { source, target, reenter, guard, actions } = parsed;
  const where = `${source.id}, ${parsed.eventType || 'always'}`;
  for (const key of Object.keys(parsed)) if (!KEYS.has(key)) refuse(where, `"${key}"`);
  for (const node of target ?? []) if (node.type === 'history') refuse(where, 'a history target');
  for (const [at, one] of (target ?? []).entries())
    for (const other of (target ?? []).slice(at + 1))
      if (!canBothBeActive(one, other)) refuse(where, `the pair of targets ${one.id} and ${other.id}, never active together,`);
  return {
    index,
    source,
    target,
    reenter,
    guard: guard === undefined ? null : compileGuard(guard, { machine, refuse, where }),
    guardName: nameOf(guard),
    actions: actions.map((action) => compileAction(action, { machine, refuse, where })),
  };
}

/** XState would take any pair, and end with two active children of one state. */
function canBothBeActive(one: StateNode, other: StateNode): boolean {
  const above = new Set([one, ...properAncestors(one)]);
  const common = [other, ...properAncestors(other)].find((node) => above.has(node));
  return common?.type === 'parallel' && common !== one && common !== other;
}

function nameOf(guard: unknown): string | null {
  if (typeof guard === 'string') return guard;
  return typeof guard === 'object' && guard !== null && 'type' in guard ? String(guard.type) : null;
}

/** In XState's words, so that a failure reads alike under both engines. */
export function guardFailed({ guardName, source }: Transition, { event }: Seen, cause: unknown): never {
  const guard = guardName === null ? '' : `'${guardName}' `;
  const because = cause instanceof Error ? cause.message : String(cause);
  throw new Error(`Unable to evaluate guard ${guard}in transition for event '${event.type}' in state node '${source.id}':\n${because}`, {
    cause,
  });
}

/** Transitions with an event descriptor, and those without an event. */
export interface NodeTransitions {
  readonly on: ReadonlyMap<string, readonly Transition[]>;
  readonly always: readonly Transition[];
}

/** All transitions of a machine, numbered in document order. */
export function compileTransitions(
  nodes: readonly StateNode[],
  source: { machine: AnyStateMachine; refuse: Refuse },
): Map<StateNode, NodeTransitions> {
  let index = 0;
  const compile = (parsed: ParsedTransition): Transition => {
    index += 1;
    return compileTransition(parsed, index - 1, source);
  };
  return new Map(
    nodes.toSorted(byDocument).map((node) => {
      const on = new Map([...node.transitions].map(([descriptor, parsed]) => [descriptor, parsed.map(compile)]));
      return [node, { on, always: (node.always ?? []).map(compile) }];
    }),
  );
}
