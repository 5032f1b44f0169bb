/**
 * For this long the word of the stream counts that everything in it has been read [wall ms]. It is given about once a
 * second; when it stays out, we cannot know what arrived: the server is away, or this process was suspended.
 */
export const WORD_COUNTS_MS = 3_000;

/**
 * Whether the stream may hold events that nobody has taken yet. While it may, time goes on with the events that are taken
 * and no further: else every watchdog would fire, for want of news that is there already.
 */
export class StreamLag {
  readonly #monotonicNowMs: () => number;
  /** When everything in the stream had been taken; null: not since it was found behind. */
  #atEndMs: number | null = null;

  /** @param monotonicNowMs goes on while the process is suspended */
  constructor(monotonicNowMs: () => number) {
    this.#monotonicNowMs = monotonicNowMs;
  }

  get isHolding(): boolean {
    return this.#atEndMs === null || this.#monotonicNowMs() - this.#atEndMs > WORD_COUNTS_MS;
  }

  /** It holds something that came while nobody read it. */
  behind(): void {
    this.#atEndMs = null;
  }

  /** Everything in it has been taken. */
  atEnd(): void {
    this.#atEndMs = this.#monotonicNowMs();
  }
}
