import type { Clock, TimerHandle } from '../ports/clock.ts';

/** Longest sleep of Node's timers [ms]. */
const WALL_WAIT_MS_MAX = 2_000_000_000;

type Pending = { dueAtMs: number; callback: () => void; wall: NodeJS.Timeout | null };

/**
 * Scope time on the wall clock: `scope = anchor + (wall - anchor) x factor`. Starts at wall time with factor 1; the platform's
 * `time.sync` sets it. Timers keep their scope instant when the clock is set.
 */
export class ScopeClock implements Clock {
  #anchorScopeMs: number;
  /** Monotonic, so that a corrected system clock does not move scope time. */
  #anchorWallMs: number;
  #factor = 1;
  readonly #pending = new Set<Pending>();

  constructor() {
    this.#anchorScopeMs = Date.now();
    this.#anchorWallMs = performance.now();
  }

  nowMs(): number {
    return this.#anchorScopeMs + (performance.now() - this.#anchorWallMs) * this.#factor;
  }

  factor(): number {
    return this.#factor;
  }

  setTimer(delayMs: number, callback: () => void): TimerHandle {
    const pending: Pending = { dueAtMs: this.nowMs() + Math.max(0, delayMs), callback, wall: null };
    this.#pending.add(pending);
    this.#arm(pending);
    return pending;
  }

  clearTimer(timer: TimerHandle): void {
    const pending = timer as Pending;
    if (!this.#pending.delete(pending)) return;
    if (pending.wall) clearTimeout(pending.wall);
  }

  sync({ scopeAtMs, factor }: { scopeAtMs: number; factor: number }): void {
    this.#anchorScopeMs = scopeAtMs;
    this.#anchorWallMs = performance.now();
    this.#factor = factor;
    for (const pending of this.#pending) this.#arm(pending);
  }

  #arm(pending: Pending): void {
    if (pending.wall) clearTimeout(pending.wall);
    const waitMs = Math.min(Math.max(0, (pending.dueAtMs - this.nowMs()) / this.#factor), WALL_WAIT_MS_MAX);
    pending.wall = setTimeout(() => {
      if (pending.dueAtMs - this.nowMs() > this.#factor) {
        this.#arm(pending);
        return;
      }
      this.#pending.delete(pending);
      pending.callback();
    }, Math.ceil(waitMs));
  }

  /** Forgets all timers. */
  stop(): void {
    for (const pending of this.#pending) if (pending.wall) clearTimeout(pending.wall);
    this.#pending.clear();
  }
}
