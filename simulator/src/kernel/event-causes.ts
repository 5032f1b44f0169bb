import type { Timer } from '@corridor/actors/time/virtual-clock';
import { violated } from '@corridor/protocols/assert';
import { type CauseShare, EVENT_CAUSES, type EventCause } from '../scenario/event-cause.ts';
import { EventsExceededError } from './events-exceeded.ts';

/** Whose a timer of the plant is. */
class Deed {
  readonly cause: EventCause;
  constructor(cause: EventCause) {
    this.cause = cause;
  }
}
const DEEDS = new Map(EVENT_CAUSES.map((cause) => [cause, new Deed(cause)] as const));

/** The owner of timers of the plant. */
export const deedOf = (cause: EventCause): object => DEEDS.get(cause) ?? violated(`nothing is ever due for ${cause}`);

/** What a timer of the plant was set for; null: it is an actor's. */
export const causeOf = ({ owner }: Timer): EventCause | null => (owner instanceof Deed ? owner.cause : null);

/** Enough to tell a share to a percent, and so few that a run is not slower for them. */
const LOOKS = 10_000;

/** What sets the events of a run off, by looks at every n-th event: a timer is met as often as many events follow from it. */
export class EventCauses {
  /** Of events, at which the next look is due. */
  nextAt: number;
  readonly #eventsMax: number;
  readonly #stride: number;
  readonly #looks = new Map<EventCause, number>();

  /** @param eventsMax of the run */
  constructor(eventsMax: number) {
    this.#eventsMax = eventsMax;
    this.#stride = Math.max(1, Math.floor(eventsMax / LOOKS));
    this.nextAt = this.#stride;
  }

  /** A timer was fired, and so many events have happened by now: `nextAt` or more. */
  note(events: number, cause: EventCause): void {
    const looks = Math.floor((events - this.nextAt) / this.#stride) + 1;
    this.nextAt += looks * this.#stride;
    this.#looks.set(cause, (this.#looks.get(cause) ?? 0) + looks);
  }

  /** What ends the run. @param atMs of the run */
  exceeded(atMs: number): EventsExceededError {
    return new EventsExceededError({ eventsMax: this.#eventsMax, atMs, causes: this.shares() });
  }

  /** The most frequent first. */
  shares(): CauseShare[] {
    const all = [...this.#looks.values()].reduce((sum, looks) => sum + looks, 0);
    return [...this.#looks].map(([cause, looks]) => ({ cause, ratio: looks / all })).toSorted((one, other) => other.ratio - one.ratio);
  }
}
