import type { Logger } from 'pino';
import type { EventPosition, Journal, JournalledEvent } from '../journal/journal.ts';
import type { Outgoing, Publisher } from './publisher.ts';

/** Unconfirmed events are sent again after this wall time without progress, then after twice as long, up to the maximum [ms]. */
const RESEND_MS = 4_000;
const RESEND_MS_MAX = 60_000;
/** A platform that repeats its position misses something: it is sent again at once, but not more often than this [wall ms]. */
const REWIND_MS = 1_000;
/** Again-sent events that may be unconfirmed at a time: the platform parks only so many. */
const RESEND_WINDOW = 64;
const RETRY_MS = 1_000;

type Instant = { wallMs: number; scopeMs: number };

const isSame = (a: EventPosition, b: EventPosition): boolean => a.bootId === b.bootId && a.evtSeq === b.evtSeq;
const isBefore = (a: EventPosition, b: EventPosition): boolean => a.bootId < b.bootId || (a.bootId === b.bootId && a.evtSeq < b.evtSeq);

/**
 * The EVT lane: one event after the other, in journal order, each confirmed by the stream before the next. The stream's word is
 * no proof: events stay in the journal until the platform acknowledged its commit, and what it misses is sent again from there
 * on (go-back-N).
 */
export class EventLane {
  readonly #journal: Journal;
  readonly #publisher: Publisher;
  readonly #log: Logger;
  readonly #isUp: () => boolean;
  /** Last event sent in this pass. */
  #sentId: number;
  /** Last event ever sent: up to here a pass is a repetition. */
  #everSentId: number;
  /** Last event ever handed to the wire: the platform may answer it before the stream has. */
  #triedId: number;
  /** Journalled before the link came up last: sent late. */
  #lateUpToId: number;
  #repeat = 0;
  #resendMs = RESEND_MS;
  #rewoundAt = 0;
  #resendTimer: NodeJS.Timeout | null = null;
  #pump: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  readonly #nowMs: () => number;
  /** Since when the platform, which could, says nothing of the events that wait for its word; null: none waits. */
  #unanswered: Instant | null;
  readonly #unsubscribe: () => void;

