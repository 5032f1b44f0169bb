import { readFileSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { AnyActorEvent } from '@corridor/actors/network/actor-event';
import type { ActorHost, Engine, HostServices } from '@corridor/actors/network/actor-host';
import { NOON_MS, REQUIRED_WH, smallFile, startCorridor } from '@corridor/actors/network/corridor.fixture';
import type { Emitted } from '@corridor/actors/network/effect';
import { ENGINES } from '@corridor/actors/network/engines';
import type { EntityKind, EntityRef } from '@corridor/actors/network/entity-ref';
import { deedArbitrary, RandomTraffic } from '@corridor/actors/network/random-traffic.fixture';
import { ReferenceStore } from '@corridor/actors/network/reference-store';
import type { StoredTimer } from '@corridor/actors/network/snapshot-codec';
import type { Timer } from '@corridor/actors/time/virtual-clock';
import { sample } from 'fast-check';

/** One thing that a network did with one of its actors. */
export type Delivery =
  | { kind: 'create'; atMs: number; ref: EntityRef; entity: EntityKind; input: unknown }
  | { kind: 'send'; atMs: number; ref: EntityRef; event: AnyActorEvent }
  /** The next timer of all. */
  | { kind: 'fire' }
  | { kind: 'end'; ref: EntityRef };

export interface RecordedTrace {
  deliveries: Delivery[];
  reference: ReferenceStore;
}

export const DEEDS_SEED = 20_261_122;

/** What the actors of a small corridor are told while its gateways and drivers do so many things, all of the full model. */
export function recordTrace(deeds: number): RecordedTrace {
  const deliveries: Delivery[] = [];
  const corridor = startCorridor({ engine: recording(ENGINES.xstate, deliveries), awakeMax: Number.POSITIVE_INFINITY });
  const traffic = new RandomTraffic(corridor, NOON_MS);
  for (const deed of sample(deedArbitrary, { numRuns: deeds, seed: DEEDS_SEED })) traffic.play(deed);
  traffic.end();
  return { deliveries, reference: corridor.reference };
}

/** Keeps a trace for other processes. */
export function writeTrace(file: string, { deliveries }: RecordedTrace): void {
  writeFileSync(file, serialize(deliveries));
}

export function readTrace(file: string): RecordedTrace {
  const deliveries = deserialize(readFileSync(file)) as Delivery[];
  return { deliveries, reference: ReferenceStore.of(smallFile(), () => REQUIRED_WH) };
}

const recording =
  (engine: Engine, deliveries: Delivery[]): Engine =>
  (machines) => {
    const make = engine(machines);
    return ({ ref, kind, services }) =>
      new RecordingHost({ ref, kind, services, deliveries, make: (listening) => make({ ref, kind, services: listening }) });
  };

/** Writes down what a network does with an actor; the actor itself is another's. */
class RecordingHost implements ActorHost {
  readonly ref: EntityRef;
  readonly #kind: EntityKind;
  readonly #deliveries: Delivery[];
  readonly #services: HostServices;
  readonly #actor: ActorHost;
  #isTold = false;

  constructor(of: {
    ref: EntityRef;
    kind: EntityKind;
    services: HostServices;
    deliveries: Delivery[];
    make: (services: HostServices) => ActorHost;
  }) {
    this.ref = of.ref;
    this.#kind = of.kind;
    this.#deliveries = of.deliveries;
    this.#services = of.services;
    this.#actor = of.make({
      clock: of.services.clock,
      emitted: (_, emitted: Emitted) => of.services.emitted(this, emitted),
      changed: (_, from, event) => of.services.changed(this, from, event),
      woke: () => {
        // Nobody told it anything: the clock did.
        if (!this.#isTold) this.#deliveries.push({ kind: 'fire' });
        of.services.woke(this);
      },
    });
  }

  get value(): unknown {
    return this.#actor.value;
  }
  get context(): unknown {
    return this.#actor.context;
  }
  get done(): boolean {
    return this.#actor.done;
  }
  due(): StoredTimer[] {
    return this.#actor.due();
  }
  create(input: unknown): void {
    this.#deliveries.push({ kind: 'create', atMs: this.#services.clock.nowMs, ref: this.ref, entity: this.#kind, input });
    this.#telling(() => this.#actor.create(input));
  }
  send(event: AnyActorEvent): void {
    this.#deliveries.push({ kind: 'send', atMs: this.#services.clock.nowMs, ref: this.ref, event });
    this.#telling(() => this.#actor.send(event));
  }
  end(): void {
    this.#deliveries.push({ kind: 'end', ref: this.ref });
    this.#actor.end();
  }
  restore(stored: Parameters<ActorHost['restore']>[0]): void {
    this.#actor.restore(stored);
  }
  nameOf(timer: Timer): string {
    return this.#actor.nameOf(timer);
  }
  dropTimer(timer: Timer): void {
    this.#actor.dropTimer(timer);
  }
  sleep(): void {
    this.#actor.sleep();
  }

  #telling(tell: () => void): void {
    this.#isTold = true;
    tell();
    this.#isTold = false;
  }
}
