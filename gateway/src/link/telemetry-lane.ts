import { type StationTeleKind, subject } from '@corridor/protocols/subject';
import type { TelemetryBuffer } from '../journal/telemetry-buffer.ts';
import { noFlags, type Outgoing, type Publisher } from './publisher.ts';

/** Live messages that may wait for the stream's word at a time; more go to the buffer. */
const IN_FLIGHT_MAX = 64;
/** Back-fill may be this many times as fast as live telemetry. */
const BACKFILL_RATIO = 10;
const TICK_MS = 200;
/** The live rate is measured over this wall time [ms]. */
const RATE_WINDOW_MS = 10_000;

export type BackfillHooks = {
  begin(counts: { telemetry: number }): void;
  end(counts: { telemetry: number }): void;
};

/**
 * The TELE lane: live messages first and at once; what could not be sent waits in the outage buffer and follows at no more than
 * ten times the live rate.
 */
export class TelemetryLane {
  readonly #publisher: Publisher;
  readonly #buffer: TelemetryBuffer;
  readonly #options: { scope: string; stationId: string; bootId: () => number; isUp: () => boolean };
  readonly #hooks: BackfillHooks;
  #seq = 0;
  #inFlight = 0;
  #sentAt: number[] = [];
  #timer: NodeJS.Timeout | null = null;
  #filling = false;
  #filled = 0;
  #ticking = false;
  #closed = false;

  constructor(
    publisher: Publisher,
    buffer: TelemetryBuffer,
    options: { scope: string; stationId: string; bootId: () => number; isUp: () => boolean },
    hooks: BackfillHooks,
  ) {
    this.#publisher = publisher;
    this.#buffer = buffer;
    this.#options = options;
    this.#hooks = hooks;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.#tick(), TICK_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    const deadline = performance.now() + 2_000;
    while ((this.#inFlight > 0 || this.#ticking) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    this.#closed = true;
  }

  send(kind: StationTeleKind, atMs: number, data: unknown): void {
    const { scope, stationId, bootId, isUp } = this.#options;
    this.#seq += 1;
    const message: Outgoing = {
      lane: 'tele',
      subject: subject.stationTele(scope, stationId, kind),
      schema: `tele.${kind}/1`,
      bootId: bootId(),
      seq: this.#seq,
      atMs,
      dataText: JSON.stringify(data),
      qText: noFlags(),
      backfill: false,
    };
    this.#sentAt.push(performance.now());
    if (!isUp() || this.#inFlight >= IN_FLIGHT_MAX) {
      this.#buffer.add(message);
      return;
    }
    this.#inFlight += 1;
    this.#publisher
      .publish(message)
      .catch(() => {
        if (!this.#closed) this.#buffer.add(message);
      })
      .finally(() => {
        this.#inFlight -= 1;
      });
  }

  #liveRate(): number {
    const since = performance.now() - RATE_WINDOW_MS;
    this.#sentAt = this.#sentAt.filter((at) => at >= since);
    return Math.max(1, (this.#sentAt.length * 1_000) / RATE_WINDOW_MS);
  }

  async #tick(): Promise<void> {
    if (this.#ticking || this.#timer === null || !this.#options.isUp()) return;
    this.#ticking = true;
    try {
      await this.#fill();
    } finally {
      this.#ticking = false;
    }
  }

  async #fill(): Promise<void> {
    if (this.#buffer.size === 0 && !this.#filling) return;
    if (!this.#filling) {
      this.#filling = true;
      this.#filled = 0;
      this.#hooks.begin({ telemetry: this.#buffer.size });
    }
    let budget = Math.max(1, Math.round((this.#liveRate() * BACKFILL_RATIO * TICK_MS) / 1_000));
    for (; budget > 0; budget -= 1) {
      const message = this.#buffer.oldest();
      if (!message) break;
      try {
        await this.#publisher.publish({ ...message, lane: 'tele', qText: noFlags(), backfill: true });
      } catch {
        // Unreachable again: the message stays where it is, the next tick tries it.
        return;
      }
      if (this.#closed) return;
      this.#buffer.remove(message.id);
      this.#filled += 1;
    }
    if (this.#buffer.size > 0) return;
    this.#filling = false;
    this.#hooks.end({ telemetry: this.#filled });
  }
}
