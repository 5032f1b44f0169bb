import type { EffectOf } from '@corridor/actors/network/effect';
import type { Input, Intent, SourceEvent } from '@corridor/actors/network/input';
import type { Network } from '@corridor/actors/network/network';
import { assert } from '@corridor/protocols/assert';
import type { CommandReply } from '@corridor/protocols/cmd/command';
import type { Log } from '../log.ts';
import { BatchInMaking } from './batch-in-making.ts';
import { type IntentAnswer, IntentUnansweredError, WriterBusyError, WriterStoppedError } from './intent-answer.ts';
import type { ScopeClock } from './scope-clock.ts';
import type { Sequencer } from './sequencer.ts';
import { StoreFailedError } from './store-failed.ts';
import { StreamLag } from './stream-lag.ts';
import { INPUT_FAILED, type Suspects } from './suspects.ts';
import type { BatchStore, ReceivedEvent, Registered, WriterBatch } from './writer-batch.ts';

type Job =
  | { kind: 'event'; event: ReceivedEvent }
  | { kind: 'signal'; input: Extract<Input, { kind: 'signal' }> }
  | { kind: 'source'; id: string; event: (atMs: number) => SourceEvent }
  | { kind: 'reply'; commandId: string; orderId: string | null; reply: CommandReply | 'TIMEOUT' }
  | { kind: 'intent'; intentId: string; by: string; intent: Intent; settle: (answer: IntentAnswer) => void; fail: (cause: Error) => void }
  | { kind: 'register'; registered: Registered; add: () => void; settle: () => void; fail: (cause: Error) => void }
  | { kind: 'command'; command: EffectOf<'command.issued'>; settle: () => void; fail: (cause: Error) => void }
  | { kind: 'forget'; source: string; settle: () => void; fail: (cause: Error) => void }
  | { kind: 'caughtUp' }
  | { kind: 'tick' };

/** What was committed, for everything that may only happen after it. */
export interface Committed {
  readonly batch: WriterBatch;
  /** Sources whose position has to be told, also when nothing new of them was committed. */
  readonly toAck: ReadonlySet<string>;
}

export interface WriterOptions {
  network: Network;
  clock: ScopeClock;
  sequencer: Sequencer<ReceivedEvent>;
  store: BatchStore;
  log: Log;
  /** First batch to write. */
  batchNo: number;
  streamSeq: number;
  onCommitted: (committed: Committed) => void;
  /** A bug or a lost database: the process has to end, and the next one restores. */
  onFatal: (cause: unknown, suspects: readonly ReceivedEvent[]) => void;
  /** Events on which an earlier process failed. */
  suspects: Suspects;
  newIntentId: () => string;
}

/** Inputs in one transaction at most, and the wall time that stepping them may take. */
const BATCH_INPUTS_MAX = 2_000;
const BATCH_STEP_MS_MAX = 40;
/** Inputs that may wait. Events of gateways stay in their stream beyond that. */
export const BACKLOG_MAX = 20_000;
const INTENTS_BACKLOG_MAX = 5_000;
/** Longest wait for a timer before the clock is looked at again: its pace may change. */
const TIMER_WALL_MS_MAX = 250;

/**
 * The one writer: takes inputs in one order, steps the network, writes everything that a batch of them did in one
 * transaction, and only then lets the world know.
 */
