import { assert } from '@corridor/protocols/assert';
import type { ContextShape } from './context-shape.ts';
import type { EngineContext, EngineEvent, Seen } from './engine-event.ts';
import type { ActiveStates } from './guard.ts';

/** Somebody of its own to whom an actor may send at once. */
export interface Recipient {
  send(event: EngineEvent): void;
}

/**
 * What an action asks for; done in order after the macrostep, when the actor stands in its new state. Each knows the one after it. All
 * have one shape, whatever is asked, so that whoever goes through them looks for no field.
 */
export class Deferred {
  readonly kind: 'emit' | 'send' | 'schedule' | 'cancel';
  /** What is emitted, or sent. */
  readonly event: EngineEvent;
  /** Of `schedule` and `cancel`. */
  readonly timer: string | null;
  /** Of `schedule`. */
  readonly delayMs: number | null;
  /** Of `send`; to itself when null. */
  readonly to: Recipient | null;
  next: Deferred | null = null;

  constructor(kind: Deferred['kind'], event: EngineEvent, timer: string | null, delayMs: number | null, to: Recipient | null) {
    this.kind = kind;
    this.event = event;
    this.timer = timer;
    this.delayMs = delayMs;
    this.to = to;
  }
}

/** The macrostep under way, as far as actions see and change it. */
export interface Running extends Seen {
  context: EngineContext;
  /** Of the context. */
  shape: ContextShape;
  /** The configuration before this microstep. */
  readonly active: ActiveStates;
  /** An assign ran in this microstep. */
  assigned: boolean;
  /** Assigns a context that nobody knows the shape of. */
  put(context: EngineContext): void;
  emit(emitted: EngineEvent): void;
  raise(event: EngineEvent): void;
  /** @param delayMs what is no number: at once */
  raiseAfter(event: EngineEvent, delayMs: unknown, timer: string): void;
  sendTo(to: unknown, event: EngineEvent, delayMs: unknown, timer: string): void;
  cancel(timer: unknown): void;
}

/** @returns null for itself: XState sends to the sender what has no recipient */
export function recipient(to: unknown): Recipient | null {
  if (to === undefined || to === null) return null;
  assert(typeof to === 'object' && 'send' in to && typeof to.send === 'function', 'sendTo somebody who takes no events');
  return to as Recipient;
}
