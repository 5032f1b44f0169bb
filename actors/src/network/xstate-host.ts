import { assert } from '@corridor/protocols/assert';
import { type Actor, type AnyStateMachine, createActor } from 'xstate';
import type { EngineEvent } from '../engine/engine-event.ts';
import type { Timer } from '../time/virtual-clock.ts';
import type { AnyActorEvent } from './actor-event.ts';
import { ActorFailedError, type ActorHost, type HostServices } from './actor-host.ts';
import type { Emitted } from './effect.ts';
import type { EntityRef } from './entity-ref.ts';
import type { StoredTimer } from './snapshot-codec.ts';

interface HeldTimer {
  name: string;
  event: string;
  timer: Timer;
  /** What XState gave us to call; null while the actor sleeps. */
  deliver: (() => void) | null;
}

/**
 * One entity's root actor. It lives as an XState actor (4-5.5 KB) only while it is busy; asleep it is its state value,
 * its context and its timers (0.3-0.8 KB), from which it wakes in about 25 µs when something is sent to it.
 */
export class XStateHost<Event extends EngineEvent = AnyActorEvent, Told extends EngineEvent = Emitted> implements ActorHost<Event> {
  readonly ref: EntityRef;
  readonly machine: AnyStateMachine;
  readonly #services: HostServices<Event, Told>;
  #value: unknown = null;
  #context: unknown = null;
  #done = false;
  #live: Actor<AnyStateMachine> | null = null;
  #timers: HeldTimer[] | null = null;
  #timersChanged = false;
  #adopting: HeldTimer | null = null;
  /** What XState is about to ask the clock for a timer for. */
  #booking: { readonly name: string; readonly event: string } | null = null;
  #failure: { cause: unknown } | null = null;

  constructor(options: { ref: EntityRef; machine: AnyStateMachine; services: HostServices<Event, Told> }) {
    this.ref = options.ref;
    this.machine = options.machine;
    this.#services = options.services;
  }

  get value(): unknown {
    return this.#value;
  }

  get context(): unknown {
    return this.#context;
  }

  get done(): boolean {
    return this.#done;
  }

  get awake(): boolean {
    return this.#live !== null;
  }

  due(): StoredTimer[] {
    return (this.#timers ?? []).map(({ name, event, timer }) => ({ timer: name, event, dueAtMs: timer.dueAtMs, seq: timer.seq }));
  }

  create(input: unknown): void {
    this.#enter(createActor(this.machine, { input, clock: this.#clock(), id: this.ref }), 'creation');
  }

  restore(stored: { value: unknown; context: unknown; due: readonly StoredTimer[] }): void {
    this.#value = stored.value;
    this.#context = stored.context;
    for (const { timer, event, dueAtMs, seq } of stored.due) this.#hold(timer, event, dueAtMs, seq);
    this.#timersChanged = false;
  }

  send(event: Event): void {
    const live = this.#wake();
    live.send(event);
    this.#settle(live, event.type);
  }

  nameOf(timer: Timer): string {
    const held = this.#timers?.find((each) => each.timer === timer);
    assert(held !== undefined, `${this.ref} does not hold the timer due at ${timer.dueAtMs}`);
    return held.name;
  }

  dropTimer(timer: Timer): void {
    const held = this.#timers?.find((each) => each.timer === timer);
    assert(held !== undefined, `${this.ref} does not hold the timer due at ${timer.dueAtMs}`);
    // XState has booked it too: the actor wakes without it.
    this.sleep();
    this.#services.clock.clearTimeout(timer);
    this.#forget(held);
    this.#timersChanged = false;
    this.#services.changed(this, this.#value, held.event);
  }

  /** Called by the clock. */
  #fire(held: HeldTimer): void {
    const live = this.#wake();
    this.#forget(held);
    assert(held.deliver !== null, `${this.ref} lost the timer ${held.name}`);
    held.deliver();
    this.#settle(live, held.event);
  }

