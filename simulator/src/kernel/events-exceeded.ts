import { type CauseShare, stoppedWords } from '../scenario/event-cause.ts';

/** How far a run came that took too many events, and what they were. */
export interface Exceeded {
  eventsMax: number;
  /** When it was stopped [ms of the run]. */
  atMs: number;
  /** What set the events off, the most frequent first. */
  causes: readonly CauseShare[];
}

/** A run took more events than its scenario allows: a loop, or a limit that is too low. */
export class EventsExceededError extends Error {
  readonly code = 'EVENTS_EXCEEDED';
  readonly exceeded: Exceeded;

  constructor(exceeded: Exceeded) {
    super(`/eventsMax: ${exceeded.eventsMax}; more events than that happened ${stoppedWords(exceeded).en}`);
    this.exceeded = exceeded;
  }
}
