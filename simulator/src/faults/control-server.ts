import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FAULT_CATALOGUE } from './fault-catalogue.ts';
import type { FaultControl, Injected } from './fault-control.ts';

const BODY_BYTES_MAX = 16_384;

/** Where the running simulator listens for faults, for its owner's eyes only. */
export type ControlFile = { url: string; token: string };

/** Loopback door to the fault control; its address and its key are in a file of the data folder (mode 0600). */
export async function startControlServer(control: FaultControl, file: string): Promise<{ stop(): Promise<void> }> {
  const token = randomBytes(24).toString('hex');
  const server: Server = createServer((request, response) => {
    void answer(control, token, request).then(({ status, body }) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const where: ControlFile = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token };
  writeFileSync(file, JSON.stringify(where), { mode: 0o600 });
  return {
    async stop() {
      rmSync(file, { force: true });
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

type Answer = { status: number; body: unknown };

async function answer(control: FaultControl, token: string, request: IncomingMessage): Promise<Answer> {
  if (!isAllowed(token, request.headers.authorization)) return { status: 401, body: { reason: 'wrong token' } };
  const [, resource, id] = (request.url ?? '').split('/');
  if (request.method === 'GET' && resource === 'catalogue') return { status: 200, body: FAULT_CATALOGUE };
  if (resource !== 'faults') return { status: 404, body: { reason: 'no such route' } };
  if (request.method === 'GET') return { status: 200, body: control.active() };
  if (request.method === 'DELETE' && id !== undefined) {
    return control.clear(id) ? { status: 200, body: {} } : { status: 404, body: { reason: `there is no fault ${id}` } };
  }
  if (request.method !== 'POST') return { status: 405, body: { reason: 'GET, POST or DELETE' } };
  const text = await bodyOf(request);
  if (text === null) return { status: 413, body: { reason: 'too large' } };
  const outcome = injectText(control, text);
  return { status: outcome.ok ? 201 : 400, body: outcome };
}

function injectText(control: FaultControl, text: string): Injected {
  let body: { fault?: unknown; durationMs?: unknown } | null;
  try {
    body = JSON.parse(text) as typeof body;
  } catch (cause) {
    return { ok: false, reason: cause instanceof Error ? cause.message : 'not JSON' };
  }
  return control.inject(body?.fault, typeof body?.durationMs === 'number' ? body.durationMs : null);
}

function isAllowed(token: string, header: string | undefined): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
