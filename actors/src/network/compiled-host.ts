import { assert, violated } from '@corridor/protocols/assert';

import type { CompiledMachine } from '../engine/compiled-machine.ts';
import type { Configuration } from '../engine/configuration.ts';
import type { ContextShape } from '../engine/context-shape.ts';
import type { EngineContext, EngineEvent } from '../engine/engine-event.ts';
import { Macrostep } from '../engine/macrostep.ts';
import type { Deferred } from '../engine/running.ts';
import type { Timer } from '../time/virtual-clock.ts';
import type { AnyActorEvent } from './actor-event.ts';
import { ActorFailedError, type ActorHost, type HostServices } from './actor-host.ts';
import type { Emitted } from './effect.ts';
import type { EntityRef } from './entity-ref.ts';
import { HeldTimer } from './held-timer.ts';
import type { StoredTimer } from './snapshot-codec.ts';

const NOWHERE: EngineContext = {};

/** An actor of the compiled engine: where it stands, its context, its timers. It is never woken, for it never sleeps. */
export class CompiledHost<Event extends EngineEvent = AnyActorEvent, Told extends EngineEvent = Emitted> implements ActorHost<Event> {
  readonly ref: EntityRef;
  readonly #machine: CompiledMachine;
  readonly #services: HostServices<Event, Told>;
  #at: Configuration;
  #value: unknown = null;
  #context: EngineContext | null = null;
  #shape: ContextShape;
  #done = false;
  #timers: HeldTimer[] | null = null;
  #timersChanged = false;

