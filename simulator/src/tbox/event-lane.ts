import type { Clock } from '@corridor/gateway/ports/clock';
import type { Logger } from 'pino';
import type { StoredEvent, TboxJournal } from './tbox-journal.ts';
import type { Wire } from './wire.ts';

const RETRY_WALL_MS = 1_000;
/** Sent and not confirmed for this long: sent again, from the first one on. */
const RESEND_WALL_MS = 10_000;
const RESEND_WALL_MS_MAX = 120_000;
const ENVELOPE_LANE = 'evt';

export type EventLaneOptions = { truckId: string; bootId: number; journal: TboxJournal; wire: Wire; clock: Clock; log: Logger };

/**
 * The event lane of a T-box: numbered, stored before it is sent, sent in order one by one, sent again until the
 * platform confirms.
 */
export class EventLane {
  readonly #options: EventLaneOptions;
  #seq = 0;
  #cursor: { bootId: number; seq: number } = { bootId: 0, seq: 0 };
  /** Passes over the unconfirmed events: from the third on a stream that still has them must let them through. */
  #pass = 0;
  #sending = false;
  #sendingDone: Promise<void> = Promise.resolve();
  #stopped = false;
  #retry: NodeJS.Timeout | null = null;

  constructor(options: EventLaneOptions) {
    this.#options = options;
  }

  /** @param schema for example `evt.truck.online/1` */
  publish(subject: string, schema: string, data: unknown): void {
    const { truckId, bootId, journal, clock } = this.#options;
    this.#seq += 1;
    const at = new Date(clock.nowMs()).toISOString();
    const envelope = { schema, src: truckId, bootId, seq: this.#seq, tsEvent: at, tsSend: at, backfill: false, q: [], data };
    journal.append(truckId, { bootId, seq: this.#seq, subject, body: JSON.stringify(envelope) });
    this.#kick();
  }

  /** The platform has everything up to here. */
  confirmed(ack: { bootId: number; evtSeq: number }): void {
    this.#options.journal.confirm(this.#options.truckId, ack);
  }

  /** Resolves when nothing is being sent at the moment: all is with the stream, or has to wait for a retry. */
  async settled(): Promise<void> {
    await this.#sendingDone;
  }

  stop(): void {
    this.#stopped = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
  }

  #kick(): void {
    if (this.#sending || this.#stopped) return;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#sending = true;
    this.#sendingDone = this.#send().finally(() => {
      this.#sending = false;
    });
  }

  async #send(): Promise<void> {
    const { truckId, journal } = this.#options;
    for (;;) {
      const waiting = journal.unconfirmed(truckId);
      const next = waiting.find((event) => isAfter(event, this.#cursor));
      if (this.#stopped) return;
      if (!next) {
        if (waiting.length > 0) this.#later(Math.min(RESEND_WALL_MS * 2 ** this.#pass, RESEND_WALL_MS_MAX), true);
        else this.#pass = 0;
        return;
      }
      if (!(await this.#sendOne(next))) {
        this.#later(RETRY_WALL_MS, false);
        return;
      }
      this.#cursor = next;
    }
  }

  async #sendOne(event: StoredEvent): Promise<boolean> {
    const { truckId, wire, log } = this.#options;
    try {
      await wire({
        subject: event.subject,
        messageId: `${truckId}:${event.bootId}:${ENVELOPE_LANE}:${event.seq}${this.#pass > 1 ? `:r${this.#pass}` : ''}`,
        body: event.body,
      });
      return true;
    } catch (cause) {
      log.debug({ truckId, reason: cause instanceof Error ? cause.message : String(cause) }, 'event not taken yet');
      return false;
    }
  }

  #later(wallMs: number, fromTheStart: boolean): void {
    if (this.#stopped) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      if (fromTheStart) {
        this.#cursor = { bootId: 0, seq: 0 };
        this.#pass += 1;
      }
      this.#kick();
    }, wallMs);
  }
}

function isAfter(event: { bootId: number; seq: number }, cursor: { bootId: number; seq: number }): boolean {
  return event.bootId > cursor.bootId || (event.bootId === cursor.bootId && event.seq > cursor.seq);
}
