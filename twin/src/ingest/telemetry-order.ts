import { highestBoot } from '../writer/sequencer.ts';

/** Place of a telemetry message in the order of its source. `again`: its rows may be in the tables already. */
export type TelemetryPlace = 'new' | 'again' | 'SEQ_IMPLAUSIBLE' | 'BOOT_IMPLAUSIBLE';

interface Newest {
  bootId: number;
  seq: number;
  storedWallMs: number;
}

/** Messages that a source may be ahead at once: those of a long time in which nobody heard it in its stream. */
const AHEAD_MAX = 100_000;
/** And those that it may have sent since its last one: far more than any source sends [1/ms of wall time]. */
const RATE_PER_MS_MAX = 1;
/** Of a source that was not heard since the start: a year of thirty messages a second. */
const FIRST_MAX = 1_000_000_000;

/**
 * Knows the newest message of each source, and does not believe a number that the source cannot have reached: taken, one
 * made-up number would make everything old that the source says until its next boot.
 */
export class TelemetryOrder {
  readonly #newest = new Map<string, Newest>();

  /**
   * @param storedWallMs when the stream stored it
   * @param eventBootId last boot of the source in the lane of events, which has the same counter; 0: none
   */
  take(source: string, bootId: number, seq: number, storedWallMs: number, eventBootId = 0): TelemetryPlace {
    const known = this.#newest.get(source);
    if (bootId > highestBoot(Math.max(known?.bootId ?? 0, eventBootId))) return 'BOOT_IMPLAUSIBLE';
    if (known === undefined) {
      if (seq > FIRST_MAX) return 'SEQ_IMPLAUSIBLE';
      this.#newest.set(source, { bootId, seq, storedWallMs });
      return 'new';
    }
    if (bootId < known.bootId || (bootId === known.bootId && seq <= known.seq)) return 'again';
    const from = bootId === known.bootId ? known.seq : 0;
    if (seq - from > AHEAD_MAX + Math.max(0, storedWallMs - known.storedWallMs) * RATE_PER_MS_MAX) return 'SEQ_IMPLAUSIBLE';
    known.bootId = bootId;
    known.seq = seq;
    known.storedWallMs = storedWallMs;
    return 'new';
  }

  /** A source whose credentials were withdrawn begins anew. */
  forget(source: string): void {
    this.#newest.delete(source);
  }
}
