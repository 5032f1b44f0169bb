import type { Reference } from '@corridor/actors/network/reference';
import { pricedPeriodAt } from '@corridor/actors/tariff/time-of-use';
import { type Decoded, decode } from '@corridor/protocols/decode';
import type { StationTelemetry } from '@corridor/protocols/tele/station';
import type { LaneBook } from '../completeness/lane-book.ts';
import type { ScopeClock } from '../writer/scope-clock.ts';
import { isKnown, LATE_MS, type RefusedMessage, type StreamMessage } from './event-intake.ts';
import { numberOf } from './message-number.ts';
import { SKEW_TOLERANCE_MS, type SourceClocks } from './source-time.ts';
import { type RefusedReading, TelemetryLoad } from './telemetry-load.ts';
import { TelemetryOrder } from './telemetry-order.ts';
import type { TelemetryStore } from './telemetry-store.ts';
import { takeOutUnknown } from './unknown-assets.ts';

type Telemetry = Extract<Decoded, { ok: true }>;

/** A telemetry message with its time put right. */
export interface TimedTelemetry {
  readonly decoded: Telemetry;
  readonly eventAtMs: number;
  readonly q: readonly string[];
}

export interface TelemetryIntakeOptions {
  platformId: string;
  scope: string;
  reference: Reference;
  clock: ScopeClock;
  sourceClocks: SourceClocks;
  wallNowMs: () => number;
  store: TelemetryStore;
  /** Which numbers came, of both lanes. */
  laneBook: LaneBook;
  /** Called at once, before the rows are written: signals and last reports. Returns flags of single readings. */
  onTelemetry: (message: TimedTelemetry) => ReadonlyMap<number, readonly string[]> | undefined;
  /** Called when rows are committed, with what they were about. */
  onWritten: (written: { readings: number; subjects: readonly Telemetry[]; oldestStoredWallMs: number }) => void;
  /** Last boot of a source in the lane of events; 0: none. */
  eventBootOf: (source: string) => number;
  onRefused: (refused: RefusedMessage) => void;
  onDuplicate: (source: string) => void;
  onSkewChanged: (source: string, offsetMs: number) => void;
  /** The rows can never be written: end the process. */
  onFatal: (cause: unknown) => void;
}

/** Rows written at most in one transaction, and how many may wait behind it: beyond that the stream has to wait. */
const ROWS_SOON = 5_000;
const ROWS_WAITING_MAX = 20_000;
/** A first row waits this long for others, wall ms. */
const GATHER_MS = 10;

/**
 * From the TELE stream into the time series and the table of signals. Two loads take turns: while one is written, the
 * other gathers; when that is full too, the stream is held back.
 */
export class TelemetryIntake {
  readonly #options: TelemetryIntakeOptions;
  #gathering: TelemetryLoad;
  #spare: TelemetryLoad;
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #streamSeq: number;
  #failed = false;
  readonly #order = new TelemetryOrder();

  constructor(options: TelemetryIntakeOptions) {
    this.#options = options;
    this.#streamSeq = options.store.streamSeq;
    this.#gathering = new TelemetryLoad(options.platformId);
    this.#spare = new TelemetryLoad(options.platformId);
  }

  /** Next message of the stream that is wanted. */
  get nextSeq(): number {
    return this.#streamSeq + 1;
  }

  get waiting(): number {
    return this.#gathering.rows;
  }

  /** The stream ends before what we had of it. */
  streamShorter(lastSeq: number): void {
    this.#streamSeq = lastSeq;
  }

  /** @returns a promise when the stream has to wait */
  take(message: StreamMessage): Promise<void> | undefined {
    if (message.streamSeq <= this.#streamSeq || this.#failed) return undefined;
    this.#streamSeq = message.streamSeq;
    this.#gathering.streamSeq = message.streamSeq;
    this.#read(message);
    return this.#schedule();
  }

  /** A source whose credentials were withdrawn begins anew. */
  forget(source: string): void {
    this.#order.forget(source);
    this.#options.laneBook.forget(source);
  }

  /** Writes what was gathered. */
  async stop(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.#writing;
    if (!this.#failed) await this.#write();
  }

  #read(message: StreamMessage): void {
    try {
      this.#take(message);
    } catch (cause) {
      // A bug of ours: read again it would fail again, and hold up everybody.
      this.#options.onRefused({ message, reason: 'INPUT_FAILED', detail: cause instanceof Error ? cause.message : String(cause) });
    }
  }

  #take(message: StreamMessage): void {
    const { reference, scope, onRefused } = this.#options;
    const decoded = decode(message.subject, message.data);
    if (!decoded.ok) {
      onRefused({ message, reason: decoded.reason, detail: decoded.detail });
      this.#noteRefused(message);
      return;
    }
    const { subject } = decoded;
    if (subject.scope !== scope) return;
    if (!isKnown(reference, subject.source, subject.id)) {
      onRefused({ message, reason: 'SOURCE_UNKNOWN', detail: `${subject.source} ${subject.id} is not registered` });
      return;
    }
    const source = `${subject.source}:${subject.id}`;
    const { bootId, seq, backfill } = decoded.envelope;
    const place = this.#order.take(source, bootId, seq, message.storedWallMs, this.#options.eventBootOf(source));
    if (place === 'SEQ_IMPLAUSIBLE' || place === 'BOOT_IMPLAUSIBLE') {
      onRefused({ message, reason: place, detail: `message ${seq} of boot ${bootId} is too far ahead of the last one` });
      this.#options.laneBook.refused({ source, lane: 'tele' }, this.#options.clock.nowMs(), null);
      return;
    }
    if (place === 'again' && !backfill) this.#options.onDuplicate(source);
    const unknown = takeOutUnknown(reference, decoded);
    if (unknown !== null) onRefused({ message, reason: unknown.reason, detail: unknown.detail, readings: unknown.readings });
    if (unknown?.isAll === true) this.#noteRefused(message);
    else this.#add(message, decoded, place === 'again' || backfill);
  }

