import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from './connection.ts';
import { serviceInboxPrefix } from './enrolment.ts';

/** NATS cannot be reached, or refuses us. */
export class NatsUnreachableError extends Error {
  readonly code = 'NATS_UNREACHABLE';
  constructor(url: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : 'unknown';
    super(`NATS at ${hostOf(url)} cannot be used (${reason}): check NATS_URL and NATS_CREDS and that the server runs.`, { cause });
  }
}

/** A server that is just starting is waited for, wall ms. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 500;
/** Name in the twin's credentials: its inbox is made of it. */
const SERVICE_NAME = 'twin';

/** Connects as the platform itself; once connected, stays so. @throws NatsUnreachableError */
export async function reachNats({ url, creds }: { url: string; creds: string | null }): Promise<NatsConnection> {
  const giveUpMs = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await connectNats({
        url,
        creds,
        name: SERVICE_NAME,
        inboxPrefix: serviceInboxPrefix(SERVICE_NAME),
        more: { waitOnFirstConnect: false },
      });
    } catch (cause) {
      if (performance.now() > giveUpMs || isRefusal(cause)) throw new NatsUnreachableError(url, cause);
      await sleep(PAUSE_MS);
    }
  }
}

/** Credentials that do not count will not count later; a server too busy to check them in time may be less so. */
const isRefusal = (cause: unknown): boolean =>
  cause instanceof Error && !/timeout/i.test(cause.message) && /authori[sz]ation|authentication/i.test(`${cause.name} ${cause.message}`);

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'NATS_URL';
}
