import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Scene } from '@corridor/protocols/http/scene';
import { type WebSocket, WebSocketServer } from 'ws';
import { OWN_CLAIMS } from '../src/feed/person.ts';
import { FixtureAgreements } from './fixture-agreements.ts';
import { FixtureCharges } from './fixture-charges.ts';
import { actorOf, billOf, chartOf, DEMO_USERS, PRINCIPALS } from './fixture-documents.ts';
import { PAPERS, QUOTED_SOC, recommendationsFor, STAGED_ORDERS } from './fixture-driver.ts';
import { corridorGeometry } from './fixture-geometry.ts';
import { FixtureMoney } from './fixture-money.ts';
import { FixtureOperations } from './fixture-operations.ts';
import { FixtureReceivers } from './fixture-receivers.ts';
import { FixtureRegistrations } from './fixture-registrations.ts';
import { FIXTURE_START_MS, kpisAt, sceneAt } from './fixture-scene.ts';
import { FixtureSettlement } from './fixture-settlement.ts';
import { packTrackOf, trackOf } from './fixture-track.ts';

export interface FixtureServer {
  url: string;
  /** Sockets open now. */
  sockets: () => number;
  money: FixtureMoney;
  settlement: FixtureSettlement;
  agreements: FixtureAgreements;
  charges: FixtureCharges;
  receivers: FixtureReceivers;
  registrations: FixtureRegistrations;
  operations: FixtureOperations;
  /** What was asked to be done with alarms and equipment, in order. */
  acts: readonly { path: string; body: unknown }[];
  /** Cuts every socket, as a network failure would. */
  cut: () => void;
  /** While true no ticket is given: the page stays offline. */
  refuseTickets: (refuse: boolean) => void;
  /** A driver's order as it stands in one of the stages of his swap; null: he has none. */
  stage: (name: string | null) => void;
  /** From now on every request and socket is answered 401. */
  expireTokens: () => void;
  close: () => Promise<void>;
}

export const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const MIME: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
const FACTOR = 10;
const DIFF_MS = 500;

