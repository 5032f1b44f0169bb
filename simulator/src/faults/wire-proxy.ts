import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { parseSubject } from '@corridor/protocols/subject';
import type { Logger } from 'pino';
import type { FaultGate } from './fault-gate.ts';
import { acknowledgement, FrameError, FrameReader, type Publication, publicationBytes } from './nats-frames.ts';
import type { WireFault } from './wire-fault.ts';

/** Messages held back at a time, over all connections; more pass at once. */
const HELD_MAX = 20_000;

type Line = { client: Socket; server: Socket; inboxes: { prefix: string; sid: string }[]; sources: Set<string> };

/**
 * A loopback door to the NATS server through which gateways and T-boxes speak, so that faults happen on the wire, where
 * they do in the field: neither side has code for them. Without faults it copies bytes.
 */
export class WireProxy {
  readonly #server: Server;
  readonly #target: { host: string; port: number };
  readonly #gate: FaultGate;
  readonly #log: Logger;
  readonly #lines = new Set<Line>();
  readonly #held = new Set<NodeJS.Timeout>();
  #faults: readonly WireFault[] = [];

  private constructor(target: { host: string; port: number }, gate: FaultGate, log: Logger) {
    this.#target = target;
    this.#gate = gate;
    this.#log = log;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** @param natsUrl a server that is spoken to without TLS */
  static async start({ natsUrl, gate, log }: { natsUrl: string; gate: FaultGate; log: Logger }): Promise<WireProxy> {
    const { hostname, port } = new URL(natsUrl);
    const proxy = new WireProxy({ host: hostname, port: Number(port || 4222) }, gate, log);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Faults in force from now on. */
  setFaults(faults: readonly WireFault[]): void {
    if (faults.length < this.#faults.length) this.#gate.forget();
    this.#faults = faults;
    for (const line of this.#lines) if (this.#isCut(line)) line.client.destroy();
  }

  async stop(): Promise<void> {
    for (const timer of this.#held) clearTimeout(timer);
    this.#server.close();
    for (const { client } of this.#lines) client.destroy();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    const server = connect(this.#target);
    const line: Line = { client, server, inboxes: [], sources: new Set() };
    this.#lines.add(line);
    const reader = new FrameReader();
    client.on('data', (bytes: Buffer) => this.#upstream(line, reader, bytes));
    server.on('data', (bytes) => {
      if (!client.write(bytes)) server.pause();
    });
    client.on('drain', () => server.resume());
    server.on('drain', () => client.resume());
    const end = (): void => {
      this.#lines.delete(line);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', (cause) => this.#log.debug({ reason: cause.message }, 'line broken'));
      socket.on('close', end);
    }
  }

  #upstream(line: Line, reader: FrameReader, bytes: Buffer): void {
    try {
      for (const frame of reader.push(bytes)) {
        if (frame.kind === 'PUBLICATION') this.#publish(line, frame);
        else {
          if (frame.kind === 'SUBSCRIPTION') this.#noteSubscription(line, frame.subject, frame.sid);
          this.#write(line, frame.raw);
        }
      }
    } catch (cause) {
      if (!(cause instanceof FrameError)) throw cause;
      this.#log.warn({ reason: cause.message }, 'a client does not speak NATS');
      line.client.destroy();
    }
    if (this.#isCut(line)) line.client.destroy();
  }

  /** Whose line this is shows in what it subscribes to; its inbox is where acknowledgements go. */
  #noteSubscription(line: Line, subject: string, sid: string): void {
    const own = parseSubject(subject);
    if (own?.lane === 'ack') line.sources.add(own.id);
    if (subject.endsWith('.*') || subject.endsWith('.>')) line.inboxes.push({ prefix: subject.slice(0, -1), sid });
  }

  #publish(line: Line, publication: Publication): void {
    if (this.#faults.length === 0) return this.#write(line, publicationBytes(publication));
    const { send, falseAck } = this.#gate.pass(publication, this.#faults);
    for (const item of send) {
      if (item.delayMs === 0 || this.#held.size >= HELD_MAX) this.#write(line, publicationBytes(item.publication));
      else this.#hold(line, item);
    }
    if (falseAck && publication.reply !== null) this.#acknowledge(line, publication.reply);
  }

  #hold(line: Line, { publication, delayMs }: { publication: Publication; delayMs: number }): void {
    const timer = setTimeout(() => {
      this.#held.delete(timer);
      // The sender was told it arrived: nobody waits for the stream's own word.
      this.#write(line, publicationBytes({ ...publication, reply: null }));
    }, delayMs);
    this.#held.add(timer);
  }

  #acknowledge(line: Line, reply: string): void {
    const inbox = line.inboxes.find(({ prefix }) => reply.startsWith(prefix));
    if (inbox && line.client.writable) line.client.write(acknowledgement(reply, inbox.sid));
  }

  #write(line: Line, bytes: Buffer): void {
    if (line.server.writable && !line.server.write(bytes)) line.client.pause();
  }

  #isCut(line: Line): boolean {
    return this.#faults.some(
      (fault) => fault.kind === 'OFFLINE' && (fault.sources.length === 0 || fault.sources.some((id) => line.sources.has(id))),
    );
  }
}
