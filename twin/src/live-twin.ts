import { randomUUID } from 'node:crypto';
import { refOf } from '@corridor/actors/network/entity-ref';
import type { Reference } from '@corridor/actors/network/reference';
import { stateText } from '@corridor/actors/network/state-text';
import type { SlotContext } from '@corridor/actors/slot/slot.rules';
import type { NatsConnection } from '@nats-io/transport-node';
import { CommandDispatcher } from './commands/command-dispatcher.ts';
import { loadOutbox } from './commands/outbox.ts';
import { Outlet, splitSource } from './commands/outlet.ts';
import { loadLaneBook } from './completeness/lane-book.queries.ts';
import type { LaneBook } from './completeness/lane-book.ts';
import type { Database } from './db/db.ts';
import type { RefusedMessage } from './ingest/event-intake.ts';
import { createEventSide, type EventSide } from './ingest/event-side.ts';
import { PackHolders } from './ingest/pack-holders.ts';
import { isLockOut, RefusalLog } from './ingest/refusal-log.ts';
import { Reports } from './ingest/reports.ts';
import { SourceClocks } from './ingest/source-time.ts';
import { createTelemetrySide, type TelemetrySide } from './ingest/telemetry-side.ts';
import type { Log } from './log.ts';
import { type Metrics, registerGauges } from './metrics/metrics.ts';
import { listenToClock } from './nats/clock-ticks.ts';
import { watchConnection } from './nats/connection-watch.ts';
import type { LatestReports } from './projection/latest-reports.ts';
import { LiveScene } from './projection/live-scene.ts';
import { loadReports } from './restore/load-reports.ts';
import { saveSignals } from './restore/load-signals.ts';
import type { Core } from './restore/restore-core.ts';
import { loadOwnership, type OwnershipBook } from './rights/ownership-book.ts';
import { AfterCommit } from './writer/after-commit.ts';
import type { InputName } from './writer/input-name.ts';
import { recordSuspects } from './writer/suspects.ts';
import { Writer } from './writer/writer.ts';
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
  /** A source whose credentials were withdrawn: who is enrolled in its place begins anew, in both lanes. @param source `station:HH1` */
  forgetSource(source: string, by: string): Promise<void>;
  /** Begins to read the streams. */
  start(): void;
  /** Takes no more, writes what was taken, remembers the signals. */
  stop(): Promise<void>;
}

type Clock = LiveTwin['clock'];
/** What leaves the twin, and what is shown. */
interface OutSide {
  readonly scene: LiveScene;
  readonly feed: LiveFeed;
  readonly outlet: Outlet;
  readonly dispatcher: CommandDispatcher;
  readonly writer: Writer;
  readonly onRefused: (refused: RefusedMessage) => void;
}
type Parts = OutSide & { events: EventSide; telemetry: TelemetrySide };

const SWEEP_MS = 1_000;
const CHECKPOINT_MS = 30_000;
/** A process that cannot go on waits this long for its last note. */
const NOTE_MS_MAX = 5_000;
/** Whoever drives the scope says each wall second where it stands; longer than this nobody waits for the first word. */
const FIRST_TICK_MS_MAX = 3_000;
/** Goes on while the process is suspended. */
const monotonicNowMs = () => performance.now();

/** Puts the running parts together; nothing is read before `start`. */
export async function createLiveTwin(options: LiveTwinOptions): Promise<LiveTwin> {
  const { core, database, metrics } = options;
  const clock: Clock = () => ({ scopeAtMs: core.clock.nowMs(), factor: core.clock.factor });
  const reports = await loadReports(database.pool, core.position.platformId, null);
  const owners = await loadOwnership(database.pool, core.position.platformId, core.reference);
  const out = createOutSide(options, { reports, owners }, clock);
  const sourceClocks = new SourceClocks();
  const laneBook = await loadLaneBook(database.pool, core.position.platformId, core.clock.nowMs());
  const parts: Parts = { ...out, ...(await createInSide(options, reports, { sourceClocks, laneBook }, out)) };
  registerGauges(metrics, {
    facts: core.facts,
    backlog: () => parts.writer.backlog,
    actors: () => core.network.size,
    clients: () => parts.feed.clients,
    commandsOpen: () => parts.dispatcher.open,
    telemetryWaiting: () => parts.telemetry.intake.waiting,
    eventsParked: () => core.sequencer.parkedCount,
    timeHeld: () => parts.writer.isTimeHeld,
    skewsMs: () => skewsOf(core.reference, sourceClocks),
  });
  const running = new Running(options, parts, clock);
  return {
    core,
    writer: parts.writer,
    scene: parts.scene,
    feed: parts.feed,
    clock,
    forgetSource: async (source, by) => {
      await parts.writer.forget(source, by);
      parts.telemetry.intake.forget(source);
      core.signals.forgetSource(splitSource(source).id);
    },
    start: () => running.start(),
    stop: async () => running.stop(),
  };
}

