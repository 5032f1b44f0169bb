import {
  AuthorizationError,
  connect,
  credsAuthenticator,
  type NatsConnection,
  UserAuthenticationExpiredError,
} from '@nats-io/transport-node';
import type { Logger } from 'pino';
import type { Credentials } from './credentials.ts';

export type LinkState = 'CONNECTING' | 'UP' | 'DOWN' | 'REFUSED' | 'STOPPED';

/** Waits between attempts [wall ms]; refused credentials are tried less often: they get right only by a person. */
const RETRY_MS = 1_000;
const RETRY_REFUSED_MS = 30_000;

export type ConnectionHooks = {
  /** A new connection is there, subscriptions included in `open` survive its reconnects. */
  opened(connection: NatsConnection): void;
  stateChanged(state: LinkState, detail: string | null): void;
};

export type ConnectionOptions = { servers: string | string[]; credentials: Credentials; stationId: string; log: Logger };

/** Keeps one connection to NATS for ever: through restarts of the server, revoked and renewed credentials. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #hooks: ConnectionHooks;
  readonly #wake = new AbortController();
  #state: LinkState = 'CONNECTING';
  #current: NatsConnection | null = null;
  #running: Promise<void> | null = null;

  constructor(options: ConnectionOptions, hooks: ConnectionHooks) {
    this.#options = options;
    this.#hooks = hooks;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** The connection when it is up. */
  get up(): NatsConnection | null {
    return this.#state === 'UP' ? this.#current : null;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#set('STOPPED', null);
    this.#wake.abort();
    await this.#current?.close();
    await this.#running;
  }

  #set(state: LinkState, detail: string | null): void {
    if (this.#state === state || this.#state === 'STOPPED') return;
    this.#state = state;
    this.#hooks.stateChanged(state, detail);
  }

  async #run(): Promise<void> {
    const { servers, credentials, stationId } = this.#options;
    while (this.#state !== 'STOPPED') {
      try {
        const connection = await connect({
          servers,
          authenticator: credsAuthenticator(new TextEncoder().encode(credentials.text)),
          inboxPrefix: `_INBOX.${stationId}`,
          name: `gateway ${stationId}`,
          maxReconnectAttempts: -1,
          reconnectTimeWait: RETRY_MS,
          pingInterval: 10_000,
          maxPingOut: 2,
          timeout: 5_000,
        });
        await this.#live(connection);
      } catch (cause) {
        this.#failed(cause);
      }
      await this.#pause(this.#state === 'REFUSED' ? RETRY_REFUSED_MS : RETRY_MS);
    }
  }

  /** Until the connection is closed for good: by us, or by the client after a repeated refusal. */
  async #live(connection: NatsConnection): Promise<void> {
    if (this.#isStopped()) {
      await connection.close();
      return;
    }
    this.#current = connection;
    this.#hooks.opened(connection);
    this.#set('UP', connection.getServer());
    const watching = this.#watch(connection);
    const reason = await connection.closed();
    await watching;
    this.#current = null;
    if (reason instanceof Error) this.#failed(reason);
    else this.#set('DOWN', 'connection closed');
  }

  #isStopped(): boolean {
    return this.#state === 'STOPPED';
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') this.#set('DOWN', 'server unreachable');
      else if (status.type === 'reconnect') this.#set('UP', status.server);
      else if (status.type === 'error') this.#options.log.warn({ err: status.error.message }, 'nats refused something');
    }
  }

  #failed(cause: unknown): void {
    const refused = isRefusal(cause);
    this.#set(refused ? 'REFUSED' : 'DOWN', cause instanceof Error ? cause.message : String(cause));
  }

  async #pause(ms: number): Promise<void> {
    if (this.#wake.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake.signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    clearTimeout(timer);
  }
}

/**
 * The server is there and does not want us. One that is too busy to check us in time says `Authentication Timeout` by the same
 * error: that is an outage, tried again soon.
 */
export function isRefusal(cause: unknown): boolean {
  if (cause instanceof Error && /authentication timeout/i.test(cause.message)) return false;
  if (cause instanceof AuthorizationError || cause instanceof UserAuthenticationExpiredError) return true;
  return cause instanceof Error && cause.cause !== undefined && cause.cause !== cause && isRefusal(cause.cause);
}
