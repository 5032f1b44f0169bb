import { type Timer, VirtualClock } from '@corridor/actors/time/virtual-clock';
import type { Timeline } from '../kernel/timeline.ts';

/** Time of a run [ms from its first moment], and what the plant does in it. The platform's timers are its own. */
export class RunTime implements Timeline {
  readonly clock = new VirtualClock(0);
  /** Deeds done. */
  deeds = 0;

  get nowMs(): number {
    return this.clock.nowMs;
  }

  schedule(delayMs: number, deed: () => void): void {
    this.after(delayMs, deed);
  }

  after(delayMs: number, deed: () => void): Timer {
    return this.clock.set(this.clock.nowMs + delayMs, deed);
  }

  cancel(timer: Timer): void {
    this.clock.clearTimeout(timer);
  }
}
