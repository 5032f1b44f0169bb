import type { TimerHandle } from '@corridor/gateway/ports/clock';
import { Ack } from '@corridor/protocols/cmd/command';
import { filter, parseSubject, subject } from '@corridor/protocols/subject';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { Compile } from 'typebox/compile';
import type { PlantHost } from '../host/plant-host.ts';
import type { PlantFact } from '../plant/plant-state.ts';
import { tripIdOf } from '../plant/plant-state.ts';
import { CommandAnswers } from './command-answers.ts';
import { EventLane } from './event-lane.ts';
import type { TboxJournal } from './tbox-journal.ts';
import { TelemetryLane } from './telemetry-lane.ts';
import { truckEventData, truckReport } from './truck-report.ts';
import { jetStreamWire } from './wire.ts';

/** Scope time between reports, and the least wall time at high factors. */
const MOVING_MS = 10_000;
const PARKED_MS = 60_000;
const WALL_MS_MIN = 500;

const ackValidator = Compile(Ack);

export type TboxOptions = {
  truckId: string;
  scope: string;
  host: PlantHost;
  journal: TboxJournal;
  nats: { url: string; creds: string | null };
  log: Logger;
};

/** The telematics box of one truck of the plant, with its own connection and credentials. */
export class Tbox {
  readonly #options: TboxOptions;
  readonly #connection: NatsConnection;
  readonly #events: EventLane;
  readonly #telemetry: TelemetryLane;
  readonly #answers = new CommandAnswers();
  readonly #detach: () => void;
  #timer: TimerHandle | null = null;
  #stopped = false;

  private constructor(options: TboxOptions, connection: NatsConnection) {
    const { truckId, host, journal, log } = options;
    const bootId = journal.boot(truckId);
    const wire = jetStreamWire(connection);
    this.#options = options;
    this.#connection = connection;
    this.#events = new EventLane({ truckId, bootId, journal, wire, clock: host.clock, log });
    this.#telemetry = new TelemetryLane({ truckId, bootId, wire, clock: host.clock, log });
    this.#detach = host.onTruck(truckId, (fact) => this.#onFact(fact));
  }

  /** Connects, waiting for a server that is not there yet. @throws AuthorizationError when the credentials do not count */
  static async start(options: TboxOptions, phaseMs: number): Promise<Tbox> {
    const { truckId, nats } = options;
    const connection = await connect({
      servers: nats.url,
      name: `tbox-${truckId}`,
      inboxPrefix: `_INBOX.${truckId}`,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      reconnectJitter: 500,
      waitOnFirstConnect: true,
      ...(nats.creds === null ? {} : { authenticator: credsAuthenticator(new TextEncoder().encode(nats.creds)) }),
    });
    const tbox = new Tbox(options, connection);
    tbox.#subscribe();
    tbox.#announce();
    tbox.#timer = options.host.clock.setTimer(phaseMs, () => tbox.#tick());
    return tbox;
  }

  get dropped(): number {
    return this.#telemetry.dropped;
  }

  /** Resolves when the connection is closed for good: by `stop`, or because the server refused the credentials again and again. */
  async closed(): Promise<Error | null> {
    return (await this.#connection.closed()) ?? null;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) this.#options.host.clock.clearTimer(this.#timer);
    this.#detach();
    this.#events.stop();
    await this.#connection.close();
  }

  #announce(): void {
    const { host, truckId, scope } = this.#options;
    const truck = host.plant.state.trucks[truckId];
    if (!truck) return;
    const data = truckEventData(host.plant, truck, { tripId: tripIdOf(truckId, truck.tripNo), detail: null });
    this.#events.publish(subject.truckEvent(scope, truckId, 'online'), 'evt.truck.online/1', data);
  }

  #onFact(fact: PlantFact): void {
    const { host, truckId, scope } = this.#options;
    const truck = host.plant.state.trucks[truckId];
    if (fact.kind !== 'TRUCK_EVENT' || !truck) return;
    this.#events.publish(
      subject.truckEvent(scope, truckId, fact.event),
      `evt.truck.${fact.event}/1`,
      truckEventData(host.plant, truck, fact),
    );
  }

  #tick(): void {
    if (this.#stopped) return;
    const { host, truckId, scope } = this.#options;
    const report = truckReport(host.plant, truckId);
    if (!report) return;
    const periodMs = Math.max(report.moving ? MOVING_MS : PARKED_MS, WALL_MS_MIN * host.clock.factor());
    this.#timer = host.clock.setTimer(periodMs, () => this.#tick());
    const truckSubject = subject.truckTele(scope, truckId, 'truck');
    const packSubject = subject.truckTele(scope, truckId, 'pack');
    // The plant follows the clock in ticks, later after a stall: a position of then with the time of now would be a jump.
    const measuredAtMs = host.plant.state.atMs;
    if (report.silent) {
      this.#telemetry.keep({ subject: truckSubject, schema: 'tele.truck/1', data: report.truck, tsEventMs: measuredAtMs, q: [] });
      if (report.pack)
        this.#telemetry.keep({ subject: packSubject, schema: 'tele.pack/1', data: report.pack, tsEventMs: measuredAtMs, q: [] });
      return;
    }
    void this.#telemetry
      .report(truckSubject, 'tele.truck/1', report.truck, [], measuredAtMs)
      .then((sent) => (sent && report.pack ? this.#telemetry.report(packSubject, 'tele.pack/1', report.pack, [], measuredAtMs) : false));
  }

  #subscribe(): void {
    const { scope, truckId, host } = this.#options;
    this.#connection.subscribe(subject.ack(scope, 'truck', truckId), {
      callback: (error, message) => {
        if (error) return this.#refusedSubscription(error);
        const ack = parseAck(message.string());
        if (ack) this.#events.confirmed(ack);
      },
    });
    this.#connection.subscribe(filter.commandsOf(scope, 'truck', truckId), {
      callback: (error, message) => {
        if (error) return this.#refusedSubscription(error);
        const parsed = parseSubject(message.subject);
        if (parsed?.lane !== 'cmd') return;
        if (message.subject === subject.refusalNotice(scope, 'truck', truckId)) {
          this.#options.log.error({ truckId, notice: message.string() }, 'the platform refused a message of ours');
          return;
        }
        const answer = this.#answers.answer(`${parsed.topic}.${parsed.verb}`, message.string(), host.clock.nowMs());
        if (!answer) return;
        message.respond(JSON.stringify(answer.reply));
        if (answer.done) this.#carryOut(answer.done);
      },
    });
  }

  #refusedSubscription(error: Error): void {
    this.#options.log.warn({ truckId: this.#options.truckId, reason: error.message }, 'the server refused a subscription');
  }

  #carryOut({ commandId, notice }: { commandId: string; notice: { stationId?: string } | null }): void {
    const { host, truckId, scope } = this.#options;
    const followed = notice?.stationId !== undefined && host.plant.advise(truckId, notice.stationId);
    const data = { commandId, result: 'ACCEPTED', ...(notice ? { detail: { shown: true, followed } } : {}) };
    this.#events.publish(subject.result(scope, 'truck', truckId, commandId), 'res/1', data);
  }
}

/** @returns null when it is no ack: whatever it is, it confirms nothing */
function parseAck(text: string): Ack | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return ackValidator.Check(value) ? value : null;
}
