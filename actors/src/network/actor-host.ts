import type { AnyStateMachine } from 'xstate';
import type { EngineEvent } from '../engine/engine-event.ts';
import type { Timer, VirtualClock } from '../time/virtual-clock.ts';
import type { AnyActorEvent } from './actor-event.ts';
import type { Emitted } from './effect.ts';
import type { EntityKind, EntityRef } from './entity-ref.ts';
import type { Machines } from './machine-catalogue.ts';
import type { StoredTimer } from './snapshot-codec.ts';

/** An actor threw: a bug of ours. The run ends; the host process must not step on. */
export class ActorFailedError extends Error {
  readonly code = 'ACTOR_FAILED';
  constructor(ref: EntityRef, event: string, cause: unknown) {
    super(`${ref} failed on ${event}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** What an actor needs of what is around it: the network, or the world of a simulation whose actors tell other things. */
export interface HostServices<Event extends EngineEvent = AnyActorEvent, Told extends EngineEvent = Emitted> {
  clock: VirtualClock;
  /** What the actor emitted, in order, after its macrostep. */
  emitted(host: ActorHost<Event>, emitted: Told): void;
  /** The actor is about to run or has just been made. Not called by an engine whose actors have no need to sleep. */
  woke(host: ActorHost<Event>): void;
  /** It has run an event to the end; `from` is its state value before. Not called when nothing changed. */
  changed(host: ActorHost<Event>, from: unknown, event: string): void;
}

/** One entity's root actor, whatever engine runs it (docs/architecture/compiled-charts.md). */
export interface ActorHost<Event extends EngineEvent = AnyActorEvent> {
  readonly ref: EntityRef;
  readonly value: unknown;
  readonly context: unknown;
  /** A root final state was reached: nothing more will happen here. */
  readonly done: boolean;
  due(): StoredTimer[];
  /** Makes a new actor and runs its first macrostep. @throws ActorFailedError */
  create(input: unknown): void;
  /** Puts the actor back as it was and arms its timers. */
  restore(stored: { value: unknown; context: unknown; due: readonly StoredTimer[] }): void;
  /** @throws ActorFailedError */
  send(event: Event): void;
  /** Name of a timer of its own. */
  nameOf(timer: Timer): string;
  /** Gives a timer up: it never fires, also after a restart. */
  dropTimer(timer: Timer): void;
  /** Takes less memory until something is sent to it. */
  sleep(): void;
  /** Cancels its timers: the actor is gone for good. */
  end(): void;
}

export type MakeHost = (of: { ref: EntityRef; kind: EntityKind; services: HostServices }) => ActorHost;

/** How actors are run: from the machines of a network to its hosts. */
export type Engine = (machines: Readonly<Record<keyof Machines, AnyStateMachine>>) => MakeHost;
