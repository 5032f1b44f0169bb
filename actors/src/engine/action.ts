import { assert } from '@corridor/protocols/assert';
import { type AnyActorRef, type AnyEventObject, type AnyStateMachine, assign, cancel, emit, raise, sendTo } from 'xstate';
import type { EngineContext, EngineEvent, Expression, Seen } from './engine-event.ts';
import { type ActiveStates, compileGuard, namedPart } from './guard.ts';
import type { Refuse } from './outside-subset.ts';

/** Somebody of its own to whom an actor may send at once. */
export interface Recipient {
  send(event: EngineEvent): void;
}

/** What an action asks for; done in order after the macrostep, when the actor stands in its new state. */
export type Deferred =
  | { kind: 'emit'; emitted: EngineEvent }
  /** To itself when `to` is null. */
  | { kind: 'send'; to: Recipient | null; event: EngineEvent }
  | { kind: 'schedule'; timer: string; event: EngineEvent; delayMs: number }
  | { kind: 'cancel'; timer: string };

/** The macrostep under way, as far as actions see and change it. */
export interface Running extends Seen {
  context: EngineContext;
  /** The configuration before this microstep. */
  readonly active: ActiveStates;
  /** An assign ran in this microstep. */
  assigned: boolean;
  raise(event: EngineEvent): void;
  defer(deferred: Deferred): void;
}

/** One thing that a transition does, with everything looked up that can be beforehand. */
export type Operation = (running: Running) => void;

export interface ActionSource {
  readonly machine: AnyStateMachine;
  readonly refuse: Refuse;
  readonly where: string;
}

type BuiltIn = Readonly<Record<string, unknown>> & { readonly type: string };

/** @throws OutsideSubsetError */
export function compileAction(action: unknown, source: ActionSource): Operation {
  if (typeof action === 'function') return compileBuiltIn(action, undefined, source);
  const { type, params } = namedPart(action, 'action', source);
  const actions: Readonly<Record<string, unknown>> = source.machine.implementations.actions;
  const implemented = actions[type];
  if (implemented === undefined) return source.refuse(source.where, `action "${type}" without an implementation`);
  if (typeof implemented !== 'function') return source.refuse(source.where, `action "${type}", which is no function,`);
  return compileBuiltIn(implemented, params, source);
}

/** A part of a definition that is either a value or computed when the action runs. */
type Computed = (seen: Seen, params: unknown) => unknown;
const computed = (given: unknown): Computed => (typeof given === 'function' ? (given as Expression) : () => given);

/** Params are static, or computed from context and event. */
type ParamsOf = (seen: Seen) => unknown;
const paramsOf = (params: unknown): ParamsOf => (typeof params === 'function' ? (params as Expression) : () => params);

function compileBuiltIn(action: object, given: unknown, source: ActionSource): Operation {
  if (!('resolve' in action) || !('type' in action)) return source.refuse(source.where, 'an action with an effect of its own');
  const builtIn = action as BuiltIn;
  const params = paramsOf(given);
  switch (builtIn.type) {
    case 'xstate.assign':
      return compileAssign(builtIn['assignment'], params);
    case 'xstate.emit':
      return compileEmit(builtIn['event'], params);
    case 'xstate.raise':
      return compileRaise(builtIn, params, source);
    case 'xstate.sendTo':
      return compileSendTo(builtIn, params, source);
    case 'xstate.cancel':
      return compileCancel(builtIn['sendId'], params);
    case 'xstate.enqueueActions':
      return compileEnqueueActions(builtIn['collect'] as Collect, params, source);
    default:
      return source.refuse(source.where, `action "${builtIn.type}"`);
  }
}

/** Each assign makes a new context, and all its fields are computed from the old one. */
function compileAssign(assignment: unknown, paramsOf: ParamsOf): Operation {
  if (typeof assignment === 'function')
    return (running) => {
      const params = paramsOf(running);
      const part: unknown = assignment(running, params);
      running.context = Object.assign(Object.assign({}, running.context), part);
      running.assigned = true;
    };
  const names = Object.keys(assignment as object);
  const values: unknown[] = Object.values(assignment as object);
  return (running) => {
    const params = paramsOf(running);
    // Not a spread: that is ten times slower where contexts of many shapes pass.
    const next: Record<string, unknown> = Object.assign({}, running.context);
    for (let index = 0; index < names.length; index += 1) {
      const value = values[index];
      next[names[index] as string] = typeof value === 'function' ? value(running, params) : value;
    }
    running.context = next;
    running.assigned = true;
  };
}

