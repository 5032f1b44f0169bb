import type { Ack, CommandReply } from '@corridor/protocols/cmd/command';
import type { RefusalNotice } from '@corridor/protocols/cmd/refusal-notice';
import type { StationTeleKind } from '@corridor/protocols/subject';
import type { Logger } from 'pino';
import type { Journal } from '../journal/journal.ts';
import type { TelemetryBuffer } from '../journal/telemetry-buffer.ts';
import type { Clock } from '../ports/clock.ts';
import { Connection, type LinkState } from './connection.ts';
import type { Credentials } from './credentials.ts';
import { EventLane } from './event-lane.ts';
import { openInbox } from './inbox.ts';
import { Publisher } from './publisher.ts';
import { TelemetryLane } from './telemetry-lane.ts';

export type LinkOptions = {
  servers: string | string[];
  credentials: Credentials;
  scope: string;
  stationId: string;
  journal: Journal;
  buffer: TelemetryBuffer;
  clock: Clock;
  log: Logger;
  /** Journals `evt.gateway.backfill_begin` or `_end`. */
  backfill(event: 'backfill_begin' | 'backfill_end', counts: { events: number; telemetry: number }): void;
  command(verb: string, value: unknown): CommandReply;
  stateChanged(state: LinkState, detail: string | null): void;
  fatal(cause: unknown): void;
};

/** The acknowledged position is written and old events are forgotten this often [wall ms]. */
const FLUSH_MS = 2_000;
const RTT_MS = 15_000;

/** A station's side of the wire: both lanes, commands and acknowledgements over one connection that is kept for ever. */
export class Link {
  readonly #options: LinkOptions;
  readonly #connection: Connection;
  readonly #events: EventLane;
  readonly #telemetry: TelemetryLane;
  #timers: NodeJS.Timeout[] = [];
  #rttMs: number | null = null;
  #refusedMessages = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
    const { journal, buffer, clock, log, scope, stationId } = options;
    const publisher = new Publisher(stationId, () => clock.nowMs());
    const isUp = () => this.#connection.up !== null;
    this.#events = new EventLane(journal, publisher, { isUp, nowMs: () => clock.nowMs(), log });
    const unacked = () => journal.unackedCount();
    this.#telemetry = new TelemetryLane(
      publisher,
      buffer,
      { scope, stationId, bootId: () => journal.bootId, isUp },
      {
        begin: ({ telemetry }) => this.#guarded(() => options.backfill('backfill_begin', { events: unacked(), telemetry })),
        end: ({ telemetry }) => this.#guarded(() => options.backfill('backfill_end', { events: unacked(), telemetry })),
      },
    );
    this.#connection = new Connection(options, {
      opened: (connection) => {
        publisher.use(connection);
        openInbox(
          connection,
          { scope, stationId },
          {
            command: (verb, value) => this.#command(verb, value),
            ack: (ack) => this.#ack(ack),
            refused: (notice) => this.#refused(notice),
          },
          log,
        );
      },
      stateChanged: (state, detail) => {
        if (state !== 'UP') this.#rttMs = null;
        options.stateChanged(state, detail);
        if (state === 'UP') this.#events.linkUp();
      },
    });
  }

  get state(): LinkState {
    return this.#connection.state;
  }

  /** How long the platform has acknowledged nothing of what waits for it [wall ms], and since when [scope ms]; null: nothing waits. */
  get unanswered(): EventLane['unanswered'] {
    return this.#events.unanswered;
  }

  /** Messages of this process that the platform refused, as far as it said. */
  get refusedMessages(): number {
    return this.#refusedMessages;
  }

  /** Round trip to the server as last measured [ms]; null while unreachable. */
  get rttMs(): number | null {
    return this.#rttMs;
  }

  start(): void {
    this.#connection.start();
    this.#telemetry.start();
    this.#timers = [
      setInterval(() => this.#guarded(() => this.#options.journal.flush(this.#options.clock.nowMs())), FLUSH_MS),
      setInterval(() => void this.#measure(), RTT_MS),
    ];
  }

  telemetry(kind: StationTeleKind, atMs: number, data: unknown): void {
    this.#telemetry.send(kind, atMs, data);
  }

  /** No answer when the gateway is ending: the platform asks again. */
  #command(verb: string, value: unknown): CommandReply | null {
    try {
      return this.#options.command(verb, value);
    } catch (cause) {
      this.#options.fatal(cause);
      return null;
    }
  }

  #ack(ack: Ack): void {
    this.#guarded(() => this.#events.acknowledged(ack));
  }

  /** A fault of this program or of its configuration: for a person to find. */
  #refused(notice: RefusalNotice): void {
    this.#refusedMessages += 1 + notice.moreRefused;
    this.#options.log.error({ notice, refusedMessages: this.#refusedMessages }, 'the platform refused a message of ours');
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (cause) {
      this.#options.fatal(cause);
    }
  }

  async #measure(): Promise<void> {
    const connection = this.#connection.up;
    if (!connection) return;
    try {
      this.#rttMs = await connection.rtt();
    } catch {
      // Down in this moment: the status of the connection says so.
      this.#rttMs = null;
    }
  }

  /** Closes without sending anything more. */
  async abandon(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    const stopped = Promise.all([this.#events.stop(), this.#connection.stop()]);
    await this.#telemetry.stop();
    await stopped;
  }

  /** Sends what can be sent, then closes. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#connection.up) await this.#events.drained();
    await this.#telemetry.stop();
    const stopped = this.#events.stop();
    await this.#connection.stop();
    await stopped;
  }
}