export class Writer {
  readonly #options: WriterOptions;
  #queue: Job[] = [];
  #making: BatchInMaking | null = null;
  #running = false;
  #stopped = false;
  #failed = false;
  #batchNo: number;
  #streamSeq: number;
  #timer: NodeJS.Timeout | null = null;
  readonly #lag = new StreamLag();
  readonly #toAck = new Set<string>();
  readonly #waitingForRoom: (() => void)[] = [];
  readonly #waitingForIdle: (() => void)[] = [];
  readonly #asking = new Map<string, Extract<Job, { kind: 'intent' }>>();

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#batchNo = options.batchNo;
    this.#streamSeq = options.streamSeq;
  }

  /** Inputs that wait for their turn. */
  get backlog(): number {
    return this.#queue.length;
  }

  /** Resolves when more events may be taken from the stream. */
  async room(): Promise<void> {
    while (this.#queue.length > BACKLOG_MAX && !this.#ended()) {
      await new Promise<void>((resolve) => this.#waitingForRoom.push(resolve));
    }
  }

  /** Events that the sequencer let through, in order. */
  events(events: readonly ReceivedEvent[]): void {
    this.#lag.progress();
    for (const event of events) this.#push({ kind: 'event', event });
  }

  /** The stream was read up to here, whatever came of it. */
  streamTaken(streamSeq: number): void {
    if (streamSeq > this.#streamSeq) this.#streamSeq = streamSeq;
  }

  /** The stream is taken up to here. */
  get streamSeq(): number {
    return this.#streamSeq;
  }

  /** The stream is not the one that it was: it is read from its beginning. */
  streamLost(): void {
    this.#streamSeq = 0;
  }

  /** The stream holds events of a time in which nobody read it: time stands still but for them, until `streamCaughtUp`. */
  streamBehind(): void {
    this.#lag.begin();
  }

  streamCaughtUp(): void {
    this.#push({ kind: 'caughtUp' });
  }

  /** Tells a source its committed position with the next batch, or at once when nothing is under way. */
  ackSoon(source: string): void {
    this.#toAck.add(source);
    this.#wake();
  }

  signal(input: Extract<Input, { kind: 'signal' }>): void {
    this.#push({ kind: 'signal', input });
  }

  source(id: string, event: (atMs: number) => SourceEvent): void {
    this.#push({ kind: 'source', id, event });
  }

  reply(commandId: string, orderId: string | null, reply: CommandReply | 'TIMEOUT'): void {
    this.#push({ kind: 'reply', commandId, orderId, reply });
  }

  /** Asks the network for something; resolves after what it did is committed. @throws WriterBusyError, WriterStoppedError */
  async ask(intent: Intent, by: string): Promise<IntentAnswer> {
    if (this.#ended()) throw new WriterStoppedError();
    if (this.#queue.length > INTENTS_BACKLOG_MAX) throw new WriterBusyError();
    const intentId = this.#options.newIntentId();
    return new Promise((settle, fail) => {
      const job: Job = { kind: 'intent', intentId, by, intent, settle, fail };
      this.#asking.set(intentId, job);
      this.#push(job);
    });
  }

  /** Adds an asset between two inputs. @param add puts it into the reference */
  async register(registered: Registered, add: () => void): Promise<void> {
    if (this.#ended()) throw new WriterStoppedError();
    return new Promise((settle, fail) => this.#push({ kind: 'register', registered, add, settle, fail }));
  }

  /** Puts a command of a person into the outbox; resolves when it is there. */
  async command(command: EffectOf<'command.issued'>): Promise<void> {
    if (this.#ended()) throw new WriterStoppedError();
    return new Promise((settle, fail) => this.#push({ kind: 'command', command, settle, fail }));
  }

  /** Ends what is known of a source whose credentials were withdrawn. */
  async forget(source: string): Promise<void> {
    if (this.#ended()) throw new WriterStoppedError();
    return new Promise((settle, fail) => this.#push({ kind: 'forget', source, settle, fail }));
  }

  /** Begins to watch timers. */
  start(): void {
    this.#armTimer();
  }

  /** Writes what is queued, then stops taking anything. */
  async stop(): Promise<void> {
    if (this.#ended()) return;
    if (this.#queue.length > 0 || this.#running) await new Promise<void>((resolve) => this.#waitingForIdle.push(resolve));
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #ended(): boolean {
    return this.#stopped || this.#failed;
  }

  #push(job: Job): void {
    if (this.#ended()) {
      if ('fail' in job) job.fail(new WriterStoppedError());
      return;
    }
    this.#queue.push(job);
    this.#wake();
  }

  #wake(): void {
    if (this.#running || this.#ended()) return;
    this.#running = true;
    // What arrives in this turn of the event loop goes into one batch.
    setImmediate(() => {
      this.#run().catch((cause: unknown) => this.#fail(cause));
    });
  }

  async #run(): Promise<void> {
    while ((this.#queue.length > 0 || this.#toAck.size > 0) && !this.#failed) await this.#writeBatch();
    this.#running = false;
    for (const resolve of this.#waitingForIdle.splice(0)) resolve();
    this.#armTimer();
  }

  async #writeBatch(): Promise<void> {
    const making = new BatchInMaking();
    this.#making = making;
    const jobs = this.#stepJobs(making);
    const toAck = new Set([...this.#toAck, ...making.positions.keys()]);
    this.#toAck.clear();
    const { network, clock, store, onCommitted } = this.#options;
    const step = network.drain();
    const batch = making.close({
      batchNo: this.#batchNo,
      scopeAtMs: network.nowMs,
      driven: clock.driven,
      step,
      streamSeq: this.#streamSeqSafe(),
    });
    if (jobs.length > 0) {
      await store.commit(batch);
      this.#batchNo += 1;
    }
    for (const resolve of this.#waitingForRoom.splice(0)) resolve();
    onCommitted({ batch, toAck });
    this.#settle(jobs, batch);
  }

  /** The stream is done with up to here: nothing before it waits in the queue or for an event that is missing. */
  #streamSeqSafe(): number {
    let safe = this.#streamSeq;
    for (const job of this.#queue) if (job.kind === 'event') safe = Math.min(safe, job.event.streamSeq - 1);
    for (const event of this.#options.sequencer.parked()) safe = Math.min(safe, event.streamSeq - 1);
    return safe;
  }

  #stepJobs(making: BatchInMaking): readonly Job[] {
    const begunMs = performance.now();
    let taken = 0;
    while (taken < this.#queue.length && taken < BATCH_INPUTS_MAX) {
      const job = this.#queue[taken];
      assert(job !== undefined, 'a hole in the queue of inputs');
      const isSuspect = job.kind === 'event' && this.#options.suspects.has(job.event);
      // A suspect is alone in its batch, so that its failure is its own.
      if (isSuspect && taken > 0) break;
      this.#stepJob(job, making, this.#timeOf(job));
      taken += 1;
      if (isSuspect) break;
      if (performance.now() - begunMs > BATCH_STEP_MS_MAX) break;
    }
    const jobs = this.#queue.slice(0, taken);
    this.#queue = this.#queue.slice(taken);
    return jobs;
  }

  /** Scope time at which a job is stepped. */
  #timeOf(job: Job): number {
    const { clock, network } = this.#options;
    if (job.kind === 'event') return Math.max(network.nowMs, Math.min(clock.nowMs(), Math.floor(job.event.reachedAtMs)));
    return this.#lag.isHolding ? network.nowMs : Math.max(clock.nowMs(), network.nowMs);
  }

  #stepJob(job: Job, making: BatchInMaking, atMs: number): void {
    const { network, sequencer } = this.#options;
    switch (job.kind) {
      case 'event':
        if (this.#options.suspects.mustSkip(job.event)) {
          // Its bytes stay in the stream; what they hold may be what the database refuses.
          making.heard({ ...job.event, decoded: null, text: null, refusal: INPUT_FAILED });
          break;
        }
        making.heard(job.event);
        if (this.#options.suspects.has(job.event)) making.cleared.push(job.event);
        if (job.event.decoded) {
          const { subject, envelope } = job.event.decoded;
          network.step({ kind: 'message', atMs, subject, envelope });
          making.noteResult(job.event.decoded, atMs);
        }
        break;
      case 'signal':
        network.step({ ...job.input, atMs });
        break;
      case 'source':
        network.step({ kind: 'source', atMs, id: job.id, event: job.event(atMs) });
        break;
      case 'reply':
        making.noteReply(job.commandId, job.reply, atMs);
        network.step({ kind: 'commandReply', atMs, commandId: job.commandId, orderId: job.orderId, reply: job.reply });
        break;
      case 'intent':
        network.step({ kind: 'intent', atMs, intentId: job.intentId, by: job.by, intent: job.intent });
        break;
      case 'register':
        job.add();
        making.registered.push(job.registered);
        network.step({
          kind: 'intent',
          atMs,
          intentId: `register-${job.registered.asset}-${job.registered.definition.id}`,
          by: 'platform',
          intent: { type: 'asset.registered', asset: job.registered.asset, id: job.registered.definition.id },
        });
        break;
      case 'command':
        making.commands.push(job.command);
        break;
      case 'forget':
        sequencer.forget(job.source);
        making.forget(job.source);
        break;
      case 'caughtUp':
        this.#lag.end();
        break;
      case 'tick':
        network.step({ kind: 'tick', atMs });
        break;
    }
  }

  #settle(jobs: readonly Job[], batch: WriterBatch): void {
    for (const effect of batch.step.effects) {
      if (effect.type !== 'intent.answered') continue;
      const job = this.#asking.get(effect.intentId);
      if (!job) continue;
      this.#asking.delete(effect.intentId);
      job.settle({ ok: effect.ok, code: effect.code, detail: effect.detail, orderId: effect.orderId });
    }
    for (const job of jobs) {
      if (job.kind === 'register' || job.kind === 'forget' || job.kind === 'command') job.settle();
      // Every intent is answered in the step that it caused.
      if (job.kind === 'intent' && this.#asking.delete(job.intentId)) job.fail(new IntentUnansweredError(job.intent.type));
    }
  }

  #armTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#ended()) return;
    const { network, clock } = this.#options;
    const dueMs = network.nextDueMs;
    const waitMs = dueMs === null || this.#lag.isHolding ? null : clock.wallMsUntil(dueMs);
    this.#timer = setTimeout(
      () => {
        const due = network.nextDueMs;
        if (due !== null && due <= clock.nowMs() && !this.#lag.isHolding) this.#push({ kind: 'tick' });
        else this.#armTimer();
      },
      Math.min(TIMER_WALL_MS_MAX, Math.ceil(waitMs ?? TIMER_WALL_MS_MAX)),
    );
  }

  #fail(cause: unknown): void {
    this.#failed = true;
    const inputAtFault = !(cause instanceof StoreFailedError) || cause.inputAtFault;
    if (this.#timer) clearTimeout(this.#timer);
    const stopped = new WriterStoppedError();
    for (const job of this.#asking.values()) job.fail(stopped);
    this.#asking.clear();
    for (const job of this.#queue) if ('fail' in job) job.fail(stopped);
    this.#queue = [];
    for (const resolve of [...this.#waitingForRoom.splice(0), ...this.#waitingForIdle.splice(0)]) resolve();
    this.#options.onFatal(cause, inputAtFault ? (this.#making?.events ?? []) : []);
  }
}
