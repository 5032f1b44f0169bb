import { type AnyStateMachine, transition } from 'xstate';
import type { AnyActorEvent } from './actor-event.ts';
import { stateText } from './state-text.ts';

/** Nothing at all happened: no other state, no change of context, nothing emitted. */
export const IGNORED = 'ignored';

/**
 * What an event does in a state: the state after it, or `ignored`. A state that stays the same in the table means that the
 * event was taken: it changed what the actor knows, or it said something.
 */
export function outcomeOf(machine: AnyStateMachine, from: { value: string; context: unknown }, event: AnyActorEvent): string {
  const before = machine.resolveState({ value: from.value, context: from.context });
  const [after, actions] = transition(machine, before, event);
  const isSilent = actions.every(({ type, params }: { type: string; params: unknown }) => type === 'xstate.emit' && isEmpty(params));
  const isSame = JSON.stringify(after.context, bigintText) === JSON.stringify(before.context, bigintText);
  const value = stateText(after.value);
  return value === from.value && isSilent && isSame ? IGNORED : value;
}

/** `many` of nothing. */
function isEmpty(params: unknown): boolean {
  const { event } = params as { event?: { type?: string; emitted?: readonly unknown[] } };
  return event?.type === 'many' && event.emitted?.length === 0;
}

const bigintText = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value);
