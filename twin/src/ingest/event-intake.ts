import type { Reference } from '@corridor/actors/network/reference';
import { type Decoded, decode, type Refusal } from '@corridor/protocols/decode';
import type { QualityFlag } from '@corridor/protocols/envelope';
import type { GatewayOnline } from '@corridor/protocols/evt/gateway';
import type { LaneBook } from '../completeness/lane-book.ts';
import type { ScopeClock } from '../writer/scope-clock.ts';
import type { NumberRefusal, Sequenced, Sequencer } from '../writer/sequencer.ts';
import type { ReceivedEvent } from '../writer/writer-batch.ts';
import { numberOf } from './message-number.ts';
import type { SourceClocks } from './source-time.ts';

/** A message of a stream, free of its transport. */
export interface StreamMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly streamSeq: number;
  /** When the stream stored it, wall ms. */
  readonly storedWallMs: number;
  /** `<src>:<bootId>:<lane>:<seq>`, or empty. */
  readonly messageId: string;
}

/** Why the twin refuses what decoded. */
export const TWIN_REFUSALS = [
  'BOOT_WENT_BACK',
  'BOOT_IMPLAUSIBLE',
  'SEQ_IMPLAUSIBLE',
  'ASSET_UNKNOWN',
  'VALUE_REFUSED',
  'INPUT_FAILED',
] as const;
export type TwinRefusal = (typeof TWIN_REFUSALS)[number];

export interface RefusedMessage {
  readonly message: StreamMessage;
  readonly reason: Refusal | TwinRefusal;
  readonly detail: string;
  /** Readings of the message that are meant, where the others of it count. */
  readonly readings?: number;
}

export interface EventIntakeOptions {
  scope: string;
  reference: Reference;
  clock: ScopeClock;
  sourceClocks: SourceClocks;
  sequencer: Sequencer<ReceivedEvent>;
  wallNowMs: () => number;
  /** Which numbers came. */
  laneBook: LaneBook;
  writer: {
    readonly streamSeq: number;
    events(events: readonly ReceivedEvent[]): void;
    streamTaken(streamSeq: number): void;
    ackSoon(source: string): void;
  };
  onRefused: (refused: RefusedMessage) => void;
  onDuplicate: (source: string) => void;
  /** Dealt with before, and read again by ourselves: what was refused then is not refused a second time. */
  onReread: () => void;
  onGap: (source: string) => void;
  /** Too much of a source waits for a missing event: this one was dropped, its source sends it again. */
  onOverflow: (source: string) => void;
}

/** Later than this is late, ms of wall time. */
export const LATE_MS = 30_000;
/** An event that waited longer in the stream [scope ms] comes too late to be answered. */
const LATE_IN_STREAM_MS = 30 * 60_000;

const text = new TextDecoder();

/**
 * From the EVT stream into the writer's queue: decodes, refuses, corrects times, and lets the sequencer decide. A message
 * that is refused but numbered uses its number up, so that one bad event never holds up those behind it.
 */
export class EventIntake {
  readonly #options: EventIntakeOptions;

  constructor(options: EventIntakeOptions) {
    this.#options = options;
  }

  take(message: StreamMessage): void {
    try {
      this.#take(message);
    } catch (cause) {
      // A bug of ours, and nothing of the message has been taken: read again it would fail again, and hold up everybody.
      this.#refuse(message, 'INPUT_FAILED', cause instanceof Error ? cause.message : String(cause));
    }
    this.#options.writer.streamTaken(message.streamSeq);
  }

