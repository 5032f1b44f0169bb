import type { AnyActorEvent } from '@corridor/actors/network/actor-event';
import type { ActorHost, HostServices, MakeHost } from '@corridor/actors/network/actor-host';
import { ENGINES, type EngineName } from '@corridor/actors/network/engines';
import type { EntityRef } from '@corridor/actors/network/entity-ref';
import { machinesOf } from '@corridor/actors/network/machine-catalogue';
import { VirtualClock } from '@corridor/actors/time/virtual-clock';
import { assert } from '@corridor/protocols/assert';
import { type Answer, RecordedSignals } from './recorded-signals.ts';
import type { Delivery, RecordedTrace } from './recorded-trace.ts';

export interface Replayed {
  /** Processor time of this thread: what else a machine does is not in it. */
  elapsedMs: number;
  /** Deliveries that an actor ran. */
  events: number;
  /** What came of it; the same under both engines. */
  emitted: number;
  changed: number;
}

/** A delivery as it is played: all of one shape, so that what is measured is actors and not the search for a field. */
interface Step {
  readonly kind: Delivery['kind'];
  readonly atMs: number;
  /** Number of the actor: finding it is the network's part. */
  readonly actor: number;
  readonly event: AnyActorEvent | null;
  readonly made: (Delivery & { kind: 'create' }) | null;
  readonly answers: readonly Answer[];
}

/** Steps that are played in one call: a loop over all of them would be compiled while it runs the first time, before anything is known of it. */
const STRETCH = 500;

/** Plays a trace to actors alone: no routing, no transition records, no snapshots. */
export class TraceReplay {
  readonly #trace: RecordedTrace;
  readonly #make: MakeHost;
  readonly #steps: readonly Step[];
  readonly #events: number;
  readonly #signals = new RecordedSignals();
  #clock: VirtualClock;

  constructor(engine: EngineName, trace: RecordedTrace) {
    this.#trace = trace;
    this.#steps = stepsOf(trace);
    this.#events = trace.deliveries.filter(({ kind }) => kind !== 'end').length;
    this.#clock = new VirtualClock(trace.originMs);
    const { reference } = trace;
    const surroundings = { reference, signals: this.#signals, nowMs: () => this.#clock.nowMs, omitsDerivations: true, omitsRows: true };
    this.#make = ENGINES[engine](machinesOf(surroundings));
  }

  run(): Replayed {
    this.#clock = new VirtualClock(this.#trace.originMs);
    const counted = { events: this.#events, emitted: 0, changed: 0 };
    const services: HostServices = {
      clock: this.#clock,
      emitted: () => {
        counted.emitted += 1;
      },
      changed: () => {
        counted.changed += 1;
      },
      woke: () => undefined,
    };
    const hosts: ActorHost[] = [];
    const before = process.threadCpuUsage();
    for (let from = 0; from < this.#steps.length; from += STRETCH) this.#playFrom(from, hosts, services);
    const { user, system } = process.threadCpuUsage(before);
    const { emitted, changed } = this.#trace.outcome;
    assert(counted.emitted === emitted && counted.changed === changed, 'a replay did not do what was recorded');
    return { ...counted, elapsedMs: (user + system) / 1_000 };
  }

  #playFrom(from: number, hosts: ActorHost[], services: HostServices): void {
    const until = Math.min(from + STRETCH, this.#steps.length);
    for (let at = from; at < until; at += 1) {
      const step = this.#steps[at] as Step;
      this.#signals.under(step.answers);
      if (step.event === null) this.#play(step, hosts, services);
      else {
        this.#clock.standAt(step.atMs);
        hosts[step.actor]?.send(step.event);
      }
    }
  }

  /** What is no message. */
  #play({ kind, atMs, actor, made }: Step, hosts: ActorHost[], services: HostServices): void {
    switch (kind) {
      case 'create': {
        this.#clock.standAt(atMs);
        if (made === null) assert(false, 'an actor is made of nothing');
        const host = this.#make({ ref: made.ref, kind: made.entity, services });
        hosts[actor] = host;
        host.create(made.input);
        break;
      }
      case 'fire':
        if (!this.#clock.fireNext(Number.POSITIVE_INFINITY)) assert(false, 'the trace fires a timer that nobody set');
        break;
      case 'end':
        hosts[actor]?.end();
        break;
      case 'send':
        assert(false, 'nothing is sent');
    }
  }
}

function stepsOf({ deliveries, originMs }: RecordedTrace): Step[] {
  const numbers = new Map<EntityRef, number>();
  const numberOf = (ref: EntityRef): number => {
    const known = numbers.get(ref) ?? numbers.size;
    numbers.set(ref, known);
    return known;
  };
  return deliveries.map((delivery) => ({
    kind: delivery.kind,
    atMs: 'atMs' in delivery ? delivery.atMs : originMs,
    actor: 'ref' in delivery ? numberOf(delivery.ref) : 0,
    event: delivery.kind === 'send' ? delivery.event : null,
    made: delivery.kind === 'create' ? delivery : null,
    answers: delivery.answers ?? [],
  }));
}
