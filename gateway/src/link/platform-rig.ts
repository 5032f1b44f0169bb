import type { CommandReply, CommandVerb } from '@corridor/protocols/cmd/command';
import { COMMANDS } from '@corridor/protocols/cmd/command';
import { decode } from '@corridor/protocols/decode';
import type { Envelope } from '@corridor/protocols/envelope';
import { STREAMS, subject } from '@corridor/protocols/subject';
import type { TestNats } from '@corridor/testkit/test-nats';
import { type ConsumerMessages, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { Compile } from 'typebox/compile';

/** Ends a hang; an answer comes at once. */
const REPLY_MS = 60_000;

export type Taken = { key: string; envelope: Envelope<Record<string, unknown>>; id: string };

/**
 * A platform played by a test: takes the events of one station in order, acknowledges them when told to, and gives commands.
 * It sees every message of the streams, also repeated ones.
 */
export class PlatformRig {
  readonly connection: NatsConnection;
  readonly #stationId: string;
  readonly messages: Taken[] = [];
  readonly refused: string[] = [];
  readonly #waiting = new Set<() => void>();
  #consuming: ConsumerMessages[] = [];
  #commands = 0;
  position = { bootId: 0, evtSeq: 0 };
  /** Events of the station in the order they were taken, each once. */
  readonly taken: Taken[] = [];
  acknowledges = true;

  private constructor(connection: NatsConnection, stationId: string) {
    this.connection = connection;
    this.#stationId = stationId;
  }

  static async start(nats: TestNats, stationId: string): Promise<PlatformRig> {
    const connection = await nats.connect(await nats.credentials.issueService('platform'), 'platform');
    const rig = new PlatformRig(connection, stationId);
    const manager = await jetstreamManager(connection);
    for (const name of ['EVT', 'TELE'] as const) await manager.streams.add({ name, subjects: [...STREAMS[name]] });
    await rig.#consume('EVT');
    await rig.#consume('TELE');
    return rig;
  }

  async #consume(stream: 'EVT' | 'TELE'): Promise<void> {
    const manager = await jetstreamManager(this.connection);
    await manager.consumers.add(stream, { durable_name: `rig-${stream}`, ack_policy: 'explicit', deliver_policy: DeliverPolicy.All });
    const consumer = await jetstream(this.connection).consumers.get(stream, `rig-${stream}`);
    const messages = await consumer.consume({ expires: 2_000, idle_heartbeat: 1_000 });
    this.#consuming.push(messages);
    void (async () => {
      for await (const message of messages) {
        this.#receive(message.subject, message.data, message.headers?.get('Nats-Msg-Id') ?? '');
        message.ack();
      }
    })();
  }

  #receive(at: string, data: Uint8Array, id: string): void {
    const decoded = decode(at, data);
    if (!decoded.ok) {
      this.refused.push(`${at}: ${decoded.reason} ${decoded.detail}`);
    } else {
      const message = { key: decoded.key, envelope: decoded.envelope as Taken['envelope'], id };
      this.messages.push(message);
      if (decoded.subject.lane !== 'tele') this.#take(message);
    }
    for (const wake of this.#waiting) wake();
  }

  #take(message: Taken): void {
    const { bootId, seq, data } = message.envelope;
    const next = bootId === this.position.bootId && seq === this.position.evtSeq + 1;
    const previous = (data as { previous?: { bootId: number; evtSeq: number } | null }).previous;
    const reached = previous == null || (previous.bootId === this.position.bootId && previous.evtSeq === this.position.evtSeq);
    if (next || (bootId > this.position.bootId && seq === 1 && reached)) {
      this.position = { bootId, evtSeq: seq };
      this.taken.push(message);
    }
    if (this.acknowledges) this.ack();
  }

  ack(position = this.position): void {
    this.connection.publish(subject.ack('live', 'station', this.#stationId), JSON.stringify(position));
  }

  /** Until `condition` holds; looked at after each message and now and then. The test's own timeout is its limit. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, 100);
        const waiting = this.#waiting;
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
        waiting.add(done);
      });
    }
  }

  named(key: string): Taken[] {
    return this.taken.filter((message) => message.key === key);
  }

  async command(
    verb: CommandVerb,
    args: Record<string, unknown>,
    options: { commandId?: string; nowMs?: number } = {},
  ): Promise<CommandReply> {
    this.#commands += 1;
    const nowMs = options.nowMs ?? Date.now();
    const command = {
      commandId: options.commandId ?? `command-${this.#commands}`,
      issuedBy: 'test',
      issuedAt: new Date(nowMs).toISOString(),
      expiresAt: new Date(nowMs + 86_400_000).toISOString(),
      args,
    };
    if (!Compile(COMMANDS[verb]).Check(command)) throw new TypeError(`not a ${verb}`);
    const [topic = '', name = ''] = verb.split('.');
    const at = subject.command('live', 'station', this.#stationId, topic, name);
    return (await this.connection.request(at, JSON.stringify(command), { timeout: REPLY_MS })).json<CommandReply>();
  }

  async stop(): Promise<void> {
    for (const messages of this.#consuming) messages.stop();
    await this.connection.close();
  }
}
