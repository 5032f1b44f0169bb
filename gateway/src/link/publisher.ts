import { randomBytes } from 'node:crypto';
import type { QualityFlag } from '@corridor/protocols/envelope';
import { type JetStreamClient, jetstream } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';

/** A message of either lane, ready but for the time of sending. `dataText` and `qText` are JSON. */
export type Outgoing = {
  lane: 'evt' | 'tele';
  subject: string;
  schema: string;
  bootId: number;
  seq: number;
  atMs: number;
  dataText: string;
  qText: string;
  backfill: boolean;
};

/** Wall time after which an unanswered publish counts as failed [ms]. */
const PUB_ACK_TIMEOUT_MS = 5_000;
const NO_FLAGS = JSON.stringify([] satisfies QualityFlag[]);
export const noFlags = (): string => NO_FLAGS;

/** The envelope as text. Written by hand because `data` is JSON already: it is stored as it was when it happened. */
export function envelopeText(message: Outgoing, source: string, sentAtMs: number): string {
  const head = {
    schema: message.schema,
    src: source,
    bootId: message.bootId,
    seq: message.seq,
    tsEvent: new Date(message.atMs).toISOString(),
    tsSend: new Date(Math.max(message.atMs, sentAtMs)).toISOString(),
    backfill: message.backfill,
  };
  return `${JSON.stringify(head).slice(0, -1)},"q":${message.qText},"data":${message.dataText}}`;
}

/** Publishes into the streams; a message is sent when the stream has confirmed it. */
export class Publisher {
  readonly #source: string;
  readonly #nowMs: () => number;
  /** Tells repeats of this process from those of an earlier one. */
  readonly #nonce = randomBytes(6).toString('hex');
  #repeats = 0;
  #connection: NatsConnection | null = null;
  #stream: JetStreamClient | null = null;

  constructor(source: string, nowMs: () => number) {
    this.#source = source;
    this.#nowMs = nowMs;
  }

  use(connection: NatsConnection): void {
    this.#connection = connection;
    this.#stream = jetstream(connection, { timeout: PUB_ACK_TIMEOUT_MS });
  }

  /**
   * @param again true: the stream is to take it though it may have it, so the message gets an id of its own
   * @throws when the stream did not confirm: unreachable, no such stream, no permission
   */
  async publish(message: Outgoing, again = false): Promise<void> {
    if (!this.#stream || !this.#connection || this.#connection.isClosed()) throw new NotConnectedError();
    const { bootId, lane, seq } = message;
    if (again) this.#repeats += 1;
    const id = `${this.#source}:${bootId}:${lane}:${seq}${again ? `:${this.#nonce}-${this.#repeats}` : ''}`;
    const header = headers();
    header.set('Nats-Msg-Id', id);
    await this.#stream.publish(message.subject, envelopeText(message, this.#source, this.#nowMs()), { headers: header });
  }
}

export class NotConnectedError extends Error {
  readonly code = 'NOT_CONNECTED';
  constructor() {
    super('not connected to NATS');
    this.name = 'NotConnectedError';
  }
}
