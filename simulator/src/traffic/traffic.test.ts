import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { decode } from '@corridor/protocols/decode';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { parseSubject, subject } from '@corridor/protocols/subject';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestNats, type TestNats } from '@corridor/testkit/test-nats';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { DEFAULT_NETWORK_PATH, loadNetwork } from '../plant/corridor-files.ts';
import { socPercentOf } from '../plant/pack-physics.ts';
import { startTraffic, type Traffic } from './start-traffic.ts';
import type { TrafficConfig } from './traffic-config.ts';

/** One station and five trucks in front of it, two of them nearly empty. */
function smallNetwork(): NetworkFile {
  const network = loadNetwork(DEFAULT_NETWORK_PATH);
  const stations = network.stations.filter(({ id }) => id === 'HH1');
  const trucks = network.trucks
    .slice(0, 5)
    .map((truck, index) => ({ ...truck, initialChainageM: 40_900 - index * 50, initialDirection: 'WEST' as const }));
  const truckIds = new Set(trucks.map(({ id }) => id));
  const packs = network.packs
    .filter(({ initial }) => (initial.kind === 'TRUCK' ? truckIds.has(initial.id) : initial.id.startsWith('HH1-')))
    .map((pack) => ({ ...pack, initialSocPercent: pack.initial.kind === 'TRUCK' ? 15 : 94 }));
  return { ...network, stations, trucks, packs };
}

