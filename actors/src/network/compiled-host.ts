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
import type { StoredTimer } from './snapshot-codec.ts';

interface HeldTimer {
  readonly name: string;
  readonly event: string;
  readonly timer: Timer;
  /** The one that a cancel of this name takes back: XState books one timer a name. */
  booked: boolean;
}

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
    return (this.#timers ?? []).map(({ name, event, timer }) => ({ timer: name, event, dueAtMs: timer.dueAtMs, seq: timer.seq }));
  }

  create(input: unknown): void {
    const step = new Macrostep(this.#machine, this.#at, NOWHERE, this.#shape);
    const init = { type: 'xstate.init', input };
    this.#run(step, init, 'creation');
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
    if (this.#timers !== null) for (const { timer } of this.#timers) this.#services.clock.clearTimeout(timer);
    this.#timers = null;
  }

  #take(event: EngineEvent): void {
    if (this.#done) return;
    // One of its own, however short it lives: of an old one each field that is set costs more than making it.
    const step = new Macrostep(this.#machine, this.#at, this.#context ?? NOWHERE, this.#shape);
    this.#run(step, event, event.type);
  }

  /** Runs to the end, also what the actor sends to itself; only then it stands where that led. */
  #run(step: Macrostep, event: EngineEvent, name: string): void {
    try {
      step.take(event, name);
      this.#release(step);
    } catch (cause) {
      throw new ActorFailedError(this.ref, name, cause);
    }
    if (step.done) this.#finish();
    this.#settle(step, name);
  }

  /** Does what the macrosteps asked for; what the actor sends to itself waits for its turn. */
  #release(step: Macrostep): void {
    let own: EngineEvent[] | null = null;
    for (let event: EngineEvent | undefined; ; step.take(event, event.type)) {
      for (let asked = step.takeDeferred(); asked !== null; asked = asked.next) {
        if (asked.kind === 'send' && asked.to === null) (own ??= []).push(asked.event);
        else this.#do(asked);
      }
      event = own?.shift();
      if (event === undefined || step.done) return;
    }
  }

  #do(asked: Deferred): void {
    switch (asked.kind) {
      case 'emit':
        this.#services.emitted(this, asked.emitted as Told);
        break;
      case 'send':
        asked.to?.send(asked.event);
        break;
      case 'schedule':
        if (hasData(asked.event)) violated(`${this.ref} delays ${asked.event.type} with data, which no snapshot keeps`);
        this.#hold(asked.timer, asked.event.type, this.#services.clock.nowMs + Math.max(0, asked.delayMs));
        this.#timersChanged = true;
        break;
      case 'cancel':
        this.#cancel(asked.timer);
        break;
    }
  }

  #settle(step: Macrostep, event: string): void {
    const from = this.#value;
    const to = step.active.value;
    const changed = to !== from || step.context !== this.#context || this.#timersChanged;
    this.#at = step.active;
    this.#value = to;
    this.#context = step.context;
    this.#shape = step.shape;
    this.#timersChanged = false;
    if (step.done) this.#done = true;
    if (changed) this.#services.changed(this, from, event);
  }

  /** Called by the clock. */
  #fire(held: HeldTimer): void {
    this.#forget(held);
    // Whichever timer is booked under the name is not any more.
    this.#unbook(held.name);
    this.#take({ type: held.event });
  }

  #finish(): void {
    for (const held of this.#timers?.slice() ?? []) if (held.booked) this.#cancel(held.name);
  }

  #cancel(name: string): void {
    if (this.#timers === null) return;
    for (const held of this.#timers) {
      if (!held.booked || held.name !== name) continue;
      this.#services.clock.clearTimeout(held.timer);
      this.#forget(held);
      return;
    }
  }

  /** A name that is held already is booked anew: the older timer still fires, but nothing can cancel it. */
  #hold(name: string, event: string, dueAtMs: number, seq?: number): void {
    this.#unbook(name);
    const held: HeldTimer = {
      name,
      event,
      booked: true,
      timer: this.#services.clock.set(dueAtMs, () => this.#fire(held), seq, this),
    };
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
    const held = this.#timers?.find((each) => each.timer === timer);
    assert(held !== undefined, `${this.ref} does not hold the timer due at ${timer.dueAtMs}`);
    return held;
  }
}

function hasData(event: EngineEvent): boolean {
  for (const name in event) if (name !== 'type') return true;
  return false;
}
