import { NOTHING } from '@corridor/actors/engine/engine-event';
import type { AnyActorEvent } from '@corridor/actors/network/actor-event';
import type { ActorHost, Engine, HostServices } from '@corridor/actors/network/actor-host';
import type { Emitted } from '@corridor/actors/network/effect';
import type { EntityKind, EntityRef } from '@corridor/actors/network/entity-ref';
import type { StoredTimer } from '@corridor/actors/network/snapshot-codec';
import type { Timer } from '@corridor/actors/time/virtual-clock';
import type { Delivery, Recorded } from './recorded-trace.ts';

/** An engine that writes down what its network does with its actors. @param answers what an actor asked for since the last time */
export const recording =
  (engine: Engine, recorded: Recorded): Engine =>
  (machines) => {
    const make = engine(machines);
    return ({ ref, kind, services }) =>
      new RecordingHost({ ref, kind, services, recorded, make: (listening) => make({ ref, kind, services: listening }) });
  };

/** Writes down what a network does with an actor; the actor itself is another's. */
class RecordingHost implements ActorHost {
  readonly ref: EntityRef;
  readonly #kind: EntityKind;
  readonly #recorded: Recorded;
  readonly #services: HostServices;
  readonly #actor: ActorHost;
  #isTold = false;

  constructor(of: {
    ref: EntityRef;
    kind: EntityKind;
    services: HostServices;
    recorded: Recorded;
    make: (services: HostServices) => ActorHost;
  }) {
    this.ref = of.ref;
    this.#kind = of.kind;
    this.#recorded = of.recorded;
    this.#services = of.services;
    this.#actor = of.make({
      clock: of.services.clock,
      emitted: (_, emitted: Emitted) => {
        if (emitted !== NOTHING) this.#recorded.outcome.emitted += 1;
        of.services.emitted(this, emitted);
      },
      changed: (_, from, event) => {
        this.#recorded.outcome.changed += 1;
        of.services.changed(this, from, event);
      },
      woke: () => {
        // Nobody told it anything: the clock did.
        if (!this.#isTold) this.#begin({ kind: 'fire' });
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
    this.#begin({ kind: 'create', atMs: this.#services.clock.nowMs, ref: this.ref, entity: this.#kind, input });
    this.#telling(() => this.#actor.create(input));
  }
  send(event: AnyActorEvent): void {
    this.#begin({ kind: 'send', atMs: this.#services.clock.nowMs, ref: this.ref, event });
    this.#telling(() => this.#actor.send(event));
  }
  end(): void {
    this.#begin({ kind: 'end', ref: this.ref });
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

  #begin(delivery: Delivery): void {
    this.#recorded.deliveries.push(delivery);
    this.#recorded.signals.under(delivery);
  }
}