/** Hands out real credentials, as the twin's enrolment route does, and shows rich accounts. */
async function enrolmentServer(nats: TestNats) {
  const server = createServer((request, response) => {
    const parts = (request.url ?? '').split('/');
    const answer = async () => {
      if (request.headers.authorization !== 'Bearer secret') return { status: 401, body: { code: 'UNAUTHENTICATED' } };
      if (request.method === 'GET') return { status: 200, body: { balanceFen: '999999999999' } };
      const id = parts[4] ?? '';
      const { creds } = parts[3] === 'stations' ? await nats.credentials.issueStation(id) : await nats.credentials.issueTruck(id);
      return { status: 201, body: { creds } };
    };
    void answer().then(({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Streams, and what arrives, decoded; authorises every identified truck as a platform would that trusts everybody. */
async function listen(nats: TestNats, connection: NatsConnection, traffic: () => Traffic) {
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'TELE', subjects: ['evs.v1.*.*.*.tele.>'] });
  await manager.streams.add({ name: 'EVT', subjects: ['evs.v1.*.*.*.evt.>', 'evs.v1.*.*.*.res.>'] });
  const seen: { key: string; id: string; seq: number; bootId: number; data: Record<string, unknown> }[] = [];
  const refused: string[] = [];
  const waiting: { key: string; resolve: () => void }[] = [];
  connection.subscribe('evs.v1.live.>', {
    callback: (_error, message) => {
      const lane = parseSubject(message.subject)?.lane;
      if (lane === 'cmd' || lane === 'ack' || message.subject === subject.clock('live')) return;
      const decoded = decode(message.subject, message.data);
      if (!decoded.ok) {
        refused.push(`${message.subject}: ${decoded.reason} ${decoded.detail}`);
        return;
      }
      const { key, envelope, subject: parsed } = decoded;
      const data = envelope.data as Record<string, unknown>;
      seen.push({ key, id: parsed.id, seq: envelope.seq, bootId: envelope.bootId, data });
      if (parsed.lane !== 'tele')
        connection.publish(
          subject.ack('live', parsed.source, parsed.id),
          JSON.stringify({ bootId: envelope.bootId, evtSeq: envelope.seq }),
        );
      if (key === 'station:evt:swap.identified') void authorise(connection, traffic(), parsed.id, data);
      for (const { key: wanted, resolve } of waiting) if (wanted === key) resolve();
    },
  });
  await connection.flush();
  expect(nats.port).toBeGreaterThan(0);
  return {
    seen,
    refused,
    until: (key: string) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (seen.some((message) => message.key === key)) resolve();
      waiting.push({ key, resolve });
      return promise;
    },
  };
}

async function authorise(connection: NatsConnection, traffic: Traffic, stationId: string, data: Record<string, unknown>): Promise<void> {
  const { state } = traffic.host.plant;
  const slot = state.stations[stationId]?.slots
    .filter(({ packId }) => packId !== null)
    .sort((one, other) => socPercentOf(state.packs[other.packId ?? '']!) - socPercentOf(state.packs[one.packId ?? '']!))[0];
  const truck = state.trucks[String(data['truckId'])];
  const scopeAtMs = traffic.host.clock.nowMs();
  const command = {
    commandId: `cmd-${String(data['requestId'])}`,
    issuedBy: 'test',
    issuedAt: new Date(scopeAtMs).toISOString(),
    expiresAt: new Date(scopeAtMs + 3_600_000).toISOString(),
    args: {
      requestId: data['requestId'],
      orderId: `order-${String(data['requestId'])}`,
      idToken: data['idToken'],
      truckId: truck?.id,
      plate: truck?.plate,
      returnPackId: truck?.packId,
      issuePackId: slot?.packId,
      issueEvseId: slot?.evseId,
      initiation: 'LOCAL',
    },
  };
  const reply = await connection.request(subject.command('live', 'station', stationId, 'swap', 'start'), JSON.stringify(command), {
    timeout: 5_000,
  });
  expect(reply.json()).toMatchObject({ result: 'ACCEPTED' });
}

it('swaps trucks through real gateways and goes on after a stop', async () => {
  using folder = temporaryFolder();
  await using nats = await startTestNats();
  await using http = await enrolmentServer(nats);
  const networkPath = join(folder.path, 'network.json');
  writeFileSync(networkPath, JSON.stringify(smallNetwork()));
  const twin = await nats.connect(await nats.credentials.issueService('twin'));
  const clockCreds = (await nats.credentials.issueService('clock', 'clock')).creds;
  const config: TrafficConfig = {
    networkPath,
    apiUrl: http.url,
    natsUrl: nats.url,
    factor: 100,
    seed: 3,
    dataDir: folder.path,
    scope: 'live',
    clockCreds,
    token: 'secret',
    logLevel: 'silent',
    faults: true,
  };
  const fatal: unknown[] = [];
  const start = () => startTraffic(config, { log: pino({ level: 'silent' }), onFatal: (cause) => fatal.push(cause) });
  let traffic: Traffic | null = null;
  const heard = await listen(nats, twin, () => traffic!);
  const ticks: { scopeAt: string; factor: number }[] = [];
  twin.subscribe(subject.clock('live'), { callback: (_error, message) => void ticks.push(message.json()) });
  traffic = await start();
  await traffic.started;
  await heard.until('station:evt:swap.completed');
  await heard.until('truck:tele:pack');
  expect(heard.seen.filter(({ key }) => key === 'truck:evt:online')).toHaveLength(5);
  const battery = heard.seen.filter(({ key }) => key === 'station:evt:swap.battery_in' || key === 'station:evt:swap.battery_out');
  expect(battery.length).toBeGreaterThanOrEqual(2);
  const stoppedAt = traffic.host.clock.nowMs();
  await traffic.stop();
  expect(ticks.at(-1)?.factor).toBe(100);
  const places = traffic.host.plant.state.packs;

  traffic = await start();
  expect(traffic.host.plant.state.atMs).toBeGreaterThanOrEqual(stoppedAt - 1_000);
  expect(Object.fromEntries(Object.entries(traffic.host.plant.state.packs).map(([id, { place }]) => [id, place.kind]))).toEqual(
    Object.fromEntries(Object.entries(places).map(([id, { place }]) => [id, place.kind])),
  );
  await traffic.started;
  await traffic.stop();
  await twin.close();
  expect(heard.refused).toEqual([]);
  expect(fatal).toEqual([]);
  // Each source counts each boot from 1 without a hole; the second start is the second boot.
  const events = heard.seen.filter(({ key, id }) => id === 'HH1' && !key.includes(':tele:'));
  const numbers = [...new Set(events.map(({ bootId, seq }) => `${bootId}:${seq}`))];
  expect(numbers.filter((number) => number.startsWith('1:'))).toEqual(
    numbers.filter((number) => number.startsWith('1:')).map((_, index) => `1:${index + 1}`),
  );
  expect(numbers).toContain('2:1');
});
