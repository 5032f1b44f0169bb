import { createActor, type Snapshot, type SnapshotFrom } from 'xstate';
import type { EventOf } from '../network/actor-event.ts';
import type { Effect, EffectOf, Emitted, OrderRow } from '../network/effect.ts';
import { stateText } from '../network/state-text.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import type { OrderContext } from './order.context.ts';
import {
  anOrderInput,
  aReference,
  aReferenceBilledBy,
  flat,
  legOut,
  measuredOut,
  NOON_MS,
  orderEvents,
  packageBilling,
  quotedOut,
  someSurroundings,
} from './order.fixture.ts';
import { type orderMachine, orderMachineOf } from './order.machine.ts';
import type { OrderInput } from './order-input.ts';

type OrderEvent = EventOf['order'];
const e = orderEvents;

/** One order alone, its partners played by the test; time stands still but for `waitMs`. */
export class OrderRun {
  readonly emitted: Emitted[] = [];
  readonly #clock = new VirtualClock(NOON_MS);
  readonly #actor;
  #error: unknown = null;

  constructor(input: Partial<OrderInput> = {}, reference = aReference(), kept?: Snapshot<unknown>) {
    const machine = orderMachineOf(someSurroundings(() => this.#clock.nowMs, reference));
    this.#actor = createActor(machine, { input: anOrderInput(input), clock: this.#clock, ...(kept ? { snapshot: kept } : {}) });
    this.#actor.on('*', (emitted) => this.emitted.push(...flat([emitted])));
    this.#actor.subscribe({ error: (error) => (this.#error = error) });
    this.#actor.start();
  }

  send(...events: readonly OrderEvent[]): this {
    for (const event of events) {
      this.#actor.send(event);
      if (this.#error !== null) throw this.#error;
    }
    return this;
  }

  waitMs(durationMs: number): this {
    this.#clock.runUntil(this.#clock.nowMs + durationMs);
    return this;
  }

  /** As after a restart, with what was kept of it changed meanwhile. */
  restoredWith(change: (context: OrderContext) => Partial<OrderContext>): OrderRun {
    const kept = this.#actor.getPersistedSnapshot();
    const restored = { ...kept, context: { ...this.context, ...change(this.context) } };
    return new OrderRun({}, aReference(), restored);
  }

  get state(): string {
    return stateText(this.#actor.getSnapshot().value);
  }

  /** A final state was reached: the host drops the actor. */
  get isDone(): boolean {
    return this.#actor.getSnapshot().status === 'done';
  }

  get context(): SnapshotFrom<typeof orderMachine>['context'] {
    return this.#actor.getSnapshot().context;
  }

  effects<T extends Effect['type']>(type: T): EffectOf<T>[] {
    return this.emitted.flatMap((each) => (each.type === 'effect' && each.effect.type === type ? [each.effect as EffectOf<T>] : []));
  }

  get row(): OrderRow | undefined {
    return this.effects('order.changed').at(-1)?.order;
  }

  /** `truck:T1 truck.bookingRequested`: who was told what, in order. */
  get told(): string[] {
    return this.emitted.flatMap((each) => (each.type === 'tell' ? [`${each.to} ${each.event.type}`] : []));
  }

  /** Forgets what was emitted so far. */
  fresh(): this {
    this.emitted.length = 0;
    return this;
  }
}

const quoted = [e['order.begun'], e['order.truckBooked'], e['order.legQuoted'], e['order.packReserved'], quotedOut] as const;
const held = [...quoted, e['order.held']] as const;
const remoteHeld = [...quoted, e['order.confirmed'], e['order.held']] as const;
/** The truck of a remote order docked, and the pack for it is quoted with so much energy. */
const dockedWith = (energyWh: number) =>
  [e['order.truckDocked'], e['order.legQuoted'], { ...quotedOut, pack: legOut({ energyWh }) }] as const;
const measured = [...held, e['order.legMeasured'], measuredOut] as const;
const late = { begin: 'UNAUTHORISED', backfill: true } as const;
const abnormal = [...measured, e['order.captureRefused']] as const;

/** How to come to each state in which an order may rest. */
export const orderStates = {
  'CREATED.begun': () => new OrderRun(),
  'CREATED.truck': () => new OrderRun().send(...quoted.slice(0, 1)),
  'CREATED.legIn': () => new OrderRun().send(...quoted.slice(0, 2)),
  'CREATED.reservation': () => new OrderRun().send(...quoted.slice(0, 3)),
  'CREATED.legOut': () => new OrderRun().send(...quoted.slice(0, 4)),
  'CREATED.package': () => new OrderRun({}, aReferenceBilledBy(packageBilling)).send(...quoted),
  'QUOTED.offered': () => new OrderRun({ initiation: 'REMOTE' }).send(...quoted),
  'QUOTED.holding': () => new OrderRun().send(...quoted),
  'HELD.waiting': () => new OrderRun({ initiation: 'REMOTE' }).send(...remoteHeld),
  'HELD.legInAgain': () => new OrderRun({ initiation: 'REMOTE' }).send(...remoteHeld, e['order.truckDocked']),
  'HELD.legOutAgain': () => new OrderRun({ initiation: 'REMOTE' }).send(...remoteHeld, ...dockedWith(300_000).slice(0, 2)),
  'HELD.raising': () => new OrderRun({ initiation: 'REMOTE' }).send(...remoteHeld, ...dockedWith(350_000)),
  'HELD.docked': () => new OrderRun().send(...held),
  'IN_PROGRESS.underWay': () => new OrderRun().send(...held, e['order.swapStepped']),
  'MEASURED.holding': () => new OrderRun(late).send(e['order.begun'], e['order.legMeasured'], measuredOut),
  'MEASURED.capturing': () => new OrderRun().send(...measured),
  CLEARED: () => new OrderRun().send(...measured, e['order.captured']),
  'ABNORMAL.open': () => new OrderRun().send(...abnormal),
  'ABNORMAL.holding': () => new OrderRun().send(...abnormal, e['order.repaired']),
  'ABNORMAL.capturing': () => new OrderRun().send(...abnormal, e['order.repaired'], e['order.held']),
  REJECTED: () => new OrderRun().send(e['order.begun'], e['order.truckRefused']),
  CANCELLED: () => new OrderRun().send(...held, e['order.swapEnded']),
  REPAIRED: () => new OrderRun({ begin: 'UNAUTHORISED' }).send(e['order.begun'], e['order.repaired']),
  WRITTEN_OFF: () => new OrderRun().send(...abnormal, e['order.writtenOff']),
} as const satisfies Record<string, () => OrderRun>;
export type OrderLeaf = keyof typeof orderStates;
