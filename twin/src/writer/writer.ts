import type { Input, Intent, SourceEvent } from '@corridor/actors/network/input';
import type { Network } from '@corridor/actors/network/network';
import { assert } from '@corridor/protocols/assert';
import type { CommandReply } from '@corridor/protocols/cmd/command';
import type { Log } from '../log.ts';
import { BatchInMaking } from './batch-in-making.ts';
import { CommitLine } from './commit-line.ts';
import { type InputName, nameOf } from './input-name.ts';
import { type IntentAnswer, WriterBusyError, WriterStoppedError } from './intent-answer.ts';
import type { AnsweredCommand, Job, Stepped } from './job.ts';
import { JobStepper } from './job-stepper.ts';
import type { ScopeClock } from './scope-clock.ts';
import type { Sequencer } from './sequencer.ts';
import { type AskedIntents, settleJobs } from './settle-jobs.ts';
import { StoreFailedError } from './store-failed.ts';
import { StreamLag } from './stream-lag.ts';
import type { Suspects } from './suspects.ts';
import type { BatchStore, ReceivedEvent, Registered, WriterBatch } from './writer-batch.ts';

interface Waiting {
  readonly job: Job;
  /** Scope time at which it came; null: time stood still, so it has none of its own. */
  readonly cameAtMs: number | null;
}

