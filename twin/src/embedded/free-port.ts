import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { PortInUseError } from './server-errors.ts';

export const LOOPBACK = '127.0.0.1';

/** Registered ports below those that systems give to outgoing connections (Linux from 32768, others from 49152). */
const PORT_MIN = 20_000;
const PORT_END = 32_000;
const ATTEMPTS = 50;

/**
 * A port of the loopback interface that nobody listens on now. Not one that the system would choose by itself: it would give the
 * port of a server that is being restarted to any outgoing connection, and the server would find it in use.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await bindOnce(randomInt(PORT_MIN, PORT_END));
    } catch (cause) {
      if (!isTaken(cause)) throw cause;
    }
  }
  return bindOnce(0);
}

const isTaken = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && (cause.code === 'EADDRINUSE' || cause.code === 'EACCES');

/** @throws PortInUseError when something listens on `port` */
export async function assertPortFree(server: string, port: number): Promise<void> {
  try {
    await bindOnce(port);
  } catch (cause) {
    throw isTaken(cause) ? new PortInUseError({ server, port }) : cause;
  }
}

function bindOnce(port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const probe = createServer();
  probe.once('error', reject);
  probe.listen({ host: LOOPBACK, port, exclusive: true }, () => {
    const address = probe.address();
    const bound = typeof address === 'object' && address !== null ? address.port : port;
    probe.close(() => resolve(bound));
  });
  return promise;
}
