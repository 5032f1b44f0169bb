import { type Timer, VirtualClock } from '@corridor/actors/time/virtual-clock';
import { violated } from '@corridor/protocols/assert';
import { causeOf, deedOf } from '../kernel/event-causes.ts';
import type { Timeline } from '../kernel/timeline.ts';
import type { EventCause } from '../scenario/event-cause.ts';

/** Time of a run [ms from its first moment], and what the plant does in it. The platform's timers are its own. */
export class RunTime implements Timeline {
  readonly clock = new VirtualClock(0);
  /** Deeds done. */
  deeds = 0;

  get nowMs(): number {
    return this.clock.nowMs;
  }

  schedule(delayMs: number, deed: () => void, cause: EventCause): void {
    this.after(delayMs, deed, cause);
  }

  after(delayMs: number, deed: () => void, cause: EventCause): Timer {
    return this.clock.set(this.clock.nowMs + delayMs, deed, this.clock.seq, deedOf(cause));
  }

  /** What the deed that is done now, or was last, was set for. */
  get cause(): EventCause {
    const { fired } = this.clock;
    return (fired && causeOf(fired)) ?? violated('the plant did something that nothing was set for');
  }

  cancel(timer: Timer): void {
    this.clock.clearTimeout(timer);
  }
}