  constructor({ ref, machine, services }: { ref: EntityRef; machine: CompiledMachine; services: HostServices<Event, Told> }) {
    this.ref = ref;
    this.#machine = machine;
    this.#services = services;
    this.#at = machine.unborn;
    this.#shape = machine.shapes.any;
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

  due(): StoredTimer[] {
    return (this.#timers ?? []).map(({ name, event, dueAtMs, seq }) => ({ timer: name, event, dueAtMs, seq }));
  }

  create(input: unknown): void {
    const step = new Macrostep(this.#machine, this.#at, NOWHERE, this.#shape);
    try {
      step.beBorn({ type: 'xstate.init', input } as EngineEvent);
      this.#release(step);
    } catch (cause) {
      throw new ActorFailedError(this.ref, 'creation', cause);
    }
    this.#settle(step, 'creation');
  }

  restore(stored: { value: unknown; context: unknown; due: readonly StoredTimer[] }): void {
    this.#at = this.#machine.restored(stored.value);
    const isSame = JSON.stringify(stored.value) === JSON.stringify(this.#at.value);
    this.#value = isSame ? this.#at.value : stored.value;
    this.#context = stored.context as EngineContext;
    this.#shape = this.#machine.shapes.of(this.#context);
    for (const { timer, event, dueAtMs, seq } of stored.due) this.#hold(timer, event, dueAtMs, seq);
    this.#timersChanged = false;
  }

  send(event: Event): void {
    this.#take(event);
  }

  nameOf(timer: Timer): string {
    return this.#held(timer).name;
  }

  dropTimer(timer: Timer): void {
    const held = this.#held(timer);
    this.#services.clock.clearTimeout(timer);
    this.#forget(held);
    this.#timersChanged = false;
    this.#bookNewest();
    this.#services.changed(this, this.#value, held.event);
  }

  sleep(): void {
    // As small as it gets already.
  }

  end(): void {
    if (this.#timers !== null) for (const timer of this.#timers) this.#services.clock.clearTimeout(timer);
    this.#timers = null;
  }

  /** Runs to the end, also what the actor sends to itself; only then it stands where that led. */
  #take(event: EngineEvent): void {
    if (this.#done) return;
    const { type } = event;
    // One of its own, however short it lives: of an old one each field that is set costs more than making it.
    const step = new Macrostep(this.#machine, this.#at, this.#context ?? NOWHERE, this.#shape);
    try {
      step.take(event, type);
      this.#release(step);
    } catch (cause) {
      throw new ActorFailedError(this.ref, type, cause);
    }
    this.#settle(step, type);
  }

  /** Does what the macrosteps asked for; what the actor sends to itself waits for its turn. */
  #release(step: Macrostep): void {
    let own: EngineEvent[] | null = null;
    for (let event: EngineEvent | undefined; ; step.take(event, event.type)) {
      for (let asked = step.takeDeferred(); asked !== null; asked = asked.next) {
        if (asked.kind === 'emit') this.#services.emitted(this, asked.event as Told);
        else if (asked.kind === 'send' && asked.to === null) (own ??= []).push(asked.event);
        else this.#do(asked);
      }
      event = own?.shift();
      if (event === undefined || step.done) return;
    }
  }

  #do({ kind, event, timer, delayMs, to }: Deferred): void {
    if (kind === 'send') to?.send(event);
    else if (timer === null) violated(`${this.ref} asks for a timer without a name`);
    else if (delayMs === null) this.#cancel(timer);
    else {
      if (hasData(event)) violated(`${this.ref} delays ${event.type} with data, which no snapshot keeps`);
      const { clock } = this.#services;
      this.#hold(timer, event.type, clock.nowMs + Math.max(0, delayMs), clock.seq);
      this.#timersChanged = true;
    }
  }

  #settle(step: Macrostep, event: string): void {
    if (step.done) this.#finish();
    const from = this.#value;
    const to = step.active.value;
    const changed = to !== from || step.context !== this.#context || this.#timersChanged;
    this.#at = step.active;
    this.#value = to;
    this.#context = step.context;
    this.#shape = step.shape;
    this.#timersChanged = false;
    if (changed) this.#services.changed(this, from, event);
  }

  /** Called by a timer of its own. */
  fired(held: HeldTimer): void {
    this.#forget(held);
    // Whichever timer is booked under the name is not any more.
    this.#unbook(held.name);
    this.#take({ type: held.event });
  }

  #finish(): void {
    this.#done = true;
    for (const held of this.#timers?.slice() ?? []) if (held.booked) this.#cancel(held.name);
  }

  #cancel(name: string): void {
    if (this.#timers === null) return;
    for (const held of this.#timers) {
      if (!held.booked || held.name !== name) continue;
      this.#services.clock.clearTimeout(held);
      this.#forget(held);
      return;
    }
  }

  /** A name that is held already is booked anew: the older timer still fires, but nothing can cancel it. */
  #hold(name: string, event: string, dueAtMs: number, seq: number): void {
    this.#unbook(name);
    const held = new HeldTimer(this, name, event, dueAtMs, seq);
    this.#services.clock.arm(held);
    if (this.#timers === null) this.#timers = [held];
    else this.#timers.push(held);
  }

  #forget(held: HeldTimer): void {
    this.#timersChanged = true;
    if (this.#timers === null) return;
    // Nearly always it is the only one.
    if (this.#timers.at(-1) === held) this.#timers.pop();
    else this.#timers = this.#timers.filter((other) => other !== held);
  }

  #unbook(name: string): void {
    if (this.#timers === null) return;
    for (const other of this.#timers) if (other.name === name) other.booked = false;
  }

  /** As after a restart: of each name the newest. */
  #bookNewest(): void {
    const booked = new Map((this.#timers ?? []).map((held) => [held.name, held]));
    for (const held of this.#timers ?? []) held.booked = booked.get(held.name) === held;
  }

  #held(timer: Timer): HeldTimer {
    const held = this.#timers?.find((each) => each === timer);
    assert(held !== undefined, `${this.ref} does not hold the timer due at ${timer.dueAtMs}`);
    return held;
  }
}

function hasData(event: EngineEvent): boolean {
  for (const name in event) if (name !== 'type') return true;
  return false;
}