function compileEmit(event: unknown, paramsOf: ParamsOf): Operation {
  const emittedOf = computed(event);
  return (running) => {
    const params = paramsOf(running);
    const emitted = emittedOf(running, params) as EngineEvent;
    running.defer({ kind: 'emit', emitted });
  };
}

/** A delay in ms; undefined: at once. */
function delayOf(delay: unknown, { machine, refuse, where }: ActionSource): Computed {
  if (typeof delay !== 'string') return computed(delay);
  const delays: Readonly<Record<string, unknown>> = machine.implementations.delays;
  return delay in delays ? computed(delays[delay]) : refuse(where, `delay "${delay}" without an implementation`);
}

/** Timers are stored by their name. */
function timerOf({ type, id, delay }: BuiltIn, { refuse, where }: ActionSource): string {
  if (delay !== undefined && typeof id !== 'string') return refuse(where, `a delayed "${type}" without an id`);
  return String(id);
}

function compileRaise(builtIn: BuiltIn, paramsOf: ParamsOf, source: ActionSource): Operation {
  if (typeof builtIn['event'] === 'string') return source.refuse(source.where, 'raise of an event that is only a name');
  const eventOf = computed(builtIn['event']);
  const delay = delayOf(builtIn['delay'], source);
  const timer = timerOf(builtIn, source);
  return (running) => {
    const params = paramsOf(running);
    const event = eventOf(running, params) as EngineEvent;
    const delayMs = delay(running, params);
    if (typeof delayMs === 'number') running.defer({ kind: 'schedule', timer, event, delayMs });
    else running.raise(event);
  };
}

function compileSendTo(builtIn: BuiltIn, paramsOf: ParamsOf, source: ActionSource): Operation {
  if (typeof builtIn['event'] === 'string') return source.refuse(source.where, 'sendTo with an event that is only a name');
  if (typeof builtIn['to'] === 'string') return source.refuse(source.where, `sendTo by the name "${builtIn['to']}"`);
  const recipientOf = computed(builtIn['to']);
  const eventOf = computed(builtIn['event']);
  const delay = delayOf(builtIn['delay'], source);
  const timer = timerOf(builtIn, source);
  return (running) => {
    const params = paramsOf(running);
    const event = eventOf(running, params) as EngineEvent;
    const delayMs = delay(running, params);
    const to = recipient(recipientOf(running, params));
    if (typeof delayMs !== 'number') running.defer({ kind: 'send', to, event });
    else {
      assert(to === null, `${timer} is a delayed event to somebody else, which no snapshot keeps`);
      running.defer({ kind: 'schedule', timer, event, delayMs });
    }
  };
}

/** @returns null for itself: XState sends to the sender what has no recipient */
function recipient(to: unknown): Recipient | null {
  if (to === undefined || to === null) return null;
  assert(typeof to === 'object' && 'send' in to && typeof to.send === 'function', 'sendTo somebody who takes no events');
  return to as Recipient;
}

function compileCancel(timer: unknown, paramsOf: ParamsOf): Operation {
  const timerOf = computed(timer);
  return (running) => {
    const params = paramsOf(running);
    running.defer({ kind: 'cancel', timer: String(timerOf(running, params)) });
  };
}

type Collect = (
  of: { context: EngineContext; event: EngineEvent; enqueue: unknown; check: (guard: unknown) => unknown },
  params: unknown,
) => void;

/** What it does is known only when it runs: compiled each time, so not for hot paths. */
function compileEnqueueActions(collect: Collect, paramsOf: ParamsOf, source: ActionSource): Operation {
  return (running) => {
    const params = paramsOf(running);
    const { context, event } = running;
    const actions: unknown[] = [];
    const refused = (name: string) => () => source.refuse(source.where, `enqueue.${name}`);
    const enqueue = Object.assign((action: unknown) => actions.push(action), {
      assign: (...given: Parameters<typeof assign>) => actions.push(assign(...given)),
      cancel: (...given: Parameters<typeof cancel>) => actions.push(cancel(...given)),
      emit: (...given: Parameters<typeof emit>) => actions.push(emit(...given)),
      raise: (event: AnyEventObject, options?: Parameters<typeof raise>[1]) => actions.push(raise(event, options)),
      sendTo: (to: AnyActorRef, event: AnyEventObject, options?: Parameters<typeof sendTo>[2]) => actions.push(sendTo(to, event, options)),
      sendParent: refused('sendParent'),
      spawnChild: refused('spawnChild'),
      stopChild: refused('stopChild'),
    });
    const check = (guard: unknown) => compileGuard(guard, source)(running.active)(running);
    collect({ context, event, enqueue, check }, params);
    for (const action of actions) compileAction(action, source)(running);
  };
}
