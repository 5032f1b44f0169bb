import { type ConnectionOptions, connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';

/**
 * Connects and stays connected: waits for a server that is not there yet, and comes back whenever it was away.
 * @throws AuthorizationError of the client when the credentials do not count
 */
export async function connectNats(options: {
  url: string;
  /** Text of a creds file; null for a server without authentication. */
  creds: string | null;
  name: string;
  /** Must match the credentials: `_INBOX.<id>` of a gateway, `_SVC.<name>` of a service. */
  inboxPrefix: string;
  more?: Partial<ConnectionOptions>;
}): Promise<NatsConnection> {
  return connect({
    servers: options.url,
    name: options.name,
    inboxPrefix: options.inboxPrefix,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 100,
    waitOnFirstConnect: true,
    ...(options.creds === null ? {} : { authenticator: credsAuthenticator(new TextEncoder().encode(options.creds)) }),
    ...options.more,
  });
}