  constructor(journal: Journal, publisher: Publisher, options: { isUp: () => boolean; nowMs: () => number; log: Logger }) {
    this.#journal = journal;
    this.#publisher = publisher;
    this.#isUp = options.isUp;
    this.#log = options.log;
    this.#sentId = journal.ackedId();
    this.#everSentId = this.#sentId;
    this.#triedId = this.#sentId;
    this.#lateUpToId = this.#sentId;
    this.#nowMs = options.nowMs;
    this.#unanswered = journal.unackedCount() === 0 ? null : this.#now();
    this.#unsubscribe = journal.onAppended(() => {
      this.#unanswered ??= this.#now();
      this.wake();
    });
  }

  /** How long the platform has acknowledged nothing while something waits for it [wall ms], and since when [scope ms]; null: nothing waits. */
  get unanswered(): { forMs: number; sinceMs: number } | null {
    return this.#unanswered && { forMs: performance.now() - this.#unanswered.wallMs, sinceMs: this.#unanswered.scopeMs };
  }

  #now(): Instant {
    return { wallMs: performance.now(), scopeMs: this.#nowMs() };
  }

  /** The link is up (again): what was journalled meanwhile counts as back-filled. */
  linkUp(): void {
    this.#lateUpToId = this.#journal.lastId();
    if (this.#unanswered !== null) this.#unanswered = this.#now();
    this.#sentId = Math.min(this.#sentId, this.#everSentId);
    this.wake();
    this.#armResend();
  }

  wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#pump ??= this.#run().finally(() => {
      this.#pump = null;
      if (this.#again && this.#isUp()) this.wake();
    });
  }

  /** The platform committed up to here. */
  acknowledged(position: EventPosition): void {
    if (this.#stopped) return;
    this.#take(position);
    this.#unanswered = this.#journal.ackedId() >= this.#journal.lastId() ? null : this.#now();
  }

  #take(position: EventPosition): void {
    const journal = this.#journal;
    if (journal.isBeyond(position, this.#triedId)) {
      this.#log.warn(
        { position, bootId: journal.bootId },
        'the platform knows more of this station than its journal, which was lost: numbering goes on after it',
      );
      journal.moveToBoot(Math.max(position.bootId, journal.bootId) + 1);
      this.#everSentId = journal.ackedId();
      this.#triedId = this.#everSentId;
      this.#rewind();
      return;
    }
    const known = journal.acked;
    if (isSame(position, known)) {
      const nowMs = performance.now();
      if (this.#sentId > journal.ackedId() && nowMs - this.#rewoundAt >= REWIND_MS) this.#rewind();
      return;
    }
    journal.acknowledge(position);
    if (isBefore(position, known)) {
      this.#log.warn({ position, known }, 'the platform went back: sending again from there');
      this.#everSentId = Math.max(this.#everSentId, this.#sentId);
      this.#rewind();
      return;
    }
    this.#resendMs = RESEND_MS;
    if (this.#sentId >= this.#everSentId) this.#repeat = 0;
    this.#sentId = Math.max(this.#sentId, journal.ackedId());
    this.#armResend();
    this.wake();
  }

  #rewind(): void {
    this.#rewoundAt = performance.now();
    this.#repeat += 1;
    this.#sentId = this.#journal.ackedId();
    this.#armResend();
    this.wake();
  }

  #armResend(): void {
    if (this.#resendTimer) clearTimeout(this.#resendTimer);
    this.#resendTimer = null;
    if (this.#stopped || this.#everSentId <= this.#journal.ackedId()) return;
    this.#resendTimer = setTimeout(() => {
      this.#resendMs = Math.min(this.#resendMs * 2, RESEND_MS_MAX);
      if (this.#isUp()) this.#rewind();
      else this.#armResend();
    }, this.#resendMs);
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#stopped && this.#isUp()) {
      this.#again = false;
      for (let next = this.#next(); next && !this.#stopped && this.#isUp(); next = this.#next()) {
        if (!(await this.#send(next))) return;
      }
    }
  }

  #next(): JournalledEvent | null {
    // A new journal sends its first event alone: the answer tells whether the platform knows this station from a journal that was lost.
    if (this.#journal.acked.bootId === 0 && this.#sentId > 0) return null;
    const repeating = this.#sentId < this.#everSentId;
    if (repeating && this.#sentId - this.#journal.ackedId() >= RESEND_WINDOW) return null;
    return this.#journal.eventsAfter(this.#sentId, 1)[0] ?? null;
  }

  async #send(event: JournalledEvent): Promise<boolean> {
    const passStart = this.#sentId;
    this.#triedId = Math.max(this.#triedId, event.id);
    try {
      await this.#publisher.publish(outgoing(event, event.id <= this.#lateUpToId), this.#mustPass(event));
    } catch (cause) {
      this.#log.debug({ err: cause instanceof Error ? cause.message : String(cause), seq: event.seq }, 'event not confirmed by the stream');
      this.#retryLater();
      return false;
    }
    // A rewind while the event was under way has set the pass back already.
    if (this.#sentId === passStart) this.#sentId = event.id;
    this.#everSentId = Math.max(this.#everSentId, event.id);
    if (!this.#resendTimer) this.#armResend();
    return true;
  }

  /**
   * The stream drops what it knows by its id. The second time around it did not help that it knew it; and of a new journal it may
   * know the numbers from one that was lost.
   */
  #mustPass(event: JournalledEvent): boolean {
    return this.#journal.acked.bootId === 0 || (event.id <= this.#everSentId && this.#repeat > 1);
  }

  #retryLater(): void {
    if (this.#stopped) return;
    setTimeout(() => this.wake(), RETRY_MS).unref();
  }

  /** Waits for a publish under way; what is left stays in the journal. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    if (this.#resendTimer) clearTimeout(this.#resendTimer);
    await this.#pump;
  }

  /** Sends what is in the journal now, as far as the link allows: before an orderly stop. */
  async drained(): Promise<void> {
    this.wake();
    await this.#pump;
  }
}

function outgoing(event: JournalledEvent, late: boolean): Outgoing {
  const { subject, schema, bootId, seq, atMs, dataText, qText } = event;
  return { lane: 'evt', subject, schema, bootId, seq, atMs, dataText, qText, backfill: late };
}
