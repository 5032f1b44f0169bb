/** Errors smaller than this many wall milliseconds are worked off smoothly, larger ones at once. */
const SLEW_WALL_MS = 1_500;
const SLEW_RATE = 0.15;

/**
 * Scope time at any wall instant, from the `scopeAt` and `factor` that come with every message. Between messages it runs
 * on at the factor; corrections are slewed, so that trucks do not jerk with the network's jitter.
 */
export class SceneClock {
  private anchorScopeMs: number | null = null;
  private anchorWallMs = 0;
  private currentFactor = 1;

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
    if (this.anchorScopeMs === null || factor !== this.currentFactor) {
      this.anchor(scopeAtMs, factor, wallMs);
      return;
    }
    const predicted = this.nowMs(wallMs);
    const errorMs = scopeAtMs - predicted;
    const slewed = Math.abs(errorMs) <= SLEW_WALL_MS * factor ? predicted + errorMs * SLEW_RATE : scopeAtMs;
    this.anchor(slewed, factor, wallMs);
  }

  /** @returns unix milliseconds in scope time; NaN before the first message */
  nowMs(wallMs: number): number {
    if (this.anchorScopeMs === null) return Number.NaN;
    return this.anchorScopeMs + (wallMs - this.anchorWallMs) * this.currentFactor;
  }

  private anchor(scopeMs: number, factor: number, wallMs: number): void {
    this.anchorScopeMs = scopeMs;
    this.anchorWallMs = wallMs;
    this.currentFactor = factor;
  }
}
