const INTERVAL_MS = 200;

/**
 * When labels are to be placed anew: five times a second, but not in the frame in which they were written, for their sizes
 * come after it. That is put off once only: where a frame takes longer than it is until they are written again, they would
 * never be placed.
 */
export class LabelDue {
  #nextAtMs = 0;
  #isWritten = false;
  #isPutOff = false;

  /** They, or their sizes, are others than when they were placed. */
  hurry(): void {
    this.#nextAtMs = 0;
  }

  /** They were written in this frame. */
  written(): void {
    this.#isWritten = true;
  }

  /** Asked once a frame. @param nowMs of the frame, on any clock that only goes forward */
  isDue(nowMs: number): boolean {
    const putsOff = this.#isWritten && !this.#isPutOff;
    this.#isWritten = false;
    if (nowMs < this.#nextAtMs) return false;
    this.#isPutOff = putsOff;
    if (putsOff) return false;
    this.#nextAtMs = nowMs + INTERVAL_MS;
    return true;
  }
}
