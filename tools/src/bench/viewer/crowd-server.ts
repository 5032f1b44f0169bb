import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { buildGeometry } from '@corridor/actors/road/geometry';
import { assert } from '@corridor/protocols/assert';
import { corridorTexts } from '@corridor/twin/seed/network-files';
import { snapshotTexts } from '@corridor/twin/ws/snapshot-texts';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Crowd, FLUSH_MS } from './crowd.ts';

export interface CrowdServer extends AsyncDisposable {
  readonly url: string;
}

const MIME: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The built viewer and the few answers of a twin that a scene needs, on a free port: the viewer knows no difference. */
export async function serveCrowd(dist: string, crowd: Crowd, startMs: number): Promise<CrowdServer> {
  const geometry = JSON.stringify(buildGeometry(corridorTexts()));
  const answers: Record<string, () => string> = {
    '/api/v1/geometry': () => geometry,
    '/api/v1/tickets': () => '{"ticket":"once"}',
    '/api/v1/principals': () => '{"items":[],"nextCursor":null}',
    '/api/v1/auth/config': () => '{"issuer":"embedded","claims":{"roles":"roles","principal":"principal_id"},"demoUsers":[]}',
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://crowd');
    const answer = answers[pathname];
    if (answer !== undefined) return json(response, 200, answer());
    if (pathname.startsWith('/api/')) return json(response, 404, '{"title":"Not found","status":404,"code":"NOT_FOUND"}');
    return file(dist, pathname, request, response);
  });
  const sockets = new WebSocketServer({ server, path: '/ws' });
  const beganMs = Date.now();
  const tickNow = (): number => Math.floor((Date.now() - beganMs) / FLUSH_MS);
  let seq = 0;
  let tick = 0;
  // Made once: a page that is opened again meets the same first picture.
  const first = snapshotTexts(0, crowd.sceneAt(startMs));
  sockets.on('connection', (socket) => {
    for (const text of first) socket.send(text);
  });
  const timer = setInterval(() => {
    for (const last = tickNow(); tick <= last; tick++) {
      const text = JSON.stringify(crowd.diffAt(tick, ++seq));
      for (const socket of sockets.clients) if (isOpen(socket)) socket.send(text);
    }
  }, FLUSH_MS);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert(address !== null && typeof address === 'object', 'the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) => server.close((cause) => (cause === undefined ? resolve() : reject(cause))));
    },
  };
}

const isOpen = (socket: WebSocket): boolean => socket.readyState === socket.OPEN;

function json(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body);
}

function file(dist: string, path: string, request: IncomingMessage, response: ServerResponse): void {
  const wanted = join(dist, normalize(path === '/' ? '/index.html' : path));
  if (request.method !== 'GET' || !wanted.startsWith(dist) || !existsSync(wanted) || !statSync(wanted).isFile()) {
    response.writeHead(404);
    response.end();
    return;
  }
  response.writeHead(200, { 'content-type': MIME[extname(wanted)] ?? 'application/octet-stream' });
  createReadStream(wanted).pipe(response);
}
