import { createReadStream, existsSync, statSync } from 'node:fs';
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Duplex } from 'node:stream';

const MIME: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/**
 * What stands in front of a twin: it has the files of the page, and hands all else on, so that the page stays while the twin is away.
 * @param options.dist folder of the built page @param options.twinUrl of a twin that may come and go
 */
export async function startProxy({ dist, twinUrl }: { dist: string; twinUrl: string }): Promise<AsyncDisposable & { url: string }> {
  const { hostname, port } = new URL(twinUrl);
  const lines = new Set<Socket>();
  const server = createServer((request, response) => {
    if (!serveFile(dist, request, response)) handOn(request, response, { hostname, port });
  });
  server.on('upgrade', (request, near: Duplex, head) => {
    const far = connect(Number(port), hostname, () => {
      const headers = request.rawHeaders.reduce((text, part, index) => text + part + (index % 2 === 0 ? ': ' : '\r\n'), '');
      far.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers}\r\n`);
      far.write(head);
      far.pipe(near);
      near.pipe(far);
    });
    lines.add(far);
    far.on('error', () => near.destroy());
    far.on('close', () => {
      lines.delete(far);
      near.destroy();
    });
    near.on('error', () => far.destroy());
    near.on('close', () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      for (const line of lines) line.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) => server.close((error) => (error === undefined ? resolve() : reject(error))));
    },
  };
}

/** @returns whether it is a file of the page */
function serveFile(dist: string, { url = '/' }: IncomingMessage, response: ServerResponse): boolean {
  const { pathname } = new URL(url, 'http://proxy');
  const file = join(dist, normalize(pathname === '/' ? '/index.html' : pathname));
  if (!file.startsWith(dist) || !existsSync(file) || !statSync(file).isFile()) return false;
  response.writeHead(200, { 'content-type': MIME[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
  return true;
}

function handOn(request: IncomingMessage, response: ServerResponse, to: { hostname: string; port: string }): void {
  const { method, url, headers } = request;
  const onward = ask({ ...to, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => {
    if (!response.headersSent) response.writeHead(502);
    response.end();
  });
  request.pipe(onward);
}
