import { once } from 'node:events';
import { createReadStream, type ReadStream, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import Fastify from 'fastify';
import { afterAll, expect, it } from 'vitest';
import { type SendLimits, sendFile } from './send-file.ts';

/** More than two sockets hold between them. */
const BYTES = 32 * 1024 * 1024;
const LONG_MS = 600_000;
const folder = temporaryFolder();
const path = join(folder.path, 'large');
writeFileSync(path, '');
truncateSync(path, BYTES);
const small = join(folder.path, 'small');
writeFileSync(small, 'x'.repeat(1_000_000));
afterAll(() => folder[Symbol.dispose]());

async function serverOf(limits: SendLimits, of = path) {
  const app = Fastify();
  const sent = Promise.withResolvers<ReadStream>();
  app.get('/', async (_, reply) => {
    const file = createReadStream(of);
    sent.resolve(file);
    return sendFile(reply, file, limits);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, sent: sent.promise, [Symbol.asyncDispose]: async () => app.close() };
}

it.each([
  ['takes nothing', { stalledMsMax: 100, sendMsMax: LONG_MS }],
  ['takes too long in all', { stalledMsMax: LONG_MS, sendMsMax: 100 }],
])('leaves a client that %s, and closes the file', async (_, limits) => {
  await using server = await serverOf(limits);
  const client = connect(server.port, '127.0.0.1').on('error', () => undefined);
  try {
    client.pause();
    client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    const file = await server.sent;
    if (!file.closed) await once(file, 'close');
    expect(file.bytesRead).toBeLessThan(BYTES);
  } finally {
    client.destroy();
  }
});

it('sends it whole to one that reads', async () => {
  await using server = await serverOf({ stalledMsMax: LONG_MS, sendMsMax: LONG_MS }, small);
  const answer = await fetch(`http://127.0.0.1:${server.port}/`);
  expect((await answer.text()).length).toBe(1_000_000);
});
