/** Errors up to this many wall milliseconds are worked off in the time below, larger ones at once. */
const SLEW_WALL_MS = 1_500;
/** Twice the error at least, so that the clock never stands still nor runs back. */
const SLEW_OVER_WALL_MS = 3_000;

/**
 * Scope time at any wall instant, from the `scopeAt` and `factor` that come with every message. Between messages it runs
 * on at the factor; a correction makes it a little faster or slower for a while, so that trucks do not jerk with the
 * network's jitter.
 */
export class SceneClock {
  private anchorScopeMs: number | null = null;
  private anchorWallMs = 0;
  private currentFactor = 1;
  /** Still to be worked off at the anchor, scope ms. */
  private errorMs = 0;

  get known(): boolean {
    return this.anchorScopeMs !== null;
  }

  /** Scope seconds per wall second. */
  get factor(): number {
    return this.currentFactor;
  }

  /** @param scopeAtMs unix milliseconds; ignored when not finite */
  observe(scopeAtMs: number, factor: number, wallMs: number): void {
    if (!Number.isFinite(scopeAtMs) || !Number.isFinite(factor) || factor <= 0) return;
    const shownMs = this.anchorScopeMs === null || factor !== this.currentFactor ? scopeAtMs : this.nowMs(wallMs);
    const errorMs = scopeAtMs - shownMs;
    const slews = Math.abs(errorMs) <= SLEW_WALL_MS * factor;
    this.anchorScopeMs = slews ? shownMs : scopeAtMs;
    this.errorMs = slews ? errorMs : 0;
    this.anchorWallMs = wallMs;
    this.currentFactor = factor;
  }

  /** Puts the clock somewhere at once, also back. @param factor 0: it stands */
  set(scopeAtMs: number, factor: number, wallMs: number): void {
    this.anchorScopeMs = scopeAtMs;
    this.anchorWallMs = wallMs;
    this.errorMs = 0;
    this.currentFactor = factor;
  }

  /** As before the first message. */
  forget(): void {
    this.anchorScopeMs = null;
    this.errorMs = 0;
    this.currentFactor = 1;
  }

  /** @returns unix milliseconds in scope time; NaN before the first message */
  nowMs(wallMs: number): number {
    if (this.anchorScopeMs === null) return Number.NaN;
    const wallElapsedMs = wallMs - this.anchorWallMs;
    const corrected = Math.min(Math.max(wallElapsedMs / SLEW_OVER_WALL_MS, 0), 1);
    return this.anchorScopeMs + wallElapsedMs * this.currentFactor + this.errorMs * corrected;
  }
}
