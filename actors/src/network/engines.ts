import { CompiledMachine } from '../engine/compiled-machine.ts';
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

export const isHost = (owner: object | null): owner is ActorHost => owner instanceof XStateHost || owner instanceof CompiledHost;
