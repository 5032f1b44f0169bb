import { join } from 'node:path';
import { type NatsServer, startNatsServer } from '@corridor/twin/embedded/nats-server';
import { silentLog } from '@corridor/twin/log';
import { connectNats } from '@corridor/twin/nats/connection';
import type { Credentials } from '@corridor/twin/nats/enrolment';
import type { NatsConnection } from '@nats-io/transport-node';
import { temporaryFolder } from './temporary-folder.ts';

/** A nats-server of its own for one test, in operator mode: `await using nats = await startTestNats();` */
export type TestNats = {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  readonly keysFile: string;
  readonly credentials: NatsServer['credentials'];
  pid(): number;
  /** Connects with credentials just issued; the test closes it. */
  connect(credentials: Credentials, name?: string): Promise<NatsConnection>;
  /** As a power cut ends it; `start` brings it back on the same folder and port. */
  kill9(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function startTestNats(options: { scope?: string } = {}): Promise<TestNats> {
  const folder = temporaryFolder();
  const how = { dir: join(folder.path, 'nats'), scope: options.scope ?? 'live', log: silentLog() };
  let server: NatsServer;
  try {
    server = await startNatsServer(how);
  } catch (cause) {
    folder[Symbol.dispose]();
    throw cause;
  }
  const { url, port, dir, keysFile, credentials } = server;
  return {
    url,
    port,
    dir,
    keysFile,
    credentials,
    pid: () => server.pid,
    connect: ({ creds, inboxPrefix }, name = 'test') => connectNats({ url, creds, inboxPrefix, name }),
    kill9: () => server.kill9(),
    stop: () => server.stop(),
    async start() {
      server = await startNatsServer({ ...how, port });
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      folder[Symbol.dispose]();
    },
  };
}
