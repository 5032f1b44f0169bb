import type { NatsConnection } from '@nats-io/transport-node';
import { splitSource } from '../commands/outlet.ts';
import type { LaneBook } from '../completeness/lane-book.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Core } from '../restore/restore-core.ts';
import { GapWatch } from '../writer/gap-watch.ts';
import type { Gap } from '../writer/sequencer.ts';
import type { Writer } from '../writer/writer.ts';
import { EventIntake, type RefusedMessage } from './event-intake.ts';
import type { SourceClocks } from './source-time.ts';
import { StreamReader } from './stream-reader.ts';

export interface EventSideOptions {
  core: Core;
  nc: NatsConnection;
  scope: string;
  sourceClocks: SourceClocks;
  laneBook: LaneBook;
  writer: Writer;
  metrics: Metrics;
  log: Log;
  wallNowMs: () => number;
  onRefused: (refused: RefusedMessage) => void;
}

/** The lane of events: its stream, its order, its gaps. */
export interface EventSide {
  readonly reader: StreamReader;
  /** Looks after sources with a gap; about once a second. */
  lookAfterGaps(): void;
}

/** Messages fetched ahead. */
const AHEAD = 1_000;
/** The stream is read again from this far before the position: what repeats is dropped, what was lost is found. */
const REREAD = 2_000;

export function createEventSide(options: EventSideOptions): EventSide {
  const { core, nc, scope, sourceClocks, writer, metrics, log, wallNowMs, onRefused } = options;
  const events = new EventIntake({
    scope,
    reference: core.reference,
    clock: core.clock,
    sourceClocks,
    sequencer: core.sequencer,
    wallNowMs,
    laneBook: options.laneBook,
    writer,
    onRefused,
    onDuplicate: () => metrics.duplicates.inc({ lane: 'evt' }),
    onReread: () => metrics.rereads.inc(),
    onGap: () => metrics.gaps.inc({ outcome: 'opened' }),
    onOverflow: () => metrics.overflows.inc(),
  });
  const reader: StreamReader = new StreamReader({
    nc,
    stream: 'EVT',
    filter: null,
    from: () => gaps.readFrom(writer.streamSeq, REREAD),
    onStreamShorter: (lastSeq) => {
      log.warn({ lastSeq, had: writer.streamSeq }, 'the event stream is shorter than it was; gateways send again what it lost');
      writer.streamLost();
    },
    onBehind: () => writer.streamBehind(),
    onAtEnd: () => writer.streamAtEnd(),
    wallNowMs,
    onMessage: (message) => {
      events.take(message);
      return writer.backlog > AHEAD ? writer.room() : undefined;
    },
    ahead: AHEAD,
    log,
  });
  const gaps = createGapWatch(options, () => reader.restart());
  return { reader, lookAfterGaps: () => gaps.look() };
}

function createGapWatch({ core, writer, metrics, log, wallNowMs }: EventSideOptions, reread: () => void): GapWatch {
  return new GapWatch({
    sequencer: core.sequencer,
    wallNowMs,
    reread,
    onSkipped: (gap, items) => {
      const missing = missingIn(gap);
      log.warn({ source: gap.source, ...missing }, 'events of a source are missing for good');
      metrics.gaps.inc({ outcome: 'skipped' });
      writer.source(splitSource(gap.source).id, (atMs) => ({ type: 'gateway.gapSkipped', atMs, ...missing }));
      writer.events(items);
    },
    onDetected: (gap) => {
      writer.source(splitSource(gap.source).id, (atMs) => ({ type: 'gateway.gapDetected', atMs, ...missingIn(gap) }));
      writer.ackSoon(gap.source);
    },
  });
}

const missingIn = ({ position, next }: Gap) => ({ missingFrom: position.seq + 1, missingTo: next.seq - 1 });
