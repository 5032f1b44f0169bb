/** A stream that is behind and brings nothing for so long no longer holds the time back, wall ms. */
const PATIENCE_MS = 60_000;

/**
 * Whether the stream still holds events of a time in which nobody read it. Until they are taken, the time goes on with
 * them and no further: else every watchdog would fire at once, for want of news that is there already.
 */
export class StreamLag {
  /** Since when nothing came, of `performance.now`; null: not behind. */
  #sinceMs: number | null = null;

  get isHolding(): boolean {
    return this.#sinceMs !== null && performance.now() - this.#sinceMs < PATIENCE_MS;
  }

  begin(): void {
    this.#sinceMs = performance.now();
  }

  progress(): void {
    if (this.#sinceMs !== null) this.begin();
  }

  end(): void {
    this.#sinceMs = null;
  }
}