  /** Drops the XState actor; its state stays here. */
  sleep(): void {
    this.#live = null;
    for (const held of this.#timers ?? []) held.deliver = null;
  }

  end(): void {
    for (const { timer } of this.#timers ?? []) this.#services.clock.clearTimeout(timer);
    this.#timers = null;
    this.#live = null;
  }

  #wake(): Actor<AnyStateMachine> {
    this.#services.woke(this);
    if (this.#live) return this.#live;
    const snapshot = {
      status: 'active' as const,
      output: undefined,
      error: undefined,
      value: this.#value,
      context: this.#context,
      children: {},
      historyValue: {},
    };
    const actor = createActor(this.machine, { snapshot, clock: this.#clock(), id: this.ref });
    this.#observe(actor);
    actor.start();
    this.#live = actor;
    this.#throwFailure('waking');
    // XState does not arm timers from a snapshot: book them with it again, under the timers that we hold already.
    for (const held of this.#timers ?? []) {
      this.#adopting = held;
      actor.system.scheduler.schedule(actor, actor, { type: held.event }, 0, held.name);
    }
    this.#adopting = null;
    return actor;
  }

  #enter(actor: Actor<AnyStateMachine>, event: string): void {
    this.#services.woke(this);
    this.#live = actor;
    this.#observe(actor);
    actor.start();
    this.#settle(actor, event);
  }

  #observe(actor: Actor<AnyStateMachine>): void {
    this.#hearBookings(actor);
    actor.subscribe({
      error: (cause: unknown) => {
        this.#failure = { cause };
      },
    });
    actor.on('*', (emitted: unknown) => this.#services.emitted(this, emitted as Told));
  }

  #settle(live: Actor<AnyStateMachine>, event: string): void {
    this.#throwFailure(event);
    const snapshot = live.getSnapshot();
    const from = this.#value;
    const moved = !sameValue(snapshot.value, from);
    const changed = moved || snapshot.context !== this.#context || this.#timersChanged;
    if (moved) this.#value = snapshot.value;
    this.#context = snapshot.context;
    this.#timersChanged = false;
    if (snapshot.status === 'done') this.#done = true;
    if (changed) this.#services.changed(this, from, event);
  }

  #throwFailure(event: string): void {
    if (this.#failure) throw new ActorFailedError(this.ref, event, this.#failure.cause);
  }

  /** The clock that this actor sees: the network's, with the timers kept by name so that they outlive the XState actor. */
  #clock() {
    return {
      setTimeout: (deliver: () => void, delayMs: number): HeldTimer => {
        if (this.#adopting) {
          this.#adopting.deliver = deliver;
          return this.#adopting;
        }
        assert(this.#booking !== null, `${this.ref} set a timer that is not booked`);
        const { name, event } = this.#booking;
        const held = this.#hold(name, event, this.#services.clock.nowMs + Math.max(0, delayMs));
        held.deliver = deliver;
        return held;
      },
      clearTimeout: (held: HeldTimer | undefined) => {
        if (!held) return;
        this.#services.clock.clearTimeout(held.timer);
        this.#forget(held);
      },
    };
  }

  /** XState tells its clock how long a timer runs, and its scheduler what it is: this hears both. */
  #hearBookings({ system: { scheduler } }: Actor<AnyStateMachine>): void {
    const schedule = scheduler.schedule.bind(scheduler);
    scheduler.schedule = (source, target, event, delayMs, name) => {
      assert(name !== undefined, `${this.ref} delays ${event.type} under no name`);
      assert(Object.keys(event).length === 1, `${this.ref} delays ${event.type} with data, which no snapshot keeps`);
      this.#booking = { name, event: event.type };
      schedule(source, target, event, delayMs, name);
      this.#booking = null;
    };
  }

  #hold(name: string, event: string, dueAtMs: number, seq?: number): HeldTimer {
    const held: HeldTimer = {
      name,
      event,
      deliver: null,
      timer: this.#services.clock.schedule(dueAtMs, () => this.#fire(held), { seq, owner: this }),
    };
    this.#timers = [...(this.#timers ?? []), held];
    this.#timersChanged = true;
    return held;
  }

  #forget(held: HeldTimer): void {
    const rest = (this.#timers ?? []).filter((other) => other !== held);
    this.#timers = rest.length > 0 ? rest : null;
    this.#timersChanged = true;
  }
}

function sameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  return JSON.stringify(one) === JSON.stringify(other);
}
