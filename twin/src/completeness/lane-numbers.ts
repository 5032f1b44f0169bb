/** Numbers that never came, both ends missing, between the times of the messages before and after. */
export interface LaneGap {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Gaps kept of a boot; of more the oldest are missing for good. */
const GAPS_MAX = 5_000;

/** What arrived of the numbers of one boot of one lane. */
export class LaneNumbers {
  firstSeq: number;
  lastSeq: number;
  lastAtMs: number;
  /** By their first number, which rises. */
  readonly #gaps: LaneGap[];
  /** First number -> the gap as it is now; null: there is none any more. */
  readonly #changed = new Map<number, LaneGap | null>();

  constructor({ firstSeq, lastSeq, lastAtMs }: { firstSeq: number; lastSeq: number; lastAtMs: number }, gaps: readonly LaneGap[] = []) {
    this.firstSeq = firstSeq;
    this.lastSeq = lastSeq;
    this.lastAtMs = lastAtMs;
    this.#gaps = [...gaps].sort((one, other) => one.firstSeq - other.firstSeq);
  }

  get gaps(): readonly LaneGap[] {
    return this.#gaps;
  }

  /** @returns false when this number came before */
  arrived(seq: number, atMs: number): boolean {
    if (seq > this.lastSeq) {
      if (seq > this.lastSeq + 1) this.#put(between(this.lastSeq + 1, seq - 1, this.lastAtMs, atMs));
      this.lastSeq = seq;
      this.lastAtMs = atMs;
      return true;
    }
    if (seq < this.firstSeq) {
      // Of a boot that was under way when it was heard for the first time.
      if (seq < this.firstSeq - 1) this.#put(between(seq + 1, this.firstSeq - 1, atMs, atMs));
      this.firstSeq = seq;
      return true;
    }
    return this.#fill(seq, atMs);
  }

  /** Gaps that changed since this was asked, by their first number. */
  takeChanges(): ReadonlyMap<number, LaneGap | null> {
    const changes = new Map(this.#changed);
    this.#changed.clear();
    return changes;
  }

  #fill(seq: number, atMs: number): boolean {
    const index = this.#gaps.findLastIndex(({ firstSeq }) => firstSeq <= seq);
    const gap = this.#gaps[index];
    if (gap === undefined || gap.lastSeq < seq) return false;
    this.#gaps.splice(index, 1);
    this.#changed.set(gap.firstSeq, null);
    const atIn = Math.min(Math.max(atMs, gap.fromMs), gap.untilMs);
    if (gap.firstSeq < seq) this.#put({ ...gap, lastSeq: seq - 1, untilMs: atIn });
    if (seq < gap.lastSeq) this.#put({ ...gap, firstSeq: seq + 1, fromMs: atIn });
    return true;
  }

  #put(gap: LaneGap): void {
    this.#changed.set(gap.firstSeq, gap);
    const index = this.#gaps.findLastIndex(({ firstSeq }) => firstSeq < gap.firstSeq);
    this.#gaps.splice(index + 1, 0, gap);
    if (this.#gaps.length > GAPS_MAX) this.#gaps.shift();
  }
}

const between = (firstSeq: number, lastSeq: number, oneMs: number, otherMs: number): LaneGap => ({
  firstSeq,
  lastSeq,
  fromMs: Math.min(oneMs, otherMs),
  untilMs: Math.max(oneMs, otherMs),
});
