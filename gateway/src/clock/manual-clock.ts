import type { Clock, TimerHandle } from '../ports/clock.ts';

type Pending = { dueAtMs: number; order: number; callback: () => void };

/** Scope time that goes on only when told to: timers fire in the order of their instants. For dry runs faster than time. */
export class ManualClock implements Clock {
  #nowMs: number;
  #count = 0;
  readonly #pending = new Set<Pending>();

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  factor(): number {
    return 1;
  }

  setTimer(delayMs: number, callback: () => void): TimerHandle {
    this.#count += 1;
    const pending: Pending = { dueAtMs: this.#nowMs + Math.max(0, delayMs), order: this.#count, callback };
    this.#pending.add(pending);
    return pending;
  }

  clearTimer(timer: TimerHandle): void {
    this.#pending.delete(timer as Pending);
  }

  /** Fires the next timer that is due until `untilMs`. @returns false when there is none: time is then `untilMs` */
  fireNext(untilMs: number): boolean {
    let next: Pending | null = null;
    for (const pending of this.#pending) {
      if (pending.dueAtMs > untilMs) continue;
      if (!next || pending.dueAtMs < next.dueAtMs || (pending.dueAtMs === next.dueAtMs && pending.order < next.order)) next = pending;
    }
    if (!next) {
      this.#nowMs = Math.max(this.#nowMs, untilMs);
      return false;
    }
    this.#pending.delete(next);
    this.#nowMs = Math.max(this.#nowMs, next.dueAtMs);
    next.callback();
    return true;
  }

  /** Goes on by `durationMs`; promises that a timer settles are followed before the next timer. */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    do await settled();
    while (this.fireNext(untilMs));
  }
}

/** Until all promise reactions that are due have run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
