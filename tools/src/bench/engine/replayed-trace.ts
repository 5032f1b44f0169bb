import type { ActorHost, HostServices, MakeHost } from '@corridor/actors/network/actor-host';
import { ENGINES, type EngineName } from '@corridor/actors/network/engines';
import type { EntityRef } from '@corridor/actors/network/entity-ref';
import { machinesOf } from '@corridor/actors/network/machine-catalogue';
import { VirtualClock } from '@corridor/actors/time/virtual-clock';
import { assert } from '@corridor/protocols/assert';
import { RecordedSignals } from './recorded-signals.ts';
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

/** Plays a trace to actors alone: no routing, no transition records, no snapshots. */
export class TraceReplay {
  readonly #trace: RecordedTrace;
  readonly #make: MakeHost;
  /** Number of the actor of each delivery: finding it is the network's part. */
  readonly #actors: readonly number[];
  readonly #signals = new RecordedSignals();
  #clock: VirtualClock;

  constructor(engine: EngineName, trace: RecordedTrace) {
    this.#trace = trace;
    this.#actors = actorsOf(trace);
    this.#clock = new VirtualClock(trace.originMs);
    const { reference } = trace;
    const surroundings = { reference, signals: this.#signals, nowMs: () => this.#clock.nowMs, omitsDerivations: true };
    this.#make = ENGINES[engine](machinesOf(surroundings));
  }

  run(): Replayed {
    this.#clock = new VirtualClock(this.#trace.originMs);
    const counted = { events: 0, emitted: 0, changed: 0 };
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
    this.#trace.deliveries.forEach((delivery, index) => {
      this.#deliver(delivery, this.#actors[index] ?? 0, hosts, services);
      if (delivery.kind !== 'end') counted.events += 1;
    });
    const { user, system } = process.threadCpuUsage(before);
    const { emitted, changed } = this.#trace.outcome;
    assert(counted.emitted === emitted && counted.changed === changed, 'a replay did not do what was recorded');
    return { ...counted, elapsedMs: (user + system) / 1_000 };
  }

  #deliver(delivery: Delivery, actor: number, hosts: ActorHost[], services: HostServices): void {
    this.#signals.under(delivery);
    switch (delivery.kind) {
      case 'create': {
        this.#clock.standAt(delivery.atMs);
        const { ref, entity: kind, input } = delivery;
        const host = this.#make({ ref, kind, services });
        hosts[actor] = host;
        host.create(input);
        break;
      }
      case 'send':
        this.#clock.standAt(delivery.atMs);
        hosts[actor]?.send(delivery.event);
        break;
      case 'fire':
        assert(this.#clock.fireNext(Number.POSITIVE_INFINITY), 'the trace fires a timer that nobody set');
        break;
      case 'end':
        hosts[actor]?.end();
        break;
    }
  }
}

function actorsOf({ deliveries }: RecordedTrace): number[] {
  const numbers = new Map<EntityRef, number>();
  return deliveries.map((delivery) => {
    if (delivery.kind === 'fire') return 0;
    const known = numbers.get(delivery.ref) ?? numbers.size;
    numbers.set(delivery.ref, known);
    return known;
  });
}
