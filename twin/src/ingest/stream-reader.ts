import { type ConsumerMessages, DeliverPolicy, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Log } from '../log.ts';
import type { StreamMessage } from './event-intake.ts';

export interface StreamReaderOptions {
  nc: NatsConnection;
  stream: string;
  /** Subjects wanted, within those of the stream; null: all. A nats-server 2.9 takes no list, and no wider filter. */
  filter: string | null;
  /** Sequence of the first message that is wanted; asked at each (re)start. */
  from: () => number;
  /** The stream ends before what we had of it: it was lost, or lost its end. */
  onStreamShorter: (lastSeq: number) => void;
  /** The stream holds messages that came while nobody read it. */
  onBehind?: () => void;
  /**
   * Everything that is in the stream now has been taken, or what is taken came only just now. Said about once a second as
   * long as it is so; when it is not said, nobody knows.
   */
  onAtEnd?: () => void;
  /** Taken one after the other; a promise holds the stream back. */
  onMessage: (message: StreamMessage) => void | Promise<void>;
  /** Messages fetched ahead. */
  ahead: number;
  wallNowMs: () => number;
  log: Log;
}

const RETRY_MS = 500;
/** Short, so that a reader notices within 2 s that its consumer is gone. */
const PULL_EXPIRES_MS = 2_000;
const PULL_HEARTBEAT_MS = 1_000;
/** What was stored so short a while ago is the end of the stream, also when more follows [wall ms]. */
const JUST_NOW_MS = 1_000;

/**
 * Reads a stream in order from a sequence that we keep ourselves. It begins anew from there whenever the connection was
 * lost, because a server that was killed may have lost the end of the stream and given its numbers to other messages.
 */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  #messages: ConsumerMessages | null = null;
  /** Taken up to here, in the numbers of the stream. */
  #takenSeq = 0;
  #stopped = false;
  #done: Promise<void> | null = null;
  #retry: { timer: NodeJS.Timeout; resolve: () => void } | null = null;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#done ??= this.#readForEver();
  }

  /** Begins anew from `from()`. */
  restart(): void {
    this.#messages?.stop();
    if (this.#retry) this.#endPause();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.restart();
    await this.#done;
  }

  async #readForEver(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#readOnce();
      } catch (cause) {
        if (this.#stopped || this.#options.nc.isClosed()) return;
        this.#options.log.warn({ err: cause, stream: this.#options.stream }, 'the stream cannot be read now; trying again');
      }
      if (!this.#stopped) await this.#pause();
    }
  }

  async #readOnce(): Promise<void> {
    const { nc, stream, filter, from, onStreamShorter, onMessage, onBehind, onAtEnd, wallNowMs, ahead, log } = this.#options;
    const manager = await jetstreamManager(nc, { checkAPI: false });
    const { state } = await manager.streams.info(stream);
    let start = Math.max(1, from());
    if (state.last_seq < start - 1) {
      onStreamShorter(state.last_seq);
      start = Math.max(1, from());
    }
    let behindUntil: number | null = state.messages > 0 && start <= state.last_seq ? state.last_seq : null;
    if (behindUntil === null) onAtEnd?.();
    else onBehind?.();
    this.#takenSeq = start - 1;
    const consumer = await jetstream(nc).consumers.get(stream, {
      ...(filter === null ? {} : { filter_subjects: filter }),
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: start,
    });
    const messages = await consumer.consume({ max_messages: ahead, expires: PULL_EXPIRES_MS, idle_heartbeat: PULL_HEARTBEAT_MS });
    this.#messages = messages;
    if (this.#stopped) messages.stop();
    this.#watch(messages).catch((cause: unknown) => log.warn({ err: cause, stream }, 'the watch over a stream broke'));
    for await (const message of messages) {
      const plain = plainOf(message);
      const held = onMessage(plain);
      if (held) await held;
      this.#takenSeq = message.seq;
      const isAtEnd = message.info.pending === 0 || wallNowMs() - plain.storedWallMs < JUST_NOW_MS;
      if (behindUntil === null ? isAtEnd : message.seq >= behindUntil) {
        behindUntil = null;
        onAtEnd?.();
      }
    }
  }

  /**
   * The server says every other second that it has nothing more for us, and what it gave us last. What of that still waits on our
   * side is told by its number: the client's own count (`getPending`) never comes back to 0 on a stream that is idle.
   */
  async #watch(messages: ConsumerMessages): Promise<void> {
    for await (const status of messages.status()) {
      const isNews = status.type === 'heartbeat' && messages === this.#messages;
      if (isNews && status.lastStreamSequence <= this.#takenSeq) this.#options.onAtEnd?.();
    }
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#retry = { resolve, timer: setTimeout(() => this.#endPause(), RETRY_MS) };
    });
  }

  #endPause(): void {
    if (!this.#retry) return;
    clearTimeout(this.#retry.timer);
    this.#retry.resolve();
    this.#retry = null;
  }
}

function plainOf(message: JsMsg): StreamMessage {
  return {
    subject: message.subject,
    data: message.data,
    streamSeq: message.seq,
    storedWallMs: message.info.timestampNanos / 1_000_000,
    messageId: message.headers?.get('Nats-Msg-Id') ?? '',
  };
}
