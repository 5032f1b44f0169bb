/** Frames further apart than this, on average, mean that the pictures are drawn without a GPU. */
const SLOW_MS = 90;
const SLOW_INTERVAL_MS = 250;
const SMOOTHING = 0.1;
/** Drawing takes at most one part in this many of the time, however slow it is. */
const SHARE = 2;

/**
 * Leaves frames out on a device that cannot keep up, so that panels stay quick; never while the camera is moved, and
 * never on a device with a GPU.
 */
export class FramePace {
  private lastMs = 0;
  private drawnMs = 0;
  private drew = false;
  private meanMs = 16;

  /** @param busy the camera moves: every frame counts @returns true when this frame is not to be drawn */
  skips(atMs: number, busy: boolean): boolean {
    const intervalMs = Math.min(atMs - this.lastMs, 1_000);
    this.lastMs = atMs;
    // An interval after a frame that was left out says nothing about drawing.
    if (this.drew) this.meanMs += (intervalMs - this.meanMs) * SMOOTHING;
    this.drew = busy || this.meanMs <= SLOW_MS || atMs - this.drawnMs >= Math.max(SLOW_INTERVAL_MS, this.meanMs * SHARE);
    if (this.drew) this.drawnMs = atMs;
    return !this.drew;
  }
}
