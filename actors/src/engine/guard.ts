import { type AnyStateMachine, and, matchesState, not, or, stateIn } from 'xstate';
import type { Expression, Seen } from './engine-event.ts';
import type { Refuse } from './outside-subset.ts';
import type { StateNode, StateValue } from './state-tree.ts';

/** Whether a transition may be taken now. */
export type Guard = (seen: Seen) => unknown;

/** What `stateIn` asks about. */
export interface ActiveStates {
  readonly value: StateValue;
  has(node: StateNode): boolean;
}

/** A guard before it is known in which configuration it stands: there, `stateIn` is a constant. */
export type GuardIn = (active: ActiveStates) => Guard;

/** XState's combined guards are functions with a `check` of their own; each kind has one. */
const checkOf = (guard: object): unknown => ('check' in guard ? guard.check : null);
const CHECKS = { and: checkOf(and([])), or: checkOf(or([])), not: checkOf(not(() => true)), stateIn: checkOf(stateIn('')) };

interface GuardSource {
  readonly machine: AnyStateMachine;
  readonly refuse: Refuse;
  readonly where: string;
}

/** @throws OutsideSubsetError */
export function compileGuard(guard: unknown, source: GuardSource): GuardIn {
  if (typeof guard === 'function') return compileFunction(guard, undefined, source);
  const { type, params } = namedPart(guard, 'guard', source);
  const guards: Readonly<Record<string, unknown>> = source.machine.implementations.guards;
  const implemented = guards[type];
  if (implemented === undefined) return source.refuse(source.where, `guard "${type}" without an implementation`);
  if (typeof implemented !== 'function') return compileGuard(implemented, source);
  return compileFunction(implemented, params, source);
}

function compileFunction(guard: object, params: unknown, source: GuardSource): GuardIn {
  const check = checkOf(guard);
  if (check === null) return compileCall(guard as Expression, params);
  if (check === CHECKS.stateIn) return compileStateIn('stateValue' in guard ? guard.stateValue : null, source);
  const inner = 'guards' in guard && Array.isArray(guard.guards) ? guard.guards.map((each) => compileGuard(each, source)) : [];
  switch (check) {
    case CHECKS.and:
      return combined(inner, (guards) => (seen) => guards.every((each) => each(seen)));
    case CHECKS.or:
      return combined(inner, (guards) => (seen) => guards.some((each) => each(seen)));
    case CHECKS.not:
      return combined(
        inner,
        ([only]) =>
          (seen) =>
            !only?.(seen),
      );
    default:
      return source.refuse(source.where, 'a guard of an unknown kind');
  }
}

const combined =
  (inner: readonly GuardIn[], join: (guards: readonly Guard[]) => Guard): GuardIn =>
  (active) =>
    join(inner.map((each) => each(active)));

function compileCall(guard: Expression, params: unknown): GuardIn {
  const call: Guard = typeof params === 'function' ? (seen) => guard(seen, params(seen)) : (seen) => guard(seen, params);
  return () => call;
}

function compileStateIn(asked: unknown, { machine }: GuardSource): GuardIn {
  if (typeof asked === 'string' && asked.startsWith('#')) {
    const node = machine.getStateNodeById(asked);
    return (active) => {
      const isIn = active.has(node);
      return () => isIn;
    };
  }
  return ({ value }) => {
    const isIn = matchesState(asked as StateValue, value);
    return () => isIn;
  };
}

/** `"name"` or `{ type: "name", params }`, as definitions name guards and actions. */
export function namedPart(part: unknown, kind: string, { refuse, where }: Omit<GuardSource, 'machine'>): { type: string; params: unknown } {
  if (typeof part === 'string') return { type: part, params: undefined };
  if (typeof part !== 'object' || part === null || !('type' in part) || typeof part.type !== 'string')
    return refuse(where, `a ${kind} that is neither a name nor a function`);
  return { type: part.type, params: 'params' in part ? part.params : undefined };
}
