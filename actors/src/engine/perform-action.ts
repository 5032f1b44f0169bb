import { type AnyActorRef, type AnyEventObject, assign, cancel, emit, raise, sendTo } from 'xstate';
import { type Action, compileAction } from './action.ts';
import type { EngineEvent, Seen } from './engine-event.ts';
import { compileGuard, holds } from './guard.ts';
import type { Running } from './running.ts';

const computed = (given: unknown, seen: Seen, params: unknown): unknown =>
  typeof given === 'function' ? (given(seen, params) as unknown) : given;

/** Does an action that was not known before: one that `enqueueActions` asks for. Others are done by generated code. */
export function performAction(action: Action, running: Running): void {
  const params = typeof action.params === 'function' ? (action.params(running) as unknown) : action.params;
  switch (action.kind) {
    case 'assign': {
      const fields = action.fields.map(([name, value]) => [name, computed(value, running, params)] as const);
      running.put(Object.assign({}, running.context, Object.fromEntries(fields)));
      break;
    }
    case 'assignPart':
      running.put(Object.assign({}, running.context, action.partOf(running, params)));
      break;
    case 'emit':
      running.emit(computed(action.event, running, params) as EngineEvent);
      break;
    case 'raise':
      running.raiseAfter(computed(action.event, running, params) as EngineEvent, computed(action.delay, running, params), action.timer);
      break;
    case 'sendTo': {
      const event = computed(action.event, running, params) as EngineEvent;
      const delayMs = computed(action.delay, running, params);
      running.sendTo(computed(action.to, running, params), event, delayMs, action.timer);
      break;
    }
    case 'cancel':
      running.cancel(computed(action.timer, running, params));
      break;
    case 'enqueueActions':
      enqueueActions(action, params, running);
      break;
  }
}

/** What it does is known only when it runs: compiled each time, so not for hot paths. */
export function enqueueActions({ collect, source }: Action & { kind: 'enqueueActions' }, params: unknown, running: Running): void {
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
  const check = (guard: unknown) => holds(compileGuard(guard, source), running.active, running);
  collect({ context, event, enqueue, check }, params);
  for (const action of actions) performAction(compileAction(action, source), running);
}
