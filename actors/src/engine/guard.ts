import { type AnyStateMachine, and, matchesState, not, or, stateIn } from 'xstate';
import type { Expression, Seen } from './engine-event.ts';
import type { GeneratedCode } from './generated-code.ts';
import type { Refuse } from './outside-subset.ts';
import type { StateNode, StateValue } from './state-tree.ts';

/** Whether a transition may be taken now. */
export type Guard =
  | { kind: 'call'; guard: Expression; params: unknown }
  | { kind: 'and' | 'or' | 'not'; of: readonly Guard[] }
  /** Once the configuration is known, a constant. */
  | { kind: 'stateIn'; isIn: (active: ActiveStates) => boolean };

/** What `stateIn` asks about. */
export interface ActiveStates {
  readonly value: StateValue;
  has(node: StateNode): boolean;
}

/** XState's combined guards are functions with a `check` of their own; each kind has one. */
const checkOf = (guard: object): unknown => ('check' in guard ? guard.check : null);
const CHECKS = { and: checkOf(and([])), or: checkOf(or([])), not: checkOf(not(() => true)), stateIn: checkOf(stateIn('')) };

interface GuardSource {
  readonly machine: AnyStateMachine;
  readonly refuse: Refuse;
  readonly where: string;
}

/** @throws OutsideSubsetError */
export function compileGuard(guard: unknown, source: GuardSource): Guard {
  if (typeof guard === 'function') return compileFunction(guard, undefined, source);
  const { type, params } = namedPart(guard, 'guard', source);
  const guards: Readonly<Record<string, unknown>> = source.machine.implementations.guards;
  const implemented = guards[type];
  if (implemented === undefined) return source.refuse(source.where, `guard "${type}" without an implementation`);
  if (typeof implemented !== 'function') return compileGuard(implemented, source);
  return compileFunction(implemented, params, source);
}

function compileFunction(guard: object, params: unknown, source: GuardSource): Guard {
  const check = checkOf(guard);
  if (check === null) return { kind: 'call', guard: guard as Expression, params };
  if (check === CHECKS.stateIn) return compileStateIn('stateValue' in guard ? guard.stateValue : null, source);
  const of = 'guards' in guard && Array.isArray(guard.guards) ? guard.guards.map((each) => compileGuard(each, source)) : [];
  for (const kind of ['and', 'or', 'not'] as const) if (check === CHECKS[kind]) return { kind, of };
  return source.refuse(source.where, 'a guard of an unknown kind');
}

function compileStateIn(asked: unknown, { machine }: GuardSource): Guard {
  if (typeof asked === 'string' && asked.startsWith('#')) {
    const node = machine.getStateNodeById(asked);
    return { kind: 'stateIn', isIn: (active) => active.has(node) };
  }
  return { kind: 'stateIn', isIn: ({ value }) => matchesState(asked as StateValue, value) };
}

/** Asks once; for guards that are not known before they are asked. */
export function holds(guard: Guard, active: ActiveStates, seen: Seen): boolean {
  switch (guard.kind) {
    case 'call':
      return Boolean(guard.guard(seen, typeof guard.params === 'function' ? guard.params(seen) : guard.params));
    case 'and':
      return guard.of.every((each) => holds(each, active, seen));
    case 'or':
      return guard.of.some((each) => holds(each, active, seen));
    case 'not':
      return !guard.of.some((each) => holds(each, active, seen));
    case 'stateIn':
      return guard.isIn(active);
  }
}

/** The same as an expression of source that knows the step under way as `step`. */
export function guardCode(guard: Guard, active: ActiveStates, code: GeneratedCode): string {
  const joined = (operator: string, of: readonly Guard[]) => of.map((each) => `(${guardCode(each, active, code)})`).join(operator);
  switch (guard.kind) {
    case 'call':
      return `${code.nameOf(guard.guard)}(step, ${paramsCode(guard.params, code)})`;
    case 'and':
      return joined(' && ', guard.of) || 'true';
    case 'or':
      return joined(' || ', guard.of) || 'false';
    case 'not':
      return `!(${joined(' || ', guard.of) || 'false'})`;
    case 'stateIn':
      return String(guard.isIn(active));
  }
}

/** Params are static, or computed from context and event. */
export const paramsCode = (params: unknown, code: GeneratedCode): string =>
  typeof params === 'function' ? `${code.nameOf(params)}(step)` : code.nameOf(params);

/** `"name"` or `{ type: "name", params }`, as definitions name guards and actions. */
export function namedPart(part: unknown, kind: string, { refuse, where }: Omit<GuardSource, 'machine'>): { type: string; params: unknown } {
  if (typeof part === 'string') return { type: part, params: undefined };
  if (typeof part !== 'object' || part === null || !('type' in part) || typeof part.type !== 'string')
    return refuse(where, `a ${kind} that is neither a name nor a function`);
  return { type: part.type, params: 'params' in part ? part.params : undefined };
}