/** Serves the built page and answers it as the twin would, from {@link sceneAt}. On 127.0.0.1, any free port by default. */
export async function startFixtureServer({ port = 0, startMs = FIXTURE_START_MS, dist = DIST } = {}): Promise<FixtureServer> {
  const state = { refuse: false, expired: false, startWallMs: Date.now(), stage: null as string | null };
  const nowMs = (): number => startMs + (Date.now() - state.startWallMs) * FACTOR;
  const geometry = JSON.stringify(corridorGeometry());
  const money = new FixtureMoney(startMs);
  const settlement = new FixtureSettlement(startMs);
  const agreements = new FixtureAgreements(startMs);
  const charges = new FixtureCharges(startMs);
  const receivers = new FixtureReceivers(startMs);
  const registrations = new FixtureRegistrations(startMs);
  const operations = new FixtureOperations(startMs);
  const acts: { path: string; body: unknown }[] = [];
  const server = createServer((request, response) => {
    text(request).then(
      (body) => answer(request, response, body),
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });
  const sockets = new WebSocketServer({ server, path: '/ws' });
  let seq = 0;
  /** With the driver's order in front, where one is staged. */
  const sceneNow = (): Scene => {
    const scene = sceneAt(nowMs(), FACTOR);
    const [first] = scene.orders;
    if (state.stage === null || first === undefined) return scene;
    const times = { createdAt: scene.scopeAt, updatedAt: scene.scopeAt };
    const staged = {
      ...first,
      id: 'O-STAGED',
      truckId: 'T001',
      stationId: 'BD1',
      swapState: null,
      ...times,
      ...STAGED_ORDERS[state.stage],
    };
    return { ...scene, orders: [staged, ...scene.orders] };
  };
  const send = (socket: WebSocket): void => {
    const { scopeAt, factor, stations, slots, packs, trucks, orders } = sceneNow();
    const moved = trucks.filter((truck) => Date.parse(truck.reportedAt ?? '') > nowMs() - 10_000);
    const upsert = { trucks: moved, stations, slots, packs, orders: orders.slice(0, 4) };
    socket.send(JSON.stringify({ type: 'diff', seq: ++seq, scopeAt, factor, upsert, remove: {}, kpis: kpisAt(nowMs(), stations) }));
  };
  sockets.on('connection', (socket) => {
    socket.send(JSON.stringify({ type: 'snapshot', seq: ++seq, scene: sceneNow() }));
  });
  const timer = setInterval(() => {
    for (const socket of sockets.clients) send(socket);
  }, DIFF_MS);

  function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://fixture');
    if (path.startsWith('/cashier/')) {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<title>cashier</title>');
      return;
    }
    if (!path.startsWith('/api/')) return serveFile(dist, path, response);
    const json = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (path === '/api/v1/auth/config') return json(200, { issuer: 'embedded', claims: OWN_CLAIMS, demoUsers: DEMO_USERS });
    if (path === '/api/v1/auth/demo-token') {
      state.expired = false;
      return json(200, { token: tokenOf((JSON.parse(body) as { userId: string }).userId) });
    }
    if (state.expired || request.headers.authorization === undefined)
      return json(401, { title: 'Unauthorized', status: 401, code: 'TOKEN_EXPIRED', type: 'about:blank' });
    if (registrations.isOutside(callerOf(request).userId, path))
      return json(401, { title: 'Unauthorized', status: 401, code: 'DRIVER_NOT_REGISTERED', type: 'about:blank' });
    if (path === '/api/v1/tickets')
      return state.refuse ? json(503, { title: 'busy', status: 503, code: 'BUSY', type: 'about:blank' }) : json(200, { ticket: 'once' });
    if (path === '/api/v1/geometry') return json(200, geometry);
    if (path === '/api/v1/principals') return json(200, { items: PRINCIPALS, nextCursor: null });
    const asked = { method: request.method ?? 'GET', path, query: searchParams, body, ...callerOf(request) };
    const moneyAnswer =
      agreements.answer(asked) ??
      charges.answer(asked) ??
      settlement.answer(asked) ??
      receivers.answer(asked) ??
      registrations.answer(asked) ??
      operations.answer(asked) ??
      money.answer(asked);
    if (moneyAnswer !== null) return json(moneyAnswer.status, moneyAnswer.body);
    if (request.method === 'POST' && path.startsWith('/api/v1/alarms/')) {
      acts.push({ path, body: JSON.parse(body) as unknown });
      // As if its cause came to an end just then.
      return path.endsWith('/close')
        ? json(409, { title: 'Conflict', status: 409, code: 'ALARM_ENDS_BY_SIGNAL', type: 'about:blank' })
        : json(200, {});
    }
    if (request.method === 'POST' && /^\/api\/v1\/(slots|packs|trucks|stations|swaps)\//.test(path)) {
      acts.push({ path, body: JSON.parse(body) as unknown });
      return path.endsWith('/block')
        ? json(409, { title: 'Conflict', status: 409, code: 'TRUCK_BLOCKED', type: 'about:blank' })
        : json(200, {});
    }
    if (path === '/api/v1/recommendations') return json(200, recommendationsFor(searchParams.get('truckId') ?? '', nowMs()));
    if (path === '/api/v1/stations/BD1/page') return json(200, { url: 'http://127.0.0.1:1/' });
    if (path === '/api/v1/drivers') return json(200, PAPERS.drivers);
    const bill = /^\/api\/v1\/orders\/([^/]+)\/bill$/.exec(path);
    if (bill?.[1] !== undefined) return json(200, billOf(bill[1]));
    const staged = path === '/api/v1/orders/O-STAGED' ? sceneNow().orders.find(({ id }) => id === 'O-STAGED') : undefined;
    if (staged !== undefined)
      return json(200, { ...staged, quote: null, quotedSoc: QUOTED_SOC, keptUntil: new Date(startMs + 7_200_000).toISOString() });
    const past = /^\/api\/v1\/orders\/(O-PAST[^/]*)$/.exec(path);
    if (past?.[1] !== undefined) return json(200, { ...sceneAt(startMs, FACTOR).orders[0], id: past[1], state: 'CLEARED' });
    const chart = /^\/api\/v1\/charts\/([^/]+)$/.exec(path);
    if (chart?.[1] !== undefined && chartOf(chart[1]) !== null) return json(200, chartOf(chart[1]));
    const [, moved, id] = /^\/api\/v1\/(trucks|packs)\/([^/]+)\/track$/.exec(path) ?? [];
    if (id !== undefined) return json(200, (moved === 'packs' ? packTrackOf : trackOf)(id, Number(searchParams.get('hours')), nowMs()));
    const actor = /^\/api\/v1\/actors\/([^/]+)$/.exec(path);
    if (actor?.[1] !== undefined) return json(200, actorOf(searchParams.get('machine') ?? '', actor[1], sceneNow().orders));
    if (path.endsWith('/transitions')) return json(200, { items: transitions() });
    if (path.endsWith('/events'))
      return json(200, {
        items: [
          { event: 'arrived', at: new Date(startMs - 300_000).toISOString() },
          { event: 'identified', at: new Date(startMs - 285_000).toISOString() },
        ],
      });
    json(404, { title: 'Not found', status: 404, code: 'NOT_FOUND', type: 'about:blank' });
  }

  function transitions(): unknown[] {
    return ['driving', 'in_bay', 'queueing', 'driving'].map((to, i, all) => ({
      at: new Date(startMs - i * 1_500_000).toISOString(),
      from: all[i + 1] ?? 'parked',
      to,
      event: ['truck.released', 'bay.entered', 'station.reached', 'trip.started'][i],
      by: i === 0 ? 'swap:BD1-7' : null,
    }));
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    money,
    settlement,
    agreements,
    charges,
    receivers,
    registrations,
    operations,
    acts,
    sockets: () => sockets.clients.size,
    cut: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
    refuseTickets: (refuse) => {
      state.refuse = refuse;
    },
    stage: (name) => {
      state.stage = name;
    },
    expireTokens: () => {
      state.expired = true;
      for (const socket of sockets.clients) socket.terminate();
    },
    close: async () => {
      clearInterval(timer);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) => server.close((error) => (error === undefined ? resolve() : reject(error))));
    },
  };
}

function tokenOf(userId: string): string {
  const user = DEMO_USERS.find(({ id }) => id === userId);
  const claims = { sub: userId, name: user?.name, roles: [user?.role], principal_id: user?.principalId };
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
}

function callerOf(request: IncomingMessage): { userId: string; principalId: string } {
  const claims = Buffer.from(request.headers.authorization?.split('.')[1] ?? '', 'base64url').toString();
  const { sub, principal_id: principalId } = JSON.parse(claims) as { sub: string; principal_id: string };
  return { userId: sub, principalId };
}

function serveFile(dist: string, path: string, response: ServerResponse): void {
  const file = join(dist, normalize(path === '/' ? '/index.html' : path));
  if (!file.startsWith(dist) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404);
    response.end();
    return;
  }
  // A built file has its content in its name: pages that a browser opens one after the other need not load and compile it each time.
  const kept = path.startsWith('/assets/') ? { 'cache-control': 'public, max-age=31536000, immutable' } : {};
  response.writeHead(200, { 'content-type': MIME[extname(file)] ?? 'application/octet-stream', ...kept });
  createReadStream(file).pipe(response);
}