function createOutSide(options: LiveTwinOptions, shown: { reports: LatestReports; owners: OwnershipBook }, clock: Clock): OutSide {
  const { core, nc, scope, metrics, log, wallNowMs } = options;
  const { network, reference, facts } = core;
  const scene = new LiveScene({
    reference,
    facts,
    ...shown,
    road: core.driving.road,
    nowMs: () => clock().scopeAtMs,
    stateOf: (kind, id) => stateText(network.view(`${kind}:${id}`)?.value) || 'unknown',
    // Actors of that kind have this context.
    isSetAside: (slotId) => (network.view(refOf('slot', slotId))?.context as SlotContext | undefined)?.setAside === true,
  });
  const feed = new LiveFeed({ scene, clock, wallNowMs, onFlush: (ageMs) => metrics.flushDelay.observe(ageMs / 1_000) });
  const outlet = new Outlet({
    nc,
    scope,
    log,
    newId: randomUUID,
    scopeAtWall: (wallMs) => core.clock.atWall(Math.min(wallNowMs(), wallMs)),
  });
  const dispatcher = new CommandDispatcher({
    nc,
    // As far as time may go: no command expires while what became of it may wait in the stream.
    scopeNowMs: () => writer.nowMs,
    onReply: (command, reply) => writer.reply(command, reply),
    log,
  });
  const refusalLog = new RefusalLog(log, wallNowMs, (refused, more) => {
    outlet.refusalNotice(refused, more);
    if (isLockOut(refused, more)) {
      const { reason } = refused;
      writer.source(splitSource(sourceOf(refused)).id, (atMs) => ({ type: 'gateway.lockedOut', atMs, reason }));
    }
  });
  const onRefused = (refused: RefusedMessage): void => {
    metrics.refused.inc({ reason: refused.reason });
    if (refused.reason === 'ASSET_UNKNOWN') metrics.readingsUnknown.inc({ source: sourceOf(refused) }, refused.readings);
    outlet.refused(refused);
    refusalLog.note(refused);
  };
  const afterCommit = new AfterCommit({
    scope,
    positions: core.positions,
    outlet,
    dispatcher,
    scene,
    feed,
    facts,
    metrics,
    clock,
    wallNowMs,
    onRefused,
    log,
  });
  const writer = createWriter(options, afterCommit);
  return { scene, feed, outlet, dispatcher, writer, onRefused };
}

/** `station:HH1`, from the subject. */
const sourceOf = ({ message }: RefusedMessage): string => message.subject.split('.').slice(3, 5).join(':');

function createWriter({ core, database, log, onFatal }: LiveTwinOptions, afterCommit: AfterCommit): Writer {
  const { position } = core;
  const noteAndEnd = async (cause: unknown, inputs: readonly InputName[]): Promise<void> => {
    try {
      await recordSuspects(database.pool, { platformId: position.platformId, inputs, cause, withinMs: NOTE_MS_MAX });
    } catch (failure) {
      log.error({ err: failure, inputs }, 'what the writer failed on could not be noted');
    }
    onFatal(cause);
  };
  return new Writer({
    network: core.network,
    clock: core.clock,
    sequencer: core.sequencer,
    store: core.store,
    log,
    batchNo: position.batchNo + 1,
    streamSeq: position.streamSeq,
    onCommitted: (committed) => afterCommit.committed(committed),
    suspects: core.suspects,
    monotonicNowMs,
    onFatal: (cause, inputs) => {
      void noteAndEnd(cause, inputs);
    },
    newIntentId: randomUUID,
  });
}

