import { randomUUID } from 'node:crypto';
import type { EntityRef } from '@corridor/actors/network/entity-ref';
import { stateText } from '@corridor/actors/network/state-text';
import { ClockTick } from '@corridor/protocols/cmd/command';
import { subject } from '@corridor/protocols/subject';
import type { NatsConnection } from '@nats-io/transport-node';
import { Compile } from 'typebox/compile';
import { CommandDispatcher } from './commands/command-dispatcher.ts';
import { loadOutbox } from './commands/outbox.ts';
import { Outlet, splitSource } from './commands/outlet.ts';
import type { Database } from './db/db.ts';
import { EventIntake, type RefusedMessage } from './ingest/event-intake.ts';
import { RefusalLog } from './ingest/refusal-log.ts';
import { Reports } from './ingest/reports.ts';
import { SourceClocks } from './ingest/source-time.ts';
import { StreamReader } from './ingest/stream-reader.ts';
import { TelemetryIntake } from './ingest/telemetry-intake.ts';
import { TelemetryStore } from './ingest/telemetry-store.ts';
import type { Log } from './log.ts';
import { type Metrics, registerGauges } from './metrics/metrics.ts';
import type { LiveFacts } from './projection/live-facts.ts';
import { LiveScene } from './projection/live-scene.ts';
import { loadReports } from './restore/load-reports.ts';
import { saveSignals } from './restore/load-signals.ts';
import type { Core } from './restore/restore-core.ts';
import { AfterCommit } from './writer/after-commit.ts';
import { GapWatch } from './writer/gap-watch.ts';
import { recordSuspects } from './writer/suspects.ts';
import { Writer } from './writer/writer.ts';
import type { ReceivedEvent } from './writer/writer-batch.ts';
import { LiveFeed } from './ws/live-feed.ts';

export interface LiveTwinOptions {
  core: Core;
  database: Database;
  nc: NatsConnection;
  scope: string;
  wallNowMs: () => number;
  metrics: Metrics;
  log: Log;
  onFatal: (cause: unknown) => void;
}

/** What routes and the process need of the running twin. */
export interface LiveTwin {
  readonly core: Core;
  readonly writer: Writer;
  readonly scene: LiveScene;
  readonly feed: LiveFeed;
  readonly clock: () => { scopeAtMs: number; factor: number };
  /** Begins to read the streams. */
  start(): void;
  /** Takes no more, writes what was taken, remembers the signals. */
  stop(): Promise<void>;
}

/** Messages fetched ahead of each stream. */
const EVENTS_AHEAD = 1_000;
const TELEMETRY_AHEAD = 500;
/** The event stream is read again from this far before the position: what repeats is dropped, what was lost is found. */
const REREAD_EVENTS = 2_000;
const SWEEP_MS = 1_000;
const CHECKPOINT_MS = 30_000;

const validTick = Compile(ClockTick);

