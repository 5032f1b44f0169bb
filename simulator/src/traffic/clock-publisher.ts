import type { ClockTick } from '@corridor/protocols/cmd/command';
import { subject } from '@corridor/protocols/subject';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import type { DrivenClock } from '../clock/driven-clock.ts';

const TICK_WALL_MS = 1_000;

export type ClockPublisher = { stop(): Promise<void> };

/** Tells the scope's clock every wall second, as whoever drives a scope must. */
export async function publishClock({
  natsUrl,
  creds,
  scope,
  clock,
  log,
}: {
  natsUrl: string;
  creds: string;
  scope: string;
  clock: DrivenClock;
  log: Logger;
}): Promise<ClockPublisher> {
  const connection: NatsConnection = await connect({
    servers: natsUrl,
    name: 'scope-clock',
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    waitOnFirstConnect: true,
    // A slow handshake on a busy machine is an authorisation error too; the clock must not stop for it.
    ignoreAuthErrorAbort: true,
    authenticator: credsAuthenticator(new TextEncoder().encode(creds)),
  });
  const tick = (): void => {
    if (connection.isClosed()) return;
    const message: ClockTick = { scopeAt: new Date(clock.nowMs()).toISOString(), wallAt: new Date().toISOString(), factor: clock.factor() };
    connection.publish(subject.clock(scope), JSON.stringify(message));
  };
  tick();
  const interval = setInterval(tick, TICK_WALL_MS);
  void watch(connection, log);
  return {
    async stop() {
      clearInterval(interval);
      tick();
      await connection.drain();
    },
  };
}

async function watch(connection: NatsConnection, log: Logger): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'error') log.error({ reason: status.error.message }, 'the clock of the scope is not published');
  }
}