/** What was committed, for everything that may only happen after it. */
export interface Committed {
  readonly batch: WriterBatch;
  /** Sources whose position has to be told, also when nothing new of them was committed. */
  readonly toAck: ReadonlySet<string>;
  /** Inputs of the batch; 0: nothing was written. */
  readonly inputs: number;
  /** From its first step to its commit [ms]. */
  readonly tookMs: number;
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
  /** A bug or a lost database: the process has to end, and the next one restores. `inputs`: what may be at fault. */
  onFatal: (cause: unknown, inputs: readonly InputName[]) => void;
  /** Inputs on which an earlier process failed. */
  suspects: Suspects;
  /** Goes on while the process is suspended. */
  monotonicNowMs: () => number;
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
 * transaction, and only then lets the world know. Two batches are at the database at most, and the next one is made meanwhile.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #stepper: JobStepper;
  #queue: Waiting[] = [];
  readonly #line: CommitLine;
  #making: BatchInMaking | null = null;
  /** The batch that the database refused. */
  #refused: BatchInMaking | null = null;
  /** Jobs that are stepped and not known to be committed, by batch. */
  readonly #inHand = new Set<readonly Job[]>();
  /** Called when an input comes while there is nothing but a commit to wait for. */
  #onInput: (() => void) | null = null;
  #running = false;
  #stopped = false;
  #failed = false;
  #batchNo: number;
  #streamSeq: number;
  #timer: NodeJS.Timeout | null = null;
  readonly #lag: StreamLag;
  readonly #toAck = new Set<string>();
  readonly #waitingForRoom: (() => void)[] = [];
  readonly #waitingForIdle: (() => void)[] = [];
  readonly #asking: AskedIntents = new Map();

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#batchNo = options.batchNo;
    this.#streamSeq = options.streamSeq;
    this.#lag = new StreamLag(options.monotonicNowMs);
    this.#stepper = new JobStepper(options.network, options.sequencer);
    this.#line = new CommitLine(options.store);
  }

  /** Scope time as far as it may go on: it does not outrun the events that wait in the stream. */
  get nowMs(): number {
    const { clock, network } = this.#options;
    return this.isTimeHeld ? network.nowMs : Math.max(clock.nowMs(), network.nowMs);
  }

  /** Whether time stands still but for the events that are taken. */
  get isTimeHeld(): boolean {
    return this.#lag.isHolding;
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

  /** The stream holds events of a time in which nobody read it: time stands still but for them, until `streamAtEnd`. */
  streamBehind(): void {
    this.#lag.behind();
  }

  /** Everything that was in the stream a moment ago has been given to `events`; to be said again about once a second. */
  streamAtEnd(): void {
    this.#lag.atEnd();
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

  reply(command: AnsweredCommand, reply: CommandReply | 'TIMEOUT'): void {
    this.#push({ kind: 'reply', command, reply });
  }

  /**
   * Asks the network for something; resolves after what it did is committed.
   * @param key of the request, kept with its audit entry when it was done
   * @throws WriterBusyError, WriterStoppedError
   */
  async ask(intent: Intent, by: string, key: string | null = null): Promise<IntentAnswer> {
    if (this.#ended()) throw new WriterStoppedError();
    if (this.#queue.length > INTENTS_BACKLOG_MAX) throw new WriterBusyError();
    const intentId = this.#options.newIntentId();
    return new Promise((settle, fail) => {
      const job: Job = { kind: 'intent', intentId, by, intent, key, settle, fail };
      this.#asking.set(intentId, job);
      this.#push(job);
    });
  }

  /** Adds an asset between two inputs. @param add puts it into the reference */
  async register(registered: Registered, add: () => void): Promise<void> {
    if (this.#ended()) throw new WriterStoppedError();
    return new Promise((settle, fail) => this.#push({ kind: 'register', registered, add, settle, fail }));
  }

  /** Ends what is known of a source whose credentials were withdrawn. @param by who withdrew them */
  async forget(source: string, by: string): Promise<void> {
    if (this.#ended()) throw new WriterStoppedError();
    return new Promise((settle, fail) => this.#push({ kind: 'forget', source, by, settle, fail }));
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
    this.#queue.push({ job, cameAtMs: this.isTimeHeld ? null : this.nowMs });
    this.#wake();
  }

  #wake(): void {
    if (this.#ended()) return;
    // What arrives in this turn of the event loop goes into one batch.
    if (!this.#running) setImmediate(() => void this.#run().catch((cause: unknown) => this.#fail(cause)));
    else if (this.#onInput) setImmediate(this.#onInput);
    this.#running = true;
    this.#onInput = null;
  }

  async #run(): Promise<void> {
    try {
      for (;;) {
        if (this.#queue.length > 0 || this.#toAck.size > 0) await this.#writeBatch();
        else if (this.#line.isBusy) await this.#commitOrInput();
        else break;
      }
    } catch (cause) {
      // What was made before has its end first, and is what failed when it fails too.
      await this.#line.settled();
      throw cause;
    }
    this.#running = false;
    for (const resolve of this.#waitingForIdle.splice(0)) resolve();
    this.#armTimer();
  }

  async #commitOrInput(): Promise<void> {
    const input = new Promise<void>((resolve) => {
      this.#onInput = resolve;
    });
    await Promise.race([this.#line.settled(), input]);
    this.#onInput = null;
  }

  async #writeBatch(): Promise<void> {
    const making = new BatchInMaking();
    const begunMs = this.#options.monotonicNowMs();
    this.#making = making;
    const jobs = this.#stepJobs(making);
    this.#inHand.add(jobs);
    const toAck = new Set([...this.#toAck, ...making.positions.keys()]);
    this.#toAck.clear();
    const { network, clock } = this.#options;
    const batch = making.close({
      batchNo: this.#batchNo,
      scopeAtMs: network.nowMs,
      driven: clock.driven,
      step: network.drain(),
      streamSeq: this.#streamSeqSafe(),
    });
    if (!making.isEmpty) this.#batchNo += 1;
    await this.#line.take(making.isEmpty ? null : batch, {
      committed: () => this.#committed(jobs, { batch, toAck, inputs: making.inputs, tookMs: this.#options.monotonicNowMs() - begunMs }),
      failed: () => {
        this.#refused = making;
      },
    });
    // What is at the database is not at fault for what comes now.
    this.#making = null;
  }

  #committed(jobs: readonly Job[], committed: Committed): void {
    const { suspects, onCommitted } = this.#options;
    suspects.cleared(committed.batch.cleared);
    for (const resolve of this.#waitingForRoom.splice(0)) resolve();
    onCommitted(committed);
    this.#inHand.delete(jobs);
    settleJobs(jobs, committed.batch, this.#asking);
  }

  /** The stream is done with up to here: nothing before it waits in the queue or for an event that is missing. */
  #streamSeqSafe(): number {
    let safe = this.#streamSeq;
    for (const { job } of this.#queue) if (job.kind === 'event') safe = Math.min(safe, job.event.streamSeq - 1);
    for (const event of this.#options.sequencer.parked()) safe = Math.min(safe, event.streamSeq - 1);
    return safe;
  }

  /** @returns the jobs that are done with: taken, or passed over */
  #stepJobs(making: BatchInMaking): readonly Job[] {
    const begunMs = performance.now();
    const isFull = () => making.inputs >= BATCH_INPUTS_MAX || (!making.isEmpty && performance.now() - begunMs > BATCH_STEP_MS_MAX);
    const done: Job[] = [];
    while (done.length < this.#queue.length && !isFull()) {
      const waiting = this.#queue[done.length];
      assert(waiting !== undefined, 'a hole in the queue of inputs');
      const { job } = waiting;
      const atMs = this.#timeOf(waiting);
      // One by one, so that each can be named when it fails.
      if (!this.#fireTimers(making, atMs, isFull)) break;
      const step = () => this.#stepper.step(job, making, atMs);
      if (job.kind === 'tick') {
        making.tick();
        step();
      } else if (!this.#take(making, job, atMs, step)) break;
      done.push(job);
      if (job.kind !== 'tick' && making.isAlone) break;
    }
    this.#queue = this.#queue.slice(done.length);
    return done;
  }

  /** @returns false when the batch has to end before the timers that are due until then are through */
  #fireTimers(making: BatchInMaking, untilMs: number, isFull: () => boolean): boolean {
    const { network } = this.#options;
    for (let timer = network.nextTimer(untilMs); timer !== null; timer = network.nextTimer(untilMs)) {
      if (isFull() || !this.#take(making, { kind: 'timer', timer }, timer.dueAtMs, () => network.fireTimer()) || making.isAlone)
        return false;
    }
    return true;
  }

  /**
   * Takes one input, or passes over it. An input on which an earlier process failed is alone in its batch, so that its
   * failure is its own. @returns false when it needs a batch of its own, which this one is not
   */
  #take(making: BatchInMaking, input: Stepped, atMs: number, step: () => void): boolean {
    const { suspects } = this.#options;
    const verdict = suspects.verdictOn(input);
    if (verdict !== 'take' && !making.isEmpty) return false;
    making.begin(input, verdict);
    if (verdict === 'passOver') {
      const name = nameOf(input);
      making.passedOver.push({ name, event: input.kind === 'event' ? input.event : null, error: suspects.errorOf(name) });
      this.#stepper.passOver(input, making, atMs);
    } else step();
    making.stepped();
    return true;
  }

  /** Scope time at which a job is stepped: when it came, so that what waited behind a standstill keeps its order among the timers. */
  #timeOf({ job, cameAtMs }: Waiting): number {
    const { clock, network } = this.#options;
    if (job.kind === 'event') return Math.max(network.nowMs, Math.min(clock.nowMs(), Math.floor(job.event.reachedAtMs)));
    return Math.max(network.nowMs, cameAtMs ?? network.nowMs);
  }

  #armTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#ended()) return;
    const { network, clock } = this.#options;
    const dueMs = network.nextDueMs;
    const waitMs = dueMs === null || this.isTimeHeld ? null : clock.wallMsUntil(dueMs);
    this.#timer = setTimeout(
      () => {
        const due = network.nextDueMs;
        if (due !== null && due <= clock.nowMs() && !this.isTimeHeld) this.#push({ kind: 'tick' });
        else this.#armTimer();
      },
      Math.min(TIMER_WALL_MS_MAX, Math.ceil(waitMs ?? TIMER_WALL_MS_MAX)),
    );
  }

  #fail(cause: unknown): void {
    this.#failed = true;
    if (this.#timer) clearTimeout(this.#timer);
    const stopped = new WriterStoppedError();
    for (const job of this.#asking.values()) job.fail(stopped);
    this.#asking.clear();
    for (const job of [...[...this.#inHand].flat(), ...this.#queue.map((waiting) => waiting.job)]) if ('fail' in job) job.fail(stopped);
    this.#queue = [];
    for (const resolve of [...this.#waitingForRoom.splice(0), ...this.#waitingForIdle.splice(0)]) resolve();
    const isOurs = cause instanceof StoreFailedError && !cause.inputAtFault;
    this.#options.onFatal(cause, isOurs ? [] : ((this.#refused ?? this.#making)?.blamed() ?? []));
  }
}