/** Puts the running parts together; nothing is read before `start`. */
export async function createLiveTwin(options: LiveTwinOptions): Promise<LiveTwin> {
  const { core, database, nc, scope, wallNowMs, metrics, log, onFatal } = options;
  const { network, reference, signals, clock, sequencer, facts, position } = core;
  const clockNow = () => ({ scopeAtMs: clock.nowMs(), factor: clock.factor });
  const reports = await loadReports(database.pool, position.platformId);
  const live: LiveFacts = {
    reference,
    facts,
    reports,
    stateOf: (kind, id) => stateText(network.view(`${kind}:${id}`)?.value) || 'unknown',
  };
  const scene = new LiveScene(live);
  const feed = new LiveFeed({ scene, clock: clockNow, onFlush: (ageMs) => metrics.flushDelay.observe(ageMs / 1_000) });
  const outlet = new Outlet({ nc, scope, log, newId: randomUUID });
  const dispatcher = new CommandDispatcher({
    nc,
    scopeNowMs: () => clock.nowMs(),
    onReply: (command, reply) => writer.reply(command.commandId, command.orderId, reply),
    log,
  });
  const afterCommit = new AfterCommit({
    scope,
    positions: core.positions,
    outlet,
    dispatcher,
    scene,
    feed,
    facts,
    metrics,
    clock: clockNow,
    wallNowMs,
  });
  const writer: Writer = new Writer({
    network,
    clock,
    sequencer,
    store: core.store,
    log,
    batchNo: position.batchNo + 1,
    streamSeq: position.streamSeq,
    onCommitted: (committed) => afterCommit.committed(committed),
    suspects: core.suspects,
    onFatal: (cause, suspects) => onFatalInput(cause, suspects),
    newIntentId: randomUUID,
  });

  const onFatalInput = (cause: unknown, suspects: readonly ReceivedEvent[]): void => {
    recordSuspects(database.pool, position.platformId, suspects, cause).then(
      () => onFatal(cause),
      (failure: unknown) => {
        log.error({ err: failure }, 'the events at which the writer failed could not be noted');
        onFatal(cause);
      },
    );
  };
  const refusalLog = new RefusalLog(log, wallNowMs);
  const onRefused = (refused: RefusedMessage) => {
    metrics.refused.inc({ reason: refused.reason });
    outlet.refused(refused);
    refusalLog.note(refused);
  };
  const sourceClocks = new SourceClocks();
  const events = new EventIntake({
    scope,
    reference,
    clock,
    sourceClocks,
    sequencer,
    wallNowMs,
    writer,
    onRefused,
    onDuplicate: () => metrics.duplicates.inc({ lane: 'evt' }),
    onGap: () => metrics.gaps.inc({ outcome: 'opened' }),
  });
  const eventReader = new StreamReader({
    nc,
    stream: 'EVT',
    filter: null,
    from: () => gaps.readFrom(writer.streamSeq, REREAD_EVENTS),
    onStreamShorter: (lastSeq) => {
      log.warn({ lastSeq, had: writer.streamSeq }, 'the event stream is shorter than it was; gateways send again what it lost');
      writer.streamLost();
    },
    onBehind: () => writer.streamBehind(),
    onCaughtUp: () => writer.streamCaughtUp(),
    onMessage: (message) => {
      events.take(message);
      return writer.backlog > EVENTS_AHEAD ? writer.room() : undefined;
    },
    ahead: EVENTS_AHEAD,
    log,
  });
  const gaps = new GapWatch({
    sequencer,
    wallNowMs,
    reread: () => eventReader.restart(),
    onSkipped: (gap, items) => {
      const { id } = splitSource(gap.source);
      const missing = { missingFrom: gap.position.seq + 1, missingTo: gap.next.seq - 1 };
      log.warn({ source: gap.source, ...missing }, 'events of a source are missing for good');
      metrics.gaps.inc({ outcome: 'skipped' });
      writer.source(id, (atMs) => ({ type: 'gateway.gapSkipped', atMs, ...missing }));
      writer.events(items);
    },
    onDetected: (gap) => {
      const { id } = splitSource(gap.source);
      const missing = { missingFrom: gap.position.seq + 1, missingTo: gap.next.seq - 1 };
      writer.source(id, (atMs) => ({ type: 'gateway.gapDetected', atMs, ...missing }));
      writer.ackSoon(gap.source);
    },
  });

  const reporting = new Reports({ reports, signals, scene, writer, clock });
  const telemetry = new TelemetryIntake({
    platformId: position.platformId,
    scope,
    reference,
    clock,
    sourceClocks,
    wallNowMs,
    store: await TelemetryStore.open({
      database,
      platformId: position.platformId,
      log,
      scopeNowMs: () => clock.nowMs(),
      onRetry: () => metrics.commitRetries.inc(),
    }),
    onTelemetry: (message) => reporting.take(message),
    onWritten: ({ readings, subjects, oldestStoredWallMs }) => {
      metrics.readings.inc({ table: 'all' }, readings);
      metrics.telemetryDelay.observe(Math.max(0, wallNowMs() - oldestStoredWallMs) / 1_000);
      reporting.written(subjects);
      feed.changed();
    },
    onRefused,
    onDuplicate: () => metrics.duplicates.inc({ lane: 'tele' }),
    onSkewChanged: (source, offsetMs) => {
      const { id } = splitSource(source);
      log.warn({ source, offsetMs }, offsetMs === 0 ? 'the clock of a source is right again' : 'the clock of a source is off');
      writer.source(id, (atMs) => ({ type: 'gateway.clockSkewed', atMs, offsetMs }));
    },
    onFatal,
  });
  let telemetryBehind = true;
  const telemetryReader = new StreamReader({
    nc,
    stream: 'TELE',
    filter: null,
    from: () => telemetry.nextSeq,
    onStreamShorter: (lastSeq) => telemetry.streamShorter(lastSeq),
    onBehind: () => {
      telemetryBehind = true;
    },
    onCaughtUp: () => {
      telemetryBehind = false;
    },
    onMessage: (message) => telemetry.take(message),
    ahead: TELEMETRY_AHEAD,
    log,
  });

  registerGauges(metrics, {
    facts,
    backlog: () => writer.backlog,
    actors: () => network.size,
    clients: () => feed.clients,
    commandsOpen: () => dispatcher.open,
    telemetryWaiting: () => telemetry.waiting,
  });
  const checkpoint = async () => saveSignals(database.pool, position.platformId, signals.checkpoint());
  const timers: NodeJS.Timeout[] = [];
  let stopped = false;

  const resendOutbox = async () => {
    for (const command of await loadOutbox(database.pool, position.platformId)) dispatcher.send(command);
  };
  const onClock = (bytes: Uint8Array) => {
    const tick = readTick(bytes);
    if (!tick) return;
    if (!clock.tick(Date.parse(tick.scopeAt), tick.factor)) return;
    for (const station of reference.stations()) outlet.timeSync('station', station.id, clockNow());
  };

  return {
    core,
    writer,
    scene,
    feed,
    clock: clockNow,
    start() {
      const clockTicks = nc.subscribe(subject.clock(scope), { callback: (error, message) => (error ? undefined : onClock(message.data)) });
      watchConnection(nc, log, () => {
        eventReader.restart();
        telemetryReader.restart();
      });
      resendOutbox().catch(onFatal);
      writer.streamBehind();
      eventReader.start();
      telemetryReader.start();
      writer.start();
      timers.push(
        setInterval(() => {
          // Who spoke while we did not listen is not silent.
          if (!telemetryBehind)
            signals.sweep(clock.nowMs(), (to: EntityRef, event) => writer.signal({ kind: 'signal', atMs: clock.nowMs(), to, event }));
          gaps.look();
          facts.rollDay(clock.nowMs());
        }, SWEEP_MS),
        setInterval(() => {
          checkpoint().catch((cause: unknown) => log.warn({ err: cause }, 'the signals were not remembered this time'));
        }, CHECKPOINT_MS),
      );
      void clockTicks;
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      for (const timer of timers) clearInterval(timer);
      await Promise.all([eventReader.stop(), telemetryReader.stop()]);
      dispatcher.stop();
      await telemetry.stop();
      await writer.stop();
      feed.close();
      await checkpoint();
    },
  };
}

function readTick(bytes: Uint8Array): ClockTick | null {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
  return validTick.Check(value) ? value : null;
}

function watchConnection(nc: NatsConnection, log: Log, onReconnect: () => void): void {
  const watch = async () => {
    for await (const status of nc.status()) {
      if (status.type === 'disconnect') log.warn('NATS is away');
      if (status.type === 'reconnect') {
        log.info('NATS is back');
        onReconnect();
      }
      if (status.type === 'error') log.warn({ err: status.error }, 'NATS refused something');
    }
  };
  watch().catch((cause: unknown) => log.error({ err: cause }, 'the watch over the NATS connection broke'));
}
