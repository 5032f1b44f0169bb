import { NOTHING } from '@corridor/actors/engine/engine-event';
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

/** Deliveries by columns, which are read in a row: what is measured is actors, and no search in memory for what they are told next. */
interface Steps {
  readonly deliveries: readonly Delivery[];
  readonly atMs: Float64Array;
  /** Numbers of the actors: finding them is the network's part. */
  readonly actors: Int32Array;
  /** What is sent; null: the step is no message. */
  readonly events: readonly (AnyActorEvent | null)[];
  readonly answers: readonly (readonly Answer[])[];
}

/** Steps that are played in one call: a loop over all of them would be compiled while it runs the first time, before anything is known of it. */
const STRETCH = 500;

/** Plays a trace to actors alone: no routing, no transition records, no snapshots. */
export class TraceReplay {
  readonly #trace: RecordedTrace;
  readonly #make: MakeHost;
  readonly #steps: Steps;
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
      emitted: (_, emitted) => {
        if (emitted !== NOTHING) counted.emitted += 1;
      },
      changed: () => {
        counted.changed += 1;
      },
      woke: () => undefined,
    };
    const hosts: ActorHost[] = [];
    const before = process.threadCpuUsage();
    for (let from = 0; from < this.#steps.deliveries.length; from += STRETCH) this.#playFrom(from, hosts, services);
    const { user, system } = process.threadCpuUsage(before);
    const { emitted, changed } = this.#trace.outcome;
    assert(counted.emitted === emitted && counted.changed === changed, 'a replay did not do what was recorded');
    return { ...counted, elapsedMs: (user + system) / 1_000 };
  }

  #playFrom(from: number, hosts: ActorHost[], services: HostServices): void {
    const { events, atMs, actors, answers } = this.#steps;
    const until = Math.min(from + STRETCH, events.length);
    for (let at = from; at < until; at += 1) {
      this.#signals.under(answers[at] ?? NO_ANSWERS);
      const event = events[at] ?? null;
      if (event === null) this.#play(at, hosts, services);
      else {
        this.#clock.standAt(atMs[at] as number);
        hosts[actors[at] as number]?.send(event);
      }
    }
  }

  /** What is no message. */
  #play(at: number, hosts: ActorHost[], services: HostServices): void {
    const actor = this.#steps.actors[at] as number;
    const delivery = this.#steps.deliveries[at];
    switch (delivery?.kind) {
      case 'create': {
        this.#clock.standAt(delivery.atMs);
        const host = this.#make({ ref: delivery.ref, kind: delivery.entity, services });
        hosts[actor] = host;
        host.create(delivery.input);
        break;
      }
      case 'fire':
        if (!this.#clock.fireNext(Number.POSITIVE_INFINITY)) assert(false, 'the trace fires a timer that nobody set');
        break;
      case 'end':
        hosts[actor]?.end();
        break;
      default:
        assert(false, `no step ${at}`);
    }
  }
}

const NO_ANSWERS: readonly Answer[] = [];

function stepsOf({ deliveries, originMs }: RecordedTrace): Steps {
  const numbers = new Map<EntityRef, number>();
  const numberOf = (ref: EntityRef): number => {
    const known = numbers.get(ref) ?? numbers.size;
    numbers.set(ref, known);
    return known;
  };
  return {
    deliveries,
    atMs: Float64Array.from(deliveries, (delivery) => ('atMs' in delivery ? delivery.atMs : originMs)),
    actors: Int32Array.from(deliveries, (delivery) => ('ref' in delivery ? numberOf(delivery.ref) : 0)),
    events: deliveries.map((delivery) => (delivery.kind === 'send' ? delivery.event : null)),
    answers: deliveries.map((delivery) => delivery.answers ?? NO_ANSWERS),
  };
}
