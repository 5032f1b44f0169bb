import type { NatsConnection } from '@nats-io/transport-node';
import { splitSource } from '../commands/outlet.ts';
import type { LaneBook } from '../completeness/lane-book.ts';
import type { Database } from '../db/db.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Core } from '../restore/restore-core.ts';
import { StreamLag } from '../writer/stream-lag.ts';
import type { Writer } from '../writer/writer.ts';
import type { RefusedMessage } from './event-intake.ts';
import type { Reports } from './reports.ts';
import type { SourceClocks } from './source-time.ts';
import { StreamReader } from './stream-reader.ts';
import { TelemetryIntake } from './telemetry-intake.ts';
import { TelemetryStore } from './telemetry-store.ts';

export interface TelemetrySideOptions {
  core: Core;
  database: Database;
  nc: NatsConnection;
  scope: string;
  sourceClocks: SourceClocks;
  laneBook: LaneBook;
  reports: Reports;
  writer: Writer;
  metrics: Metrics;
  log: Log;
  wallNowMs: () => number;
  /** Goes on while the process is suspended. */
  monotonicNowMs: () => number;
  onRefused: (refused: RefusedMessage) => void;
  /** Rows are committed: who watches may see them. */
  onShown: () => void;
  onFatal: (cause: unknown) => void;
}

/** The lane of telemetry: its stream, its rows, its signals. */
export interface TelemetrySide {
  readonly reader: StreamReader;
  readonly intake: TelemetryIntake;
  /** Whether the stream may hold what nobody has read yet. */
  isBehind(): boolean;
}

/** Messages fetched ahead. */
const AHEAD = 500;

export async function createTelemetrySide(options: TelemetrySideOptions): Promise<TelemetrySide> {
  const { nc, log } = options;
  const intake = await createIntake(options);
  const lag = new StreamLag(options.monotonicNowMs);
  const reader = new StreamReader({
    nc,
    stream: 'TELE',
    filter: null,
    from: () => intake.nextSeq,
    onStreamShorter: (lastSeq) => intake.streamShorter(lastSeq),
    onBehind: () => lag.behind(),
    onAtEnd: () => lag.atEnd(),
    wallNowMs: options.wallNowMs,
    onMessage: (message) => intake.take(message),
    ahead: AHEAD,
    log,
  });
  return { reader, intake, isBehind: () => lag.isHolding };
}

async function createIntake(options: TelemetrySideOptions): Promise<TelemetryIntake> {
  const { core, database, scope, sourceClocks, reports, writer, metrics, log, wallNowMs, onRefused, onShown, onFatal } = options;
  const { platformId } = core.position;
  const store = await TelemetryStore.open({
    database,
    platformId,
    log,
    scopeNowMs: () => core.clock.nowMs(),
    onRetry: () => metrics.commitRetries.inc(),
  });
  return new TelemetryIntake({
    platformId,
    scope,
    reference: core.reference,
    clock: core.clock,
    sourceClocks,
    wallNowMs,
    store,
    laneBook: options.laneBook,
    onTelemetry: (message) => reports.take(message),
    onWritten: ({ readings, subjects, oldestStoredWallMs }) => {
      metrics.readings.inc({ table: 'all' }, readings);
      metrics.telemetryDelay.observe(Math.max(0, wallNowMs() - oldestStoredWallMs) / 1_000);
      reports.written(subjects);
      onShown();
    },
    eventBootOf: (source) => core.sequencer.positionOf(source)?.bootId ?? 0,
    onRefused,
    onDuplicate: () => metrics.duplicates.inc({ lane: 'tele' }),
    onSkewChanged: (source, offsetMs) => {
      log.warn({ source, offsetMs }, offsetMs === 0 ? 'the clock of a source is right again' : 'the clock of a source is off');
      writer.source(splitSource(source).id, (atMs) => ({ type: 'gateway.clockSkewed', atMs, offsetMs }));
    },
    onFatal,
  });
}
