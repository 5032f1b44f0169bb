import { createServer } from 'node:net';
import { PortInUseError } from './server-errors.ts';

export const LOOPBACK = '127.0.0.1';

/** A port of the loopback interface that nobody listens on now. */
export async function freePort(): Promise<number> {
  return bindOnce(0);
}

/** @throws PortInUseError when something listens on `port` */
export async function assertPortFree(server: string, port: number): Promise<void> {
  try {
    await bindOnce(port);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'EADDRINUSE' || cause.code === 'EACCES')) {
      throw new PortInUseError({ server, port });
    }
    throw cause;
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
