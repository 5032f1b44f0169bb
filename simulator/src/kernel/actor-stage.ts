import { CompiledMachine } from '@corridor/actors/engine/compiled-machine';
import type { EngineEvent } from '@corridor/actors/engine/engine-event';
import type { ActorHost } from '@corridor/actors/network/actor-host';
import { CompiledHost } from '@corridor/actors/network/compiled-host';
import { type EngineName, ownerOf } from '@corridor/actors/network/engines';
import { type EntityKind, type EntityRef, parseRef } from '@corridor/actors/network/entity-ref';
import { XStateHost } from '@corridor/actors/network/xstate-host';
import { type Timer, VirtualClock } from '@corridor/actors/time/virtual-clock';
import { violated } from '@corridor/protocols/assert';
import type { AnyStateMachine } from 'xstate';
import type { EventCause } from '../scenario/event-cause.ts';
import { causeOf, deedOf, EventCauses } from './event-causes.ts';
import type { EventsExceededError } from './events-exceeded.ts';

/** What actors of a plan wait for. */
const CAUSE_OF_ACTOR: Readonly<Partial<Record<EntityKind, EventCause>>> = { truck: 'TRUCKS', pack: 'CHARGES' };

/** A change of an actor's state, for who compares runs. */
export interface StageTrace {
  atMs: number;
  ref: EntityRef;
  event: string;
  /** After the event. */
  value: unknown;
  context: unknown;
}

export interface StageOptions {
  engine: EngineName;
  /** Of the first instant [ms]. */
  startMs: number;
  /** Deeds of the plant and events of actors together; one more ends the run. */
  eventsMax: number;
  trace?: ((line: StageTrace) => void) | undefined;
}

/**
 * Actors of either engine on a virtual clock. Time goes from one due to the next, ties in the order in which they were set; what actors
 * tell is delivered in the order in which it was told, after the actor has run to its end, before the next timer.
 */
export class ActorStage {
  readonly clock: VirtualClock;
  /** Events taken by actors, and deeds of the plant. */
  events = 0;
  readonly #options: StageOptions;
  readonly #causes: EventCauses;
  readonly #compiled = new Map<AnyStateMachine, CompiledMachine>();
  /** What actors told, and beside it to whom: two lists, not one of pairs, for there are millions. */
  readonly #told: EngineEvent[] = [];
  readonly #recipients: ((told: EngineEvent) => void)[] = [];
  #letters = 0;
  #next = 0;

  constructor(options: StageOptions) {
    this.#options = options;
    this.#causes = new EventCauses(options.eventsMax);
    this.clock = new VirtualClock(options.startMs);
  }

  /** A new actor. What it tells is handed to `told` in its turn. */
  add<Event extends EngineEvent, Told extends EngineEvent>({
    ref,
    machine,
    input,
    told,
  }: {
    ref: EntityRef;
    machine: AnyStateMachine;
    input: unknown;
    told: (told: Told) => void;
  }): ActorHost<Event> {
    const { trace, engine } = this.#options;
    const { clock } = this;
    const deliver = told as (told: EngineEvent) => void;
    const services = {
      clock,
      emitted: (_: ActorHost<Event>, emitted: Told) => {
        this.#told[this.#letters] = emitted;
        this.#recipients[this.#letters] = deliver;
        this.#letters += 1;
      },
      woke: () => undefined,
      changed: trace
        ? ({ value, context }: ActorHost<Event>, _: unknown, event: string) => trace({ atMs: clock.nowMs, ref, event, value, context })
        : () => undefined,
    };
    const host: ActorHost<Event> =
      engine === 'xstate'
        ? new XStateHost<Event, Told>({ ref, machine, services })
        : new CompiledHost<Event, Told>({ ref, machine: this.#compile(machine), services });
    host.create(input);
    return host;
  }

  /** Hands an event to an actor. */
  send<Event extends EngineEvent>(to: ActorHost<Event>, event: Event): void {
    this.events += 1;
    to.send(event);
  }

  /** A deed of the plant that is due later. */
  schedule(delayMs: number, deed: () => void, cause: EventCause): void {
    this.clock.set(this.clock.nowMs + delayMs, deed, this.clock.seq, deedOf(cause));
  }

  /** @throws EventsExceededError when more happens than was allowed */
  runUntil(untilMs: number): void {
    const { eventsMax } = this.#options;
    this.#deliver();
    while (this.clock.fireNext(untilMs)) {
      this.events += 1;
      this.#deliver();
      if (this.events >= this.#causes.nextAt) this.#noteCause();
      if (this.events > eventsMax) throw this.#exceeded();
    }
    this.clock.standAt(untilMs);
  }

  #deliver(): void {
    const { eventsMax } = this.#options;
    while (this.#next < this.#letters) {
      const told = this.#told[this.#next];
      const deliver = this.#recipients[this.#next];
      this.#next += 1;
      if (told !== undefined) deliver?.(told);
      if (this.events > eventsMax) throw this.#exceeded();
    }
    // The lists stay as long as they were: to shorten them costs more than what they hold until it is written over.
    this.#letters = 0;
    this.#next = 0;
  }

  #noteCause(): void {
    const { fired } = this.clock;
    if (fired !== null) this.#causes.note(this.events, causeOf(fired) ?? this.#causeOfActor(fired));
  }

  #causeOfActor(fired: Timer): EventCause {
    const { kind } = parseRef(ownerOf(fired).ref);
    return CAUSE_OF_ACTOR[kind] ?? violated(`a ${kind} waits for something in a plan`);
  }

  #exceeded(): EventsExceededError {
    if (this.events >= this.#causes.nextAt) this.#noteCause();
    return this.#causes.exceeded(this.clock.nowMs);
  }

  #compile(machine: AnyStateMachine): CompiledMachine {
    const compiled = this.#compiled.get(machine) ?? new CompiledMachine(machine);
    this.#compiled.set(machine, compiled);
    return compiled;
  }
}