  /** It came, and nothing of it is taken: its number is not missing. */
  #noteRefused(message: StreamMessage): void {
    const { laneBook, reference, clock, scope } = this.#options;
    const numbered = numberOf(message, 'tele');
    if (message.subject.split('.')[2] !== scope || numbered === null || !isKnown(reference, numbered.sourceKind, numbered.sourceId)) return;
    const { source, bootId, seq } = numbered;
    const atMs = clock.nowMs();
    laneBook.refused({ source, lane: 'tele' }, atMs, { source, lane: 'tele', bootId, seq, atMs });
  }

  #add(message: StreamMessage, decoded: Telemetry, isAgain: boolean): void {
    const { wallNowMs, onTelemetry, laneBook } = this.#options;
    const { subject, envelope } = decoded;
    const { eventAtMs, q } = this.#timed(message, decoded);
    laneBook.heard(
      { source: `${subject.source}:${subject.id}`, lane: 'tele', bootId: envelope.bootId, seq: envelope.seq, atMs: eventAtMs },
      { isLate: q.includes('LATE'), isBackfill: envelope.backfill, isReread: false },
    );
    if (decoded.key === 'station:tele:station') this.#nameTariffPeriod(envelope.data as StationTelemetry['data'], eventAtMs);
    const readingFlags = onTelemetry({ decoded, eventAtMs, q });
    const kind = subject.lane === 'tele' ? subject.kind : '';
    const telemetry = {
      source: subject.source,
      kind,
      envelope,
      eventAtMs,
      ingestAtMs: wallNowMs(),
      q,
      ...(readingFlags ? { readingFlags } : {}),
    };
    this.#refused(this.#gathering.add({ message, decoded, telemetry, isAgain }));
  }

  /** A station need not know its tariff; the platform does. */
  #nameTariffPeriod(data: StationTelemetry['data'], atMs: number): void {
    const { reference } = this.#options;
    if (data.activeTariffPeriod !== null || reference.station(data.stationId) === undefined) return;
    const priced = pricedPeriodAt((stationId, onDate) => reference.tariffOf(stationId, onDate), data.stationId, atMs);
    data.activeTariffPeriod = priced?.period ?? null;
  }

  #refused(readings: readonly RefusedReading[]): void {
    for (const { message, index, reason } of readings)
      this.#options.onRefused({ message, reason: 'VALUE_REFUSED', detail: `reading ${index}: ${reason}` });
  }

  #timed(message: StreamMessage, { subject, envelope }: Telemetry): { eventAtMs: number; q: readonly string[] } {
    const { clock, sourceClocks, wallNowMs, onSkewChanged } = this.#options;
    const source = `${subject.source}:${subject.id}`;
    const receivedMs = clock.atWall(Math.min(wallNowMs(), message.storedWallMs));
    if (!envelope.backfill && sourceClocks.observeLive(source, Date.parse(envelope.tsSend), receivedMs, clock.factor)) {
      onSkewChanged(source, sourceClocks.offsetMsOf(source));
    }
    const { atMs, skewed, implausible } = sourceClocks.correct(source, Date.parse(envelope.tsEvent), {
      atMs: receivedMs,
      factor: clock.factor,
      buffered: envelope.backfill,
    });
    if (implausible) {
      const detail = `the time of the message was not believed; it counts at ${new Date(atMs).toISOString()}`;
      this.#options.onRefused({ message, reason: 'TIME_IMPLAUSIBLE', detail });
    }
    const flags = new Set<string>(envelope.q);
    if (skewed) flags.add('SKEW');
    if (receivedMs - atMs > Math.max(LATE_MS, SKEW_TOLERANCE_MS) * Math.max(1, clock.factor)) flags.add('LATE');
    return { eventAtMs: atMs, q: flags.size === envelope.q.length ? envelope.q : [...flags] };
  }

  #schedule(): Promise<void> | undefined {
    const rows = this.#gathering.rows;
    if (this.#writing) return rows > ROWS_WAITING_MAX ? this.#writing : undefined;
    if (rows >= ROWS_SOON) this.#writeSoon(0);
    else this.#timer ??= setTimeout(() => this.#begin(), GATHER_MS);
    return undefined;
  }

  #writeSoon(inMs: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (inMs === 0) this.#begin();
  }

  #begin(): void {
    this.#timer = null;
    if (this.#writing || this.#failed) return;
    this.#writing = this.#writeOrFail();
  }

  async #writeOrFail(): Promise<void> {
    try {
      await this.#write();
    } catch (cause) {
      this.#failed = true;
      this.#options.onFatal(cause);
    }
    this.#writing = null;
    if (this.#gathering.rows > 0) this.#begin();
  }

  async #write(): Promise<void> {
    const load = this.#gathering;
    if (load.streamSeq === 0) return;
    this.#gathering = this.#spare;
    load.lanes = this.#options.laneBook.takeChanges();
    const refused = await this.#options.store.write(load);
    this.#refused(refused);
    this.#options.onWritten({
      readings: load.rows - refused.length,
      subjects: load.messages.map(({ decoded }) => decoded),
      oldestStoredWallMs: load.oldestStoredWallMs,
    });
    load.clear();
    this.#spare = load;
  }
}
