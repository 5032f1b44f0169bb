import { DeliverPolicy, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
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
  /** Everything that was in the stream at the (re)start has been taken. */
  onCaughtUp?: () => void;
  /** Taken one after the other; a promise holds the stream back. */
  onMessage: (message: StreamMessage) => void | Promise<void>;
  /** Messages fetched ahead. */
  ahead: number;
  log: Log;
}

const RETRY_MS = 500;
/** Short, so that a reader notices within 2 s that its consumer is gone. */
const PULL_EXPIRES_MS = 2_000;
const PULL_HEARTBEAT_MS = 1_000;

/**
 * Reads a stream in order from a sequence that we keep ourselves. It begins anew from there whenever the connection was
 * lost, because a server that was killed may have lost the end of the stream and given its numbers to other messages.
 */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  #messages: Awaited<ReturnType<Awaited<ReturnType<ReturnType<typeof jetstream>['consumers']['get']>>['consume']>> | null = null;
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
    const { nc, stream, filter, from, onStreamShorter, onMessage, onBehind, onCaughtUp, ahead } = this.#options;
    const manager = await jetstreamManager(nc, { checkAPI: false });
    const { state } = await manager.streams.info(stream);
    let start = Math.max(1, from());
    if (state.last_seq < start - 1) {
      onStreamShorter(state.last_seq);
      start = Math.max(1, from());
    }
    let behindUntil: number | null = state.messages > 0 && start <= state.last_seq ? state.last_seq : null;
    if (behindUntil === null) onCaughtUp?.();
    else onBehind?.();
    const consumer = await jetstream(nc).consumers.get(stream, {
      ...(filter === null ? {} : { filter_subjects: filter }),
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: start,
    });
    const messages = await consumer.consume({ max_messages: ahead, expires: PULL_EXPIRES_MS, idle_heartbeat: PULL_HEARTBEAT_MS });
    this.#messages = messages;
    if (this.#stopped) messages.stop();
    for await (const message of messages) {
      const held = onMessage(plain(message));
      if (held) await held;
      if (behindUntil !== null && message.seq >= behindUntil) {
        behindUntil = null;
        onCaughtUp?.();
      }
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

function plain(message: JsMsg): StreamMessage {
  return {
    subject: message.subject,
    data: message.data,
    streamSeq: message.seq,
    storedWallMs: message.info.timestampNanos / 1_000_000,
    messageId: message.headers?.get('Nats-Msg-Id') ?? '',
  };
}