async function createInSide(
  options: LiveTwinOptions,
  reports: LatestReports,
  heard: { sourceClocks: SourceClocks; laneBook: LaneBook },
  out: OutSide,
): Promise<{ events: EventSide; telemetry: TelemetrySide }> {
  const { core, metrics } = options;
  const { writer, scene, feed, onRefused } = out;
  const shared = { ...options, ...heard, writer, onRefused, monotonicNowMs };
  const telemetry = await createTelemetrySide({
    ...shared,
    reports: new Reports({
      reports,
      signals: core.signals,
      scene,
      writer,
      clock: core.clock,
      holders: new PackHolders(core.facts, () => core.clock.factor),
      onForeign: (source, readings) => metrics.readingsForeign.inc({ source }, readings),
    }),
    onShown: () => feed.changed(),
  });
  return { events: createEventSide(shared), telemetry };
}

/** How far the clock of every source is off, also of those that are right [scope ms]. */
function skewsOf(reference: Reference, clocks: SourceClocks): Map<string, number> {
  const sources = [
    ...[...reference.stations()].map(({ id }) => `station:${id}`),
    ...[...reference.trucks()].map(({ id }) => `truck:${id}`),
  ];
  return new Map(sources.map((source) => [source, clocks.offsetMsOf(source)]));
}

/** The parts at work, from the first message to the last. */
class Running {
  readonly #options: LiveTwinOptions;
  readonly #parts: Parts;
  readonly #clock: Clock;
  readonly #timers: NodeJS.Timeout[] = [];
  #stopped = false;

  constructor(options: LiveTwinOptions, parts: Parts, clock: Clock) {
    this.#options = options;
    this.#parts = parts;
    this.#clock = clock;
  }

  start(): void {
    const { core, nc, scope, log, onFatal } = this.#options;
    const { events, telemetry, writer, outlet } = this.#parts;
    listenToClock(nc, scope, ({ scopeAtMs, factor }) => {
      const changed = core.clock.tick(scopeAtMs, factor);
      this.#read();
      if (!changed) return;
      for (const station of core.reference.stations()) outlet.timeSync('station', station.id, this.#clock());
    });
    watchConnection(nc, log, () => {
      events.reader.restart();
      telemetry.reader.restart();
    });
    this.#resendOutbox().catch(onFatal);
    writer.streamBehind();
    // What arrives has no time while nobody knows what time it is.
    if (core.clock.isUnsure) this.#timers.push(setTimeout(() => this.#read(), FIRST_TICK_MS_MAX));
    else this.#read();
    writer.start();
    this.#timers.push(
      setInterval(() => this.#sweep(), SWEEP_MS),
      setInterval(() => {
        this.#checkpoint().catch((cause: unknown) => log.warn({ err: cause }, 'the signals were not remembered this time'));
      }, CHECKPOINT_MS),
    );
  }

  #read(): void {
    if (this.#stopped) return;
    this.#parts.events.reader.start();
    this.#parts.telemetry.reader.start();
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    const { events, telemetry, dispatcher, writer, feed } = this.#parts;
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([events.reader.stop(), telemetry.reader.stop()]);
    dispatcher.stop();
    await telemetry.intake.stop();
    await writer.stop();
    feed.close();
    await this.#checkpoint();
  }

  #sweep(): void {
    const { clock, signals, facts } = this.#options.core;
    const { telemetry, events, writer, scene, feed } = this.#parts;
    const atMs = clock.nowMs();
    // Who spoke while we did not listen is not silent.
    if (!telemetry.isBehind()) signals.sweep(atMs, (to, event) => writer.signal({ kind: 'signal', atMs, to, event }));
    events.lookAfterGaps();
    facts.rollDay(atMs);
    if (scene.returnFromShelves(atMs)) feed.changed();
  }

  async #checkpoint(): Promise<void> {
    const { core, database } = this.#options;
    await saveSignals(database.pool, core.position.platformId, core.signals.checkpoint());
  }

  async #resendOutbox(): Promise<void> {
    const { core, database } = this.#options;
    for (const command of await loadOutbox(database.pool, core.position.platformId)) this.#parts.dispatcher.send(command);
  }
}
