import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Decoded, decode } from '@corridor/protocols/decode';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { parseSubject, ROOT, STREAMS, subject } from '@corridor/protocols/subject';
import type { PacksTelemetry } from '@corridor/protocols/tele/packs';
import type { TestNats } from '@corridor/testkit/test-nats';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { DEFAULT_NETWORK_PATH, loadNetwork } from '../plant/corridor-files.ts';

/** For tests of the traffic alone: what it needs of a platform, on a real NATS server, and no more. */
export const STAND_IN_TOKEN = 'secret';

/** One station and a few nearly empty trucks in front of it; its packs are charged. */
export function smallNetwork(trucksCount: number): NetworkFile {
  const network = loadNetwork(DEFAULT_NETWORK_PATH);
  const stations = network.stations.filter(({ id }) => id === 'HH1');
  const trucks = network.trucks
    .slice(0, trucksCount)
    .map((truck, index) => ({ ...truck, initialChainageM: 40_900 - index * 50, initialDirection: 'WEST' as const }));
  const truckIds = new Set(trucks.map(({ id }) => id));
  const packs = network.packs
    .filter(({ initial }) => (initial.kind === 'TRUCK' ? truckIds.has(initial.id) : initial.id.startsWith('HH1-')))
    .map((pack) => ({ ...pack, initialSocPercent: pack.initial.kind === 'TRUCK' ? 15 : 94 }));
  return { ...network, stations, trucks, packs };
}

/** Enrols with real credentials and shows rich accounts. */
export async function serveEnrolment(nats: TestNats) {
  const issued = new Map<string, string>();
  const server = createServer((request, response) => {
    const [, , , kind, id = ''] = (request.url ?? '').split('/');
    const answer = async () => {
      if (request.headers.authorization !== `Bearer ${STAND_IN_TOKEN}`) return { status: 401, body: { code: 'UNAUTHENTICATED' } };
      if (request.method === 'GET') return { status: 200, body: { balanceFen: '999999999999' } };
      const { creds, publicKey } = kind === 'stations' ? await nats.credentials.issueStation(id) : await nats.credentials.issueTruck(id);
      issued.set(id, publicKey);
      return { status: 201, body: { creds, natsUrl: nats.url } };
    };
    void answer().then(({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Public key by id, to revoke it. */
    issued,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export type Heard = {
  key: string;
  id: string;
  seq: number;
  bootId: number;
  /** When it happened or was measured, scope time. */
  atMs: number;
  q: readonly string[];
  data: Record<string, unknown>;
};

/** Makes the streams, listens to everything, confirms events, and authorises whoever is identified. */
export async function standIn(connection: NatsConnection) {
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'TELE', subjects: [...STREAMS.TELE] });
  await manager.streams.add({ name: 'EVT', subjects: [...STREAMS.EVT] });
  const heard: Heard[] = [];
  const refused: string[] = [];
  const replies: string[] = [];
  const waiting = new Set<{ wanted: (message: Heard) => boolean; resolve: (message: Heard) => void }>();
  const packs = new Map<string, PacksTelemetry['data']>();
  /** Trucks that were identified before their station told of its packs. */
  const early: Heard[] = [];
  const authoriseSoon = (message: Heard) => {
    const known = packs.get(message.id);
    if (known === undefined) early.push(message);
    else void authorise(connection, message, known).then((reply) => replies.push(reply));
  };
  const take = (decoded: Extract<Decoded, { ok: true }>) => {
    const { key, envelope, subject: parsed } = decoded;
    const message = {
      key,
      id: parsed.id,
      seq: envelope.seq,
      bootId: envelope.bootId,
      atMs: Date.parse(envelope.tsEvent),
      q: envelope.q,
      data: envelope.data as Record<string, unknown>,
    };
    heard.push(message);
    if (key === 'station:tele:packs') {
      packs.set(parsed.id, envelope.data as PacksTelemetry['data']);
      for (const waiting of early.splice(0)) authoriseSoon(waiting);
    }
    if (parsed.lane !== 'tele') {
      connection.publish(subject.ack('live', parsed.source, parsed.id), JSON.stringify({ bootId: envelope.bootId, evtSeq: envelope.seq }));
    }
    if (key === 'station:evt:swap.identified') authoriseSoon(message);
    for (const waiter of waiting) if (waiter.wanted(message)) waiter.resolve(message);
  };
  connection.subscribe(`${ROOT}.live.>`, {
    callback: (_error, message) => {
      const lane = parseSubject(message.subject)?.lane;
      if (lane === 'cmd' || lane === 'ack' || message.subject === subject.clock('live')) return;
      const decoded = decode(message.subject, message.data);
      if (decoded.ok) take(decoded);
      else refused.push(`${message.subject}: ${decoded.reason} ${decoded.detail}`);
    },
  });
  await connection.flush();
  return {
    heard,
    refused,
    replies,
    /** The first message that fits, heard already or to come. */
    until: (wanted: (message: Heard) => boolean): Promise<Heard> => {
      const known = heard.find(wanted);
      if (known) return Promise.resolve(known);
      const { promise, resolve } = Promise.withResolvers<Heard>();
      waiting.add({ wanted, resolve });
      return promise;
    },
  };
}

/** Takes the fullest pack that the station told of. @returns stage 1 of the command, or why there was none */
async function authorise(connection: NatsConnection, { id, data, atMs }: Heard, { packs }: PacksTelemetry['data']): Promise<string> {
  const best = packs
    .filter(({ location }) => location.kind === 'SLOT')
    .sort((one, other) => (other.socPercent ?? 0) - (one.socPercent ?? 0))[0];
  const command = {
    commandId: `cmd-${String(data['requestId'])}`,
    issuedBy: 'test',
    issuedAt: new Date(atMs).toISOString(),
    expiresAt: new Date(atMs + 24 * 3_600_000).toISOString(),
    args: {
      requestId: data['requestId'],
      orderId: `order-${String(data['requestId'])}`,
      idToken: data['idToken'],
      truckId: data['truckId'],
      plate: data['plate'] ?? '',
      returnPackId: data['packSerialNumber'],
      issuePackId: best?.packId,
      issueEvseId: Number(best?.location.id.split('-').at(-1)),
      initiation: 'LOCAL',
    },
  };
  try {
    const reply = await connection.request(subject.command('live', 'station', id, 'swap', 'start'), JSON.stringify(command), {
      timeout: 60_000,
    });
    return reply.string();
  } catch (cause) {
    return `no reply: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
