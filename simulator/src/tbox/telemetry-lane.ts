import type { Clock } from '@corridor/gateway/ports/clock';
import type { QualityFlag } from '@corridor/protocols/envelope';
import type { Logger } from 'pino';
import type { Wire, WireMessage } from './wire.ts';

/** Reports kept while nobody hears the T-box; the oldest go first. */
const BUFFER_MAX = 400;
/** What was buffered is sent at most at this many times the live rate. */
const BACKFILL_PER_LIVE = 10;

type Report = { subject: string; schema: string; data: unknown; tsEventMs: number; q: readonly QualityFlag[] };
/** Numbered when it was measured, once: what is never sent is seen to be missing, and what is sent later closes its gap. */
type NumberedReport = Report & { seq: number };
export type TelemetryLaneOptions = { truckId: string; bootId: number; wire: Wire; clock: Clock; log: Logger };

/**
 * The telemetry lane of a T-box: live reports first and never more than one in flight, so that a slow platform makes
 * reports rarer, not a queue longer; what could not be sent follows later, marked as back-fill.
 */
export class TelemetryLane {
  readonly #options: TelemetryLaneOptions;
  readonly #buffer: NumberedReport[] = [];
  #seq = 0;
  #busy = false;
  /** Reports that were given up because the buffer was full or one was still in flight. */
  dropped = 0;

  constructor(options: TelemetryLaneOptions) {
    this.#options = options;
  }

  get buffered(): number {
    return this.#buffer.length;
  }

  /**
   * Sends what was measured.
   * @param measuredAtMs scope time; usually now
   * @returns false when it was dropped or buffered
   */
  async report(
    subject: string,
    schema: string,
    data: unknown,
    q: readonly QualityFlag[] = [],
    measuredAtMs = this.#options.clock.nowMs(),
  ): Promise<boolean> {
    if (this.#busy) {
      this.dropped += 1;
      return false;
    }
    const report = this.#numbered({ subject, schema, data, tsEventMs: measuredAtMs, q });
    this.#busy = true;
    try {
      if (!(await this.#send(report, false))) {
        this.#put(report);
        return false;
      }
      for (let count = 0; count < BACKFILL_PER_LIVE && this.#buffer.length > 0; count += 1) {
        const [oldest] = this.#buffer;
        if (!oldest || !(await this.#send(oldest, true))) break;
        this.#buffer.shift();
      }
      return true;
    } finally {
      this.#busy = false;
    }
  }

  /** Buffers what was measured while nobody hears the T-box. */
  keep(report: Report): void {
    this.#put(this.#numbered(report));
  }

  #numbered(report: Report): NumberedReport {
    this.#seq += 1;
    return { ...report, seq: this.#seq };
  }

  #put(report: NumberedReport): void {
    if (this.#buffer.length >= BUFFER_MAX) {
      this.#buffer.shift();
      this.dropped += 1;
    }
    this.#buffer.push(report);
  }

  async #send({ subject, schema, data, tsEventMs, q, seq }: NumberedReport, backfill: boolean): Promise<boolean> {
    const { truckId, bootId, wire, clock, log } = this.#options;
    const envelope = {
      schema,
      src: truckId,
      bootId,
      seq,
      tsEvent: new Date(tsEventMs).toISOString(),
      tsSend: new Date(clock.nowMs()).toISOString(),
      backfill,
      q,
      data,
    };
    const message: WireMessage = { subject, messageId: `${truckId}:${bootId}:tele:${seq}`, body: JSON.stringify(envelope) };
    try {
      await wire(message);
      return true;
    } catch (cause) {
      log.debug({ truckId, reason: cause instanceof Error ? cause.message : String(cause) }, 'telemetry not taken');
      return false;
    }
  }
}
