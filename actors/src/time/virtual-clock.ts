import { violated } from '@corridor/protocols/assert';
import FlatQueue from 'flatqueue';

/** A timer that was set. Opaque but for what a snapshot needs of it. */
export interface Timer {
  readonly dueAtMs: number;
  /** Order among timers of one instant. */
  readonly seq: number;
  fire: () => void;
  armed: boolean;
  /** Whose it is; null when nobody asks. */
  readonly owner: object | null;
}

/** Rebuild the heap when this many cancelled timers, and more than half of it, lie in it. */
const CANCELLED_MAX = 1_000;

/**
 * Scope time as a queue of timers: they fire in (due, seq) order, and `nowMs` is the due time of the one that fires.
 * It is the `clock` that XState's actors take. (XState's own SimulatedClock fires a self-re-arming timer once a jump and
 * shows every timer the end of the jump.)
 */
export class VirtualClock {
  #nowMs: number;
  #seq = 0;
  #cancelled = 0;
  #heap = new FlatQueue<Timer>();
  #fired: Timer | null = null;
  /** Timers of one instant, taken out together: the heap does not keep the order of equals. */
  #tied: Timer[] = [];
  #tiedAt = 0;
  /** Due time of the next timer, Infinity: none; NaN: it has to be looked for. Who steps two clocks asks each far more often than its timers change. */
  #nextMs = Number.NaN;

  constructor(nowMs = 0) {
    this.#nowMs = nowMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** The timer that fires now, or did last; null: none has yet. */
  get fired(): Timer | null {
    return this.#fired;
  }

  /** Due time of the next timer, null when none is armed. */
  get nextDueMs(): number | null {
    if (Number.isNaN(this.#nextMs)) this.#nextMs = this.#findNextMs();
    return this.#nextMs === Number.POSITIVE_INFINITY ? null : this.#nextMs;
  }

  #findNextMs(): number {
    for (; this.#tiedAt < this.#tied.length; this.#tiedAt += 1) {
      const tied = this.#tied[this.#tiedAt];
      if (tied?.armed) return tied.dueAtMs;
      this.#cancelled -= 1;
    }
    for (let top = this.#heap.peek(); top; top = this.#heap.peek()) {
      if (top.armed) return top.dueAtMs;
      this.#heap.pop();
      this.#cancelled -= 1;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** The timer that fires next; null when none is armed. */
  get next(): Timer | null {
    const dueAtMs = this.nextDueMs;
    return dueAtMs === null ? null : this.#nextAt(dueAtMs);
  }

  /** XState's interface. @param delayMs less than 0 counts as 0 */
  setTimeout(fire: () => void, delayMs: number): Timer {
    return this.schedule(this.#nowMs + (delayMs > 0 ? delayMs : 0), fire);
  }

  clearTimeout(timer: Timer | undefined): void {
    if (!timer?.armed) return;
    timer.armed = false;
    this.#cancelled += 1;
    if (timer.dueAtMs === this.#nextMs) this.#nextMs = Number.NaN;
    if (this.#cancelled > CANCELLED_MAX && this.#cancelled * 2 > this.#heap.length) this.#dropCancelled();
  }

  /** @param seq of a timer that is set again after a restart, so that it keeps its place among those of its instant */
  schedule(dueAtMs: number, fire: () => void, { seq, owner }: { seq?: number | undefined; owner?: object } = {}): Timer {
    return this.set(dueAtMs, fire, seq ?? this.#seq, owner ?? null);
  }

  /** As `schedule`, without an object for what is optional: a simulation sets a timer for every second event. */
  set(dueAtMs: number, fire: () => void, seq: number = this.#seq, owner: object | null = null): Timer {
    const timer: Timer = { dueAtMs, seq, fire, armed: true, owner };
    this.arm(timer);
    return timer;
  }

  /** The place of a timer that is set now, behind all of its instant. */
  get seq(): number {
    return this.#seq;
  }

  /** Sets a timer that its owner has made, armed. */
  arm(timer: Timer): void {
    const { dueAtMs, seq } = timer;
    if (!Number.isFinite(dueAtMs)) violated(`timer due at ${dueAtMs}`);
    if (seq >= this.#seq) this.#seq = seq + 1;
    const tied = this.#tied[this.#tiedAt];
    if (tied !== undefined && dueAtMs < tied.dueAtMs) this.#untie();
    this.#heap.push(timer, dueAtMs);
    if (dueAtMs < this.#nextMs) this.#nextMs = dueAtMs;
  }

  /** Fires the next timer that is due until then. @returns false when there is none */
  fireNext(untilMs: number): boolean {
    const dueAtMs = this.nextDueMs;
    if (dueAtMs === null || dueAtMs > untilMs) return false;
    const timer = this.#alone(dueAtMs) ?? this.#nextAt(dueAtMs);
    if (this.#tiedAt < this.#tied.length) this.#tiedAt += 1;
    timer.armed = false;
    this.#fired = timer;
    this.#nextMs = Number.NaN;
    if (timer.dueAtMs > this.#nowMs) this.#nowMs = timer.dueAtMs;
    timer.fire();
    return true;
  }

  /** Fires everything due until then, and stands there. */
  runUntil(atMs: number): void {
    while (this.fireNext(atMs));
    this.standAt(atMs);
  }

  /** @throws InvariantError when time would go back */
  standAt(atMs: number): void {
    // The words are made only when they are needed: a simulation stands still at every event.
    if (!(atMs >= this.#nowMs)) violated(`the clock stands at ${this.#nowMs}, it cannot go back to ${atMs}`);
    this.#nowMs = atMs;
  }

  /** Takes the next timer out of the heap when no other is due with it, as nearly always. */
  #alone(dueAtMs: number): Timer | null {
    if (this.#tiedAt < this.#tied.length) return null;
    const timer = this.#heap.pop();
    if (timer === undefined) return null;
    if (this.#heap.peekValue() !== dueAtMs) return timer;
    this.#heap.push(timer, dueAtMs);
    return null;
  }

  #nextAt(dueAtMs: number): Timer {
    if (this.#tiedAt >= this.#tied.length) {
      this.#tied.length = 0;
      this.#tiedAt = 0;
      while (this.#heap.peekValue() === dueAtMs) {
        const timer = this.#heap.pop();
        if (timer) this.#tied.push(timer);
      }
      if (this.#tied.length > 1) this.#tied.sort((one, other) => one.seq - other.seq);
      while (this.#tied[this.#tiedAt]?.armed === false) {
        this.#tiedAt += 1;
        this.#cancelled -= 1;
      }
    }
    const timer = this.#tied[this.#tiedAt];
    if (timer === undefined) violated(`no timer due at ${dueAtMs}`);
    return timer;
  }

  /** Timers that were only looked at go back, for an earlier one has come. */
  #untie(): void {
    for (const timer of this.#tied.slice(this.#tiedAt)) {
      if (timer.armed) this.#heap.push(timer, timer.dueAtMs);
      else this.#cancelled -= 1;
    }
    this.#tied = [];
    this.#tiedAt = 0;
  }

  /** Cancelled timers stay until due, or until they are most of the heap. */
  #dropCancelled(): void {
    const { ids, length } = this.#heap;
    this.#heap = new FlatQueue<Timer>();
    // In the order in which they lie there: none of them has to rise far.
    for (let index = 0; index < length; index += 1) {
      const timer = ids[index];
      if (timer?.armed) this.#heap.push(timer, timer.dueAtMs);
    }
    this.#cancelled = this.#tied.slice(this.#tiedAt).filter((timer) => !timer.armed).length;
  }
}
