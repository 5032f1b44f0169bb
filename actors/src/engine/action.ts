import type { AnyStateMachine } from 'xstate';
import type { EngineContext, EngineEvent, Expression } from './engine-event.ts';
import { namedPart } from './guard.ts';
import type { Refuse } from './outside-subset.ts';

/** An action of a definition, with everything looked up that can be beforehand. What is a function is asked when it runs. */
export type Action = { readonly params: unknown } & (
  | { readonly kind: 'assign'; readonly fields: readonly (readonly [name: string, value: unknown])[] }
  /** The fields are known only when it runs. */
  | { readonly kind: 'assignPart'; readonly partOf: Expression }
  | { readonly kind: 'emit'; readonly event: unknown }
  | { readonly kind: 'raise'; readonly event: unknown; readonly delay: unknown; readonly timer: string }
  | { readonly kind: 'sendTo'; readonly to: unknown; readonly event: unknown; readonly delay: unknown; readonly timer: string }
  | { readonly kind: 'cancel'; readonly timer: unknown }
  | { readonly kind: 'enqueueActions'; readonly collect: Collect; readonly source: ActionSource }
);

export type Collect = (
  of: { context: EngineContext; event: EngineEvent; enqueue: unknown; check: (guard: unknown) => unknown },
  params: unknown,
) => void;

export interface ActionSource {
  readonly machine: AnyStateMachine;
  readonly refuse: Refuse;
  readonly where: string;
}

type BuiltIn = Readonly<Record<string, unknown>> & { readonly type: string };

/** @throws OutsideSubsetError */
export function compileAction(action: unknown, source: ActionSource): Action {
  if (typeof action === 'function') return compileBuiltIn(action, undefined, source);
  const { type, params } = namedPart(action, 'action', source);
  const actions: Readonly<Record<string, unknown>> = source.machine.implementations.actions;
  const implemented = actions[type];
  if (implemented === undefined) return source.refuse(source.where, `action "${type}" without an implementation`);
  if (typeof implemented !== 'function') return source.refuse(source.where, `action "${type}", which is no function,`);
  return compileBuiltIn(implemented, params, source);
}

function compileBuiltIn(action: object, params: unknown, source: ActionSource): Action {
  if (!('resolve' in action) || !('type' in action)) return source.refuse(source.where, 'an action with an effect of its own');
  const builtIn = action as BuiltIn;
  switch (builtIn.type) {
    case 'xstate.assign': {
      const assignment = builtIn['assignment'];
      if (typeof assignment === 'function') return { kind: 'assignPart', partOf: assignment as Expression, params };
      return { kind: 'assign', fields: Object.entries(assignment as object), params };
    }
    case 'xstate.emit':
      return { kind: 'emit', event: builtIn['event'], params };
    case 'xstate.raise':
      return { kind: 'raise', event: eventOf(builtIn, source), ...delayOf(builtIn, source), params };
    case 'xstate.sendTo':
      if (typeof builtIn['to'] === 'string') return source.refuse(source.where, `sendTo by the name "${builtIn['to']}"`);
      return { kind: 'sendTo', to: builtIn['to'], event: eventOf(builtIn, source), ...delayOf(builtIn, source), params };
    case 'xstate.cancel':
      return { kind: 'cancel', timer: builtIn['sendId'], params };
    case 'xstate.enqueueActions':
      return { kind: 'enqueueActions', collect: builtIn['collect'] as Collect, source, params };
    default:
      return source.refuse(source.where, `action "${builtIn.type}"`);
  }
}

function eventOf({ type, event }: BuiltIn, { refuse, where }: ActionSource): unknown {
  return typeof event === 'string' ? refuse(where, `"${type}" of an event that is only a name`) : event;
}

/** A delay [ms], undefined: at once; and the name that its timer is stored by. */
function delayOf({ type, id, delay }: BuiltIn, { machine, refuse, where }: ActionSource): { delay: unknown; timer: string } {
  if (delay !== undefined && typeof id !== 'string') return refuse(where, `a delayed "${type}" without an id`);
  const timer = String(id);
  if (typeof delay !== 'string') return { delay, timer };
  const delays: Readonly<Record<string, unknown>> = machine.implementations.delays;
  return delay in delays ? { delay: delays[delay], timer } : refuse(where, `delay "${delay}" without an implementation`);
}
