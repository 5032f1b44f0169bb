import type { Clock, TimerHandle } from '@corridor/gateway/ports/clock';

/** A longer silence of the process (a suspended machine) does not pass in the scope: more than this is skipped, wall ms. */
const WALL_GAP_MS_MAX = 2_000;
const TIMEOUT_MS_MAX = 2_147_483_647;

type Timer = { dueMs: number; callback: () => void; timeout: NodeJS.Timeout };

/**
 * Scope time of a simulated world: wall time since an anchor, times a factor. Never runs backwards, and stands still
 * while the process did.
 */
export class DrivenClock implements Clock {
  readonly #wallNowMs: () => number;
  readonly #timers = new Map<object, Timer>();
  #anchorScopeMs: number;
  #anchorWallMs: number;
  #factor: number;

  /** @param wallNowMs monotonic wall time; `performance.now()` outside tests */
  constructor({ scopeAtMs, factor, wallNowMs }: { scopeAtMs: number; factor: number; wallNowMs: () => number }) {
    this.#wallNowMs = wallNowMs;
    this.#anchorScopeMs = scopeAtMs;
    this.#anchorWallMs = wallNowMs();
    this.#factor = factor;
  }

  nowMs(): number {
    return Math.floor(this.#anchorScopeMs + this.#sinceAnchorMs() * this.#factor);
  }

  factor(): number {
    return this.#factor;
  }

  /** To be called well within two wall seconds, for ever: what lies between two calls passes in the scope. */
  tick(): void {
    const nowMs = this.nowMs();
    const skipped = this.#wallNowMs() - this.#anchorWallMs > WALL_GAP_MS_MAX;
    this.#anchorScopeMs = skipped ? nowMs : this.#anchorScopeMs + this.#sinceAnchorMs() * this.#factor;
    this.#anchorWallMs = this.#wallNowMs();
    if (skipped) this.#rearm();
  }

  setFactor(factor: number): void {
    this.tick();
    this.#factor = factor;
    this.#rearm();
  }

  /** Follows a clock that somebody else drives: takes its pace and its time, forward only. */
  follow({ scopeAtMs, factor }: { scopeAtMs: number; factor: number }): void {
    this.tick();
    this.#anchorScopeMs = Math.max(this.#anchorScopeMs, scopeAtMs);
    this.#factor = factor;
    this.#rearm();
  }

  setTimer(delayMs: number, callback: () => void): TimerHandle {
    const handle = {};
    const timer: Timer = { dueMs: this.nowMs() + Math.max(0, delayMs), callback, timeout: this.#timeout(handle, delayMs) };
    this.#timers.set(handle, timer);
    return handle;
  }

  clearTimer(handle: TimerHandle): void {
    if (typeof handle !== 'object') return;
    const timer = this.#timers.get(handle);
    if (!timer) return;
    clearTimeout(timer.timeout);
    this.#timers.delete(handle);
  }

  /** Forgets every timer. */
  dispose(): void {
    for (const { timeout } of this.#timers.values()) clearTimeout(timeout);
    this.#timers.clear();
  }

  #sinceAnchorMs(): number {
    return Math.min(WALL_GAP_MS_MAX, Math.max(0, this.#wallNowMs() - this.#anchorWallMs));
  }

  #timeout(handle: object, delayMs: number): NodeJS.Timeout {
    const wallMs = Math.min(TIMEOUT_MS_MAX, Math.max(0, delayMs) / this.#factor);
    return setTimeout(() => this.#fire(handle), wallMs);
  }

  #fire(handle: object): void {
    const timer = this.#timers.get(handle);
    if (!timer) return;
    const leftMs = timer.dueMs - this.nowMs();
    // Timeouts are rounded and the scope may have stood still meanwhile.
    if (leftMs > this.#factor) {
      timer.timeout = this.#timeout(handle, leftMs);
      return;
    }
    this.#timers.delete(handle);
    timer.callback();
  }

  #rearm(): void {
    for (const [handle, timer] of this.#timers) {
      clearTimeout(timer.timeout);
      timer.timeout = this.#timeout(handle, timer.dueMs - this.nowMs());
    }
  }
}
