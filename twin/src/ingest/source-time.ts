/**
 * Clocks of devices are wrong: by seconds, by a time zone, by fifty years. Live telemetry tells how far: it is sent the
 * moment it is stamped. What several live messages of a source agree on corrects what the source says about when its
 * events happened, so that a wrong clock moves no energy into another tariff period.
 */
export interface SourceTime {
  /** When it happened, scope ms, corrected. */
  readonly atMs: number;
  readonly skewed: boolean;
  /** So far off that nothing the source says about time can be used. */
  readonly implausible: boolean;
}

/** Below this, a difference is transport and queueing [ms of wall time]. */
export const SKEW_TOLERANCE_MS = 5_000;
export const IMPLAUSIBLE_MS = 24 * 3_600_000;
/** What a gateway keeps through an outage. */
const BUFFERED_MS_MAX = 14 * IMPLAUSIBLE_MS;
/** A message that was not buffered comes within this [ms of wall time]. */
export const LIVE_LATE_MS_MAX = 3_600_000 / 2;
/** Live messages that have to agree before a source is believed to be wrong. */
const WITNESSES = 3;

interface Suspicion {
  offsetMs: number;
  witnesses: number;
}

export class SourceClocks {
  readonly #suspicions = new Map<string, Suspicion>();

  /**
   * @param receivedScopeMs scope time at which the message reached the stream
   * @param factor pace of the scope: a second on the way is that many seconds of scope time
   * @returns true when the source has just been found wrong, or right again
   */
  observeLive(source: string, tsSendMs: number, receivedScopeMs: number, factor: number): boolean {
    const offsetMs = tsSendMs - receivedScopeMs;
    const toleranceMs = SKEW_TOLERANCE_MS * Math.max(1, factor);
    const before = this.offsetMsOf(source);
    if (Math.abs(offsetMs) <= toleranceMs) {
      this.#suspicions.delete(source);
      return before !== 0;
    }
    const suspicion = this.#suspicions.get(source);
    const agrees = suspicion !== undefined && Math.abs(suspicion.offsetMs - offsetMs) <= 2 * toleranceMs;
    this.#suspicions.set(source, { offsetMs, witnesses: agrees ? suspicion.witnesses + 1 : 1 });
    return (before === 0) !== (this.offsetMsOf(source) === 0);
  }

  /** How far the clock of the source is ahead of the scope; 0 while it is not known to be wrong. */
  offsetMsOf(source: string): number {
    const suspicion = this.#suspicions.get(source);
    return suspicion && suspicion.witnesses >= WITNESSES ? suspicion.offsetMs : 0;
  }

  /**
   * When that happened which the source says happened at `tsEventMs`. Nothing happens later than it was received.
   * @param buffered it may have waited in the journal of its source; else an hour on the way is a wrong clock
   */
  correct(source: string, tsEventMs: number, received: { atMs: number; factor: number; buffered: boolean }): SourceTime {
    const { atMs: nowMs, factor, buffered } = received;
    const offsetMs = this.offsetMsOf(source);
    const correctedMs = tsEventMs - offsetMs;
    const toleranceMs = SKEW_TOLERANCE_MS * Math.max(1, factor);
    if (correctedMs > nowMs + toleranceMs || correctedMs < nowMs - (buffered ? BUFFERED_MS_MAX : LIVE_LATE_MS_MAX * Math.max(1, factor))) {
      return { atMs: nowMs, skewed: true, implausible: Math.abs(correctedMs - nowMs) > IMPLAUSIBLE_MS };
    }
    return { atMs: Math.min(correctedMs, nowMs), skewed: offsetMs !== 0, implausible: Math.abs(offsetMs) > IMPLAUSIBLE_MS };
  }
}
