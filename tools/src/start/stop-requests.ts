/** npm hands a Ctrl-C on that the terminal sends us as well: the same signal within this long is one request, ms. */
const ECHO_MS = 500;

/** STOP: in order; STILL: it is under way; FORCE: end everything at once; ECHO: of a request that was counted. */
export type StopRequest = 'STOP' | 'STILL' | 'FORCE' | 'ECHO';

/** What the signals to end mean that a person, or npm for him, sends one after the other: the third request does not wait for the order. */
export class StopRequests {
  readonly #countedMs = new Map<NodeJS.Signals, number>();
  #count = 0;

  get isAsked(): boolean {
    return this.#count > 0;
  }

  /** @param nowMs monotonic */
  of(signal: NodeJS.Signals, nowMs: number): StopRequest {
    const countedMs = this.#countedMs.get(signal);
    if (countedMs !== undefined && nowMs - countedMs < ECHO_MS) return 'ECHO';
    this.#countedMs.set(signal, nowMs);
    this.#count += 1;
    if (this.#count === 1) return 'STOP';
    return this.#count === 2 ? 'STILL' : 'FORCE';
  }
}
