import { assert } from '@corridor/protocols/assert';
import { CompiledMachine } from '../engine/compiled-machine.ts';
import type { Timer } from '../time/virtual-clock.ts';
import type { ActorHost, Engine } from './actor-host.ts';
import { CompiledHost } from './compiled-host.ts';
import type { EntityKind } from './entity-ref.ts';
import { XStateHost } from './xstate-host.ts';

/** `xstate`: the interpreter, the oracle, live. `compiled`: the same machines as tables, for simulations. Both store the same snapshots. */
export type EngineName = 'xstate' | 'compiled';

export const ENGINES: Readonly<Record<EngineName, Engine>> = {
  xstate:
    (machines) =>
    ({ ref, kind, services }) =>
      new XStateHost({ ref, machine: machines[kind], services }),
  compiled: (machines) => {
    const compiled = new Map<EntityKind, CompiledMachine>();
    return ({ ref, kind, services }) => {
      const machine = compiled.get(kind) ?? new CompiledMachine(machines[kind]);
      compiled.set(kind, machine);
      return new CompiledHost({ ref, machine, services });
    };
  },
};

/** The actor that set a timer. */
export function ownerOf({ owner, dueAtMs }: Timer): ActorHost {
  assert(owner instanceof XStateHost || owner instanceof CompiledHost, `the timer due at ${dueAtMs} belongs to no actor`);
  return owner;
}
