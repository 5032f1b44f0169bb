/**
 * Time of the scope: what happened when, for timers, tariffs and bills. Whoever drives the scope says once a wall second
 * where it stands and how fast it runs; between two ticks we go on at that pace, but not for long: when the driver is
 * gone, its world stands still, and so does our clock. A scope that nobody ever drove runs with the wall clock.
 * The time never goes back.
 */
export interface ScopeClockOptions {
  /** Wall time in ms since the epoch. */
  wallNowMs: () => number;
  /** Instant at which the stored state stands, scope time; null when nothing is stored. */
  storedScopeMs: number | null;
  /** Whether somebody drove this scope when it was stored. */
  driven: boolean;
}

/** How long the clock goes on without a tick, wall ms. */
export const COAST_MS_MAX = 3_000;

export class ScopeClock {
  readonly #wallNowMs: () => number;
  #anchorScopeMs: number;
  #anchorWallMs: number;
  #factor: number;
  #driven: boolean;
  #ticked = false;
  #lastMs: number;

  constructor({ wallNowMs, storedScopeMs, driven }: ScopeClockOptions) {
    this.#wallNowMs = wallNowMs;
    this.#driven = driven;
    this.#anchorWallMs = wallNowMs();
    this.#anchorScopeMs = driven && storedScopeMs !== null ? storedScopeMs : this.#anchorWallMs;
    this.#factor = 1;
    this.#lastMs = storedScopeMs ?? this.#anchorScopeMs;
  }

  get factor(): number {
    return this.#factor;
  }

  /** Whether somebody drives the scope or drove it. */
  get driven(): boolean {
    return this.#driven;
  }

  /** Scope time now, ms since the epoch; never less than it was. */
  nowMs(): number {
    const elapsedMs = this.#wallNowMs() - this.#anchorWallMs;
    const runMs = this.#driven ? Math.min(elapsedMs, this.#ticked ? COAST_MS_MAX : 0) : elapsedMs;
    const nowMs = Math.floor(this.#anchorScopeMs + Math.max(0, runMs) * this.#factor);
    if (nowMs > this.#lastMs) this.#lastMs = nowMs;
    return this.#lastMs;
  }

  /** Whether somebody drives the scope and has not said yet where it stands: what arrives has no time until then. */
  get isUnsure(): boolean {
    return this.#driven && !this.#ticked;
  }

  /**
   * Scope time at an instant of the last while: when a message reached us that we read late. It looks from the last tick
   * back, and not further on than the clock goes without one; it may lie before what `nowMs` said.
   * @param wallMs not after now
   */
  atWall(wallMs: number): number {
    if (this.isUnsure) return this.nowMs();
    const elapsedMs = wallMs - this.#anchorWallMs;
    return this.#anchorScopeMs + (this.#driven ? Math.min(elapsedMs, COAST_MS_MAX) : elapsedMs) * this.#factor;
  }

  /** @returns true when the pace changed: the gateways have to be told */
  tick(scopeAtMs: number, factor: number): boolean {
    this.nowMs();
    const changed = factor !== this.#factor || !this.#driven;
    this.#driven = true;
    this.#ticked = true;
    this.#factor = factor;
    this.#anchorScopeMs = scopeAtMs;
    this.#anchorWallMs = this.#wallNowMs();
    return changed;
  }

  /** Wall ms until the scope reaches `atMs`; null when it does not at the present pace. */
  wallMsUntil(atMs: number): number | null {
    const nowMs = this.nowMs();
    if (atMs <= nowMs) return 0;
    return (atMs - nowMs) / this.#factor;
  }
}
