import type { Gap, Sequencer } from './sequencer.ts';
import type { ReceivedEvent } from './writer-batch.ts';

export interface GapWatchOptions {
  sequencer: Sequencer<ReceivedEvent>;
  wallNowMs: () => number;
  /** Reads the stream again from `readFrom`. */
  reread: () => void;
  onDetected: (gap: Gap) => void;
  onSkipped: (gap: Gap, items: readonly ReceivedEvent[]) => void;
}

/** A gap that is still open after this is told, read for again further back, and at last given up [wall ms]. */
const DETECTED_MS = 3_000;
const REREAD_MS = [8_000, 25_000];
const REREAD_FURTHER = [20_000, 200_000];
export const GIVE_UP_MS = 60_000;
const TELL_AGAIN_MS = 5_000;

/**
 * Looks after sources with a gap. What is missing may be in the stream before the place from where we read (a server that
 * lost the end of a stream gives its numbers again), or only in the journal of its source, which resends from our last
 * acknowledgement. What nobody has any more is given up, so that a lost event never stops a station for good.
 */
export class GapWatch {
  readonly #options: GapWatchOptions;
  readonly #told = new Map<string, number>();
  readonly #rereads = new Map<string, number>();
  #further = 0;

  constructor(options: GapWatchOptions) {
    this.#options = options;
  }

  /** Where the stream has to be read from. */
  readFrom(streamSeq: number, margin: number): number {
    return Math.max(1, streamSeq + 1 - Math.max(margin, this.#further));
  }

  /** Call it about once a second. */
  look(): void {
    const { sequencer, wallNowMs } = this.#options;
    const nowMs = wallNowMs();
    const open = sequencer.gaps();
    for (const source of this.#told.keys()) if (!open.some((gap) => gap.source === source)) this.#closed(source);
    for (const gap of open) this.#lookAt(gap, nowMs - gap.sinceMs, nowMs);
  }

  #lookAt(gap: Gap, openMs: number, nowMs: number): void {
    const { sequencer, onDetected, onSkipped, reread } = this.#options;
    if (openMs > GIVE_UP_MS) {
      this.#closed(gap.source);
      onSkipped(
        gap,
        sequencer.skipGap(gap.source, nowMs).map(({ item }) => item),
      );
      return;
    }
    const toldMs = this.#told.get(gap.source);
    if (openMs > DETECTED_MS && (toldMs === undefined || nowMs - toldMs > TELL_AGAIN_MS)) {
      this.#told.set(gap.source, nowMs);
      onDetected(gap);
    }
    const rereads = this.#rereads.get(gap.source) ?? 0;
    const dueMs = REREAD_MS[rereads];
    if (dueMs === undefined || openMs < dueMs) return;
    this.#rereads.set(gap.source, rereads + 1);
    this.#further = REREAD_FURTHER[rereads] ?? 0;
    reread();
  }

  #closed(source: string): void {
    this.#told.delete(source);
    this.#rereads.delete(source);
    if (this.#told.size === 0) this.#further = 0;
  }
}
