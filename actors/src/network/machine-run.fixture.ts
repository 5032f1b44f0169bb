import { type AnyStateMachine, createActor } from 'xstate';
import { VirtualClock } from '../time/virtual-clock.ts';
import type { AnyActorEvent } from './actor-event.ts';
import type { Effect, Emitted } from './effect.ts';
import type { EntityRef } from './entity-ref.ts';
import { atMs, surroundings } from './example-surroundings.fixture.ts';
import type { SignalReader, Surroundings } from './reference.ts';
import { stateText } from './state-text.ts';

export interface MachineRun {
  clock: VirtualClock;
  send(...events: AnyActorEvent[]): void;
  state(): string;
  context(): unknown;
  /** Everything emitted since the last call, `many` taken apart. */
  take(): Emitted[];
  /** Messages since the last call, as `kind:id event`. */
  told(): string[];
  /** Effects since the last call. */
  effects(): Effect[];
}

/** What a run is started from: an input, or a state with its context. */
type From = { input: unknown } | { value: string; context: unknown };

/** Runs one machine alone under a clock of its own, with the reference of the examples. */
export function runMachine(
  machineOf: (surroundings: Surroundings) => AnyStateMachine,
  from: From,
  signals: Partial<SignalReader> = {},
): MachineRun {
  const clock = new VirtualClock(atMs);
  const machine = machineOf({ ...surroundings, signals: { ...surroundings.signals, ...signals }, nowMs: () => clock.nowMs });
  const started =
    'input' in from ? { input: from.input } : { snapshot: machine.resolveState({ value: from.value, context: from.context }) };
  const actor = createActor(machine, { ...started, clock });
  let emitted: Emitted[] = [];
  let failure: unknown = null;
  actor.subscribe({ error: (cause: unknown) => (failure = cause) });
  actor.on('*', (each: unknown) => emitted.push(...flat(each as Emitted)));
  actor.start();
  const take = () => emitted.splice(0);
  return {
    clock,
    send(...events) {
      for (const event of events) actor.send(event);
      if (failure !== null) throw failure;
    },
    state: () => stateText(actor.getSnapshot().value),
    context: (): unknown => actor.getSnapshot().context,
    take,
    told: () => take().flatMap((each) => (each.type === 'tell' ? [`${each.to} ${each.event.type}`] : [])),
    effects: () => take().flatMap((each) => (each.type === 'effect' ? [each.effect] : [])),
  };
}

const flat = (emitted: Emitted): Emitted[] => (emitted.type === 'many' ? emitted.emitted.flatMap(flat) : [emitted]);

/** The messages to one actor among what was emitted. */
export const messagesTo = (emitted: readonly Emitted[], to: EntityRef): AnyActorEvent[] =>
  emitted.flatMap((each) => (each.type === 'tell' && each.to === to ? [each.event] : []));

export const alarms = (effects: readonly Effect[]): string[] =>
  effects.flatMap((effect) =>
    effect.type === 'alarm.raised' ? [`+${effect.alarmId}`] : effect.type === 'alarm.cleared' ? [`-${effect.alarmId}`] : [],
  );
