import type { VirtualClock } from '@corridor/actors/time/virtual-clock';

/** Time, and what is due in it. */
export interface Timeline {
  readonly clock: VirtualClock;
  schedule(delayMs: number, deed: () => void): void;
}
