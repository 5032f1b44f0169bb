import type { AnyStateMachine } from 'xstate';
import { CompiledMachine } from '../engine/compiled-machine.ts';
import { NOTHING } from '../engine/engine-event.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import type { AnyActorEvent } from './actor-event.ts';
import type { ActorHost, HostServices } from './actor-host.ts';
import { CompiledHost } from './compiled-host.ts';
import type { EngineName } from './engines.ts';
import { decodeContext, encodeContext, type StoredTimer } from './snapshot-codec.ts';
import { XStateHost } from './xstate-host.ts';

/** What is done to an actor. `restore`: put back from what would be stored, under the same engine or the other. */
export type Act =
  | { kind: 'send'; event: AnyActorEvent }
  | { kind: 'wait'; ms: number }
  | { kind: 'restore'; changesEngine: boolean }
  | { kind: 'drop' };

export interface EngineRun {
  engine: EngineName;
  /** Whether a restore may go over to the other engine. */
  mayChange: boolean;
  /** A machine of its own: its functions write into `lines`. */
  machineOf: (lines: unknown[], clock: VirtualClock) => AnyStateMachine;
  from: { input: unknown } | { value: unknown; context: unknown };
  atMs?: number;
}

/** Timers that fire themselves anew at once would never end a wait. */
const FIRED_MAX = 40;
const other = (engine: EngineName): EngineName => (engine === 'xstate' ? 'compiled' : 'xstate');

/** Everything that a network would see of one actor, and what its functions saw, in order. */
export function linesOf({ engine, mayChange, machineOf, from, atMs = 0 }: EngineRun, acts: readonly Act[]): unknown[] {
  const lines: unknown[] = [];
  let clock = new VirtualClock(atMs);
  const time = {
    get nowMs() {
      return clock.nowMs;
    },
  } as VirtualClock;
  const machine = machineOf(lines, time);
  let running = engine;
  const make = (): ActorHost => {
    const services: HostServices = {
      clock,
      emitted: (_, emitted) => {
        // Only XState takes the trouble to say it.
        if (emitted !== NOTHING) lines.push(['emitted', emitted]);
      },
      woke: () => undefined,
      changed: (host, before, event) => lines.push(['changed', before, host.value, event, host.done]),
    };
    const ref = 'truck:T1' as const;
    return running === 'xstate'
      ? new XStateHost({ ref, machine, services })
      : new CompiledHost({ ref, machine: new CompiledMachine(machine), services });
  };
  let host = make();
  const restore = (stored: { value: unknown; context: unknown; due: readonly StoredTimer[] }) => {
    const nowMs = clock.nowMs;
    host.end();
    clock = new VirtualClock(nowMs);
    host = make();
    host.restore({ ...stored, context: decodeContext(stored.context) });
  };
  const act = (each: Act) => {
    if (each.kind === 'send') host.send(each.event);
    else if (each.kind === 'wait') {
      const untilMs = clock.nowMs + each.ms;
      for (let fired = 0; fired < FIRED_MAX && !host.done && clock.fireNext(untilMs); fired += 1);
    } else if (each.kind === 'drop') {
      if (clock.next !== null) host.dropTimer(clock.next);
    } else {
      if (each.changesEngine && mayChange) running = other(running);
      restore(
        JSON.parse(JSON.stringify({ value: host.value, context: encodeContext(host.context), due: host.due() })) as Parameters<
          typeof restore
        >[0],
      );
    }
    const { value, context, done } = host;
    // A function may give the context what no snapshot takes; it is compared all the same.
    lines.push(['stands', clock.nowMs, value, structuredClone(context), host.due(), done]);
  };
  try {
    if ('input' in from) host.create(from.input);
    else restore({ ...from, context: encodeContext(from.context), due: [] });
    lines.push(['begins', host.value, structuredClone(host.context), host.due(), host.done]);
    // Nobody sends to an actor that has ended: the network forgets it.
    for (const each of acts) if (!host.done) act(each);
  } catch (cause) {
    lines.push(['failed', firstSentence(cause)]);
  }
  return lines;
}

/** XState goes on to explain where loops come from. */
const firstSentence = (cause: unknown) => String(cause).replace(/(without reaching a stable state\.).*/s, '$1');

/** As text, so that the order of keys counts too. */
export const textOf = (lines: readonly unknown[]): string[] =>
  lines.map((line) =>
    JSON.stringify(line, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value === undefined ? '-' : value)),
  );
