import type { VirtualClock } from '@corridor/actors/time/virtual-clock';
import type { EventCause } from '../scenario/event-cause.ts';

/** Time, and what is due in it. */
export interface Timeline {
  readonly clock: VirtualClock;
  /** @param cause what its events are told as, where there are too many */
  schedule(delayMs: number, deed: () => void, cause: EventCause): void;
}