  #take(message: StreamMessage): void {
    const decoded = decode(message.subject, message.data);
    if (decoded.ok) this.#takeDecoded(message, decoded);
    else this.#refuse(message, decoded.reason, decoded.detail);
  }

  #takeDecoded(message: StreamMessage, decoded: Extract<Decoded, { ok: true }>): void {
    const { reference, clock, sourceClocks, wallNowMs } = this.#options;
    const { subject, envelope } = decoded;
    // Scopes share the stream, where a server keeps several.
    if (subject.scope !== this.#options.scope) return;
    if (!isKnown(reference, subject.source, subject.id)) {
      this.#tellRefused({ message, reason: 'SOURCE_UNKNOWN', detail: `${subject.source} ${subject.id} is not registered` });
      return;
    }
    const source = `${subject.source}:${subject.id}`;
    const inStreamMs = Math.max(0, wallNowMs() - message.storedWallMs) * clock.factor;
    const received = { atMs: clock.atWall(Math.min(wallNowMs(), message.storedWallMs)), factor: clock.factor, buffered: envelope.backfill };
    const time = sourceClocks.correct(source, Date.parse(envelope.tsEvent), received);
    // It waited for us, not in its source: for whoever acts on it that is the same.
    if (inStreamMs > LATE_IN_STREAM_MS) envelope.backfill = true;
    if (time.skewed) {
      envelope.tsEvent = new Date(time.atMs).toISOString();
      if (!envelope.q.includes('SKEW')) envelope.q = [...envelope.q, 'SKEW' satisfies QualityFlag];
    }
    this.#offer(
      {
        source,
        bootId: envelope.bootId,
        seq: envelope.seq,
        streamSeq: message.streamSeq,
        subject: message.subject,
        decoded,
        text: text.decode(message.data),
        eventAtMs: time.atMs,
        skewed: time.skewed,
        receivedWallMs: wallNowMs(),
        reachedAtMs: received.atMs,
        refusal: time.implausible ? 'TIME_IMPLAUSIBLE' : null,
      },
      previousOf(decoded),
      message,
    );
  }

  /** Told once: a start reads a piece of the stream again that an earlier process dealt with. */
  #tellRefused(refused: RefusedMessage): void {
    if (this.#isReread(refused.message)) this.#options.onReread();
    else this.#options.onRefused(refused);
  }

  #isReread({ streamSeq }: StreamMessage): boolean {
    return streamSeq <= this.#options.writer.streamSeq;
  }

  #refuse(message: StreamMessage, reason: Refusal | TwinRefusal, detail: string): void {
    if (message.subject.split('.')[2] !== this.#options.scope) return;
    this.#tellRefused({ message, reason, detail });
    const numbered = numberOf(message, 'evt');
    if (!numbered || !isKnown(this.#options.reference, numbered.sourceKind, numbered.sourceId)) return;
    const { source, bootId, seq } = numbered;
    const atMs = this.#options.clock.nowMs();
    if (!this.#isReread(message)) this.#options.laneBook.refused({ source, lane: 'evt' }, atMs, { source, lane: 'evt', bootId, seq, atMs });
    // A boot begins with a message that can be read, or the number of a broken one would lock the source out.
    if (this.#options.sequencer.positionOf(source)?.bootId !== bootId) return;
    const hole: ReceivedEvent = {
      source,
      bootId,
      seq,
      streamSeq: message.streamSeq,
      subject: message.subject,
      decoded: null,
      text: null,
      eventAtMs: this.#options.clock.nowMs(),
      skewed: false,
      receivedWallMs: this.#options.wallNowMs(),
      reachedAtMs: this.#options.clock.nowMs(),
      refusal: reason,
    };
    this.#offer(hole, 'NO_FIRST', message);
  }

  /** Its time is refused, the event counts: it must not be lost. */
  #tellImplausible({ eventAtMs, decoded }: ReceivedEvent, message: StreamMessage): void {
    if (decoded === null) return;
    const detail = `the time of the event was not believed; it counts at ${new Date(eventAtMs).toISOString()}`;
    this.#tellRefused({ message, reason: 'TIME_IMPLAUSIBLE', detail });
  }

  #note({ source, bootId, seq, eventAtMs: atMs, reachedAtMs, decoded }: ReceivedEvent, message: StreamMessage): void {
    // What was refused is counted as that.
    if (decoded === null) return;
    this.#options.laneBook.heard(
      { source, lane: 'evt', bootId, seq, atMs },
      {
        isLate: reachedAtMs - atMs > LATE_MS * Math.max(1, this.#options.clock.factor),
        isBackfill: decoded.envelope.backfill,
        isReread: this.#isReread(message),
      },
    );
  }

  #offer(event: ReceivedEvent, previous: Sequenced<unknown>['previous'], message: StreamMessage): void {
    const { sequencer, writer, wallNowMs } = this.#options;
    const { source, bootId, seq } = event;
    const verdict = sequencer.offer(source, { bootId, seq, previous, item: event }, wallNowMs());
    const isNew = verdict.verdict === 'taken' || verdict.verdict === 'parked';
    if (isNew && event.refusal === 'TIME_IMPLAUSIBLE') this.#tellImplausible(event, message);
    if (verdict.verdict !== 'overflow' && verdict.verdict !== 'refused') this.#note(event, message);
    switch (verdict.verdict) {
      case 'taken':
        writer.events(verdict.items.map(({ item }) => item));
        return;
      case 'duplicate':
        // What we read again ourselves is no duplicate of the source.
        if (this.#isReread(message)) this.#options.onReread();
        else this.#options.onDuplicate(source);
        writer.ackSoon(source);
        return;
      case 'parked':
        if (verdict.firstOfGap) this.#options.onGap(source);
        writer.ackSoon(source);
        return;
      case 'overflow':
        this.#options.onOverflow(source);
        writer.ackSoon(source);
        return;
      case 'refused':
        this.#tellRefused({ message, reason: verdict.reason, detail: detailOf(verdict.reason, event) });
        // A station that lost its journal learns from the position where it has to go on.
        writer.ackSoon(source);
    }
  }
}

function detailOf(reason: NumberRefusal, { source, bootId, seq }: ReceivedEvent): string {
  if (reason === 'BOOT_WENT_BACK') return `boot ${bootId} of ${source} ended before`;
  if (reason === 'BOOT_IMPLAUSIBLE') return `boot ${bootId} of ${source} is too far ahead of its last one`;
  return `event ${seq} of boot ${bootId} of ${source} is too far ahead of its last one`;
}

export function isKnown(reference: Reference, source: 'station' | 'truck', id: string): boolean {
  return source === 'station' ? reference.station(id) !== undefined : reference.truck(id) !== undefined;
}

/** What the first event of a gateway's boot says of the one before. */
function previousOf({ key, subject, envelope }: Extract<Decoded, { ok: true }>): Sequenced<unknown>['previous'] {
  if (subject.source === 'truck') return undefined;
  if (key !== 'station:evt:gateway.online') return 'NO_FIRST';
  const { previous } = envelope.data as GatewayOnline['data'];
  return previous && { bootId: previous.bootId, seq: previous.evtSeq };
}
