import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { PortInUseError } from './server-errors.ts';

export const LOOPBACK = '127.0.0.1';

/** Registered ports below those that systems give to outgoing connections (Linux from 32768, others from 49152). */
const EMBEDDED_PORTS = '20000-31999';
const ATTEMPTS = 50;

/** Ports that `freePort` gives; `EMBEDDED_PORTS=FIRST-LAST` keeps starts apart whose servers come and go. @throws TypeError */
function portsToGive(): { first: number; end: number } {
  const text = process.env['EMBEDDED_PORTS'] ?? EMBEDDED_PORTS;
  const [first, last] = (/^(\d{4,5})-(\d{4,5})$/.exec(text)?.slice(1) ?? []).map(Number);
  if (first === undefined || last === undefined || first < 1_024 || last < first || last > 65_535)
    throw new TypeError(`EMBEDDED_PORTS=${text}: must be FIRST-LAST, from 1024 to 65535`);
  return { first, end: last + 1 };
}

/**
 * A port of the loopback interface that nobody listens on now. Not one that the system would choose by itself: it would give the
 * port of a server that is being restarted to any outgoing connection, and the server would find it in use.
 */
export async function freePort(): Promise<number> {
  const { first, end } = portsToGive();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await bindOnce(randomInt(first, end));
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
