import { accessSync, constants, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Log } from '../log.ts';
import { pushAccount } from '../nats/account-push.ts';
import { type Credentials, issueGateway, issueService, type ServiceRole, withRevocation } from '../nats/enrolment.ts';
import { createOperatorKeys, type OperatorKeys, readOperatorKeys, writeOperatorKeys } from '../nats/operator-keys.ts';
import { natsServerConfig } from '../nats/server-config.ts';
import { assertPortFree, freePort, LOOPBACK } from './free-port.ts';
import { makeFolder } from './make-folder.ts';
import { findNatsServer } from './nats-binary.ts';
import { claimFolder } from './run-record.ts';
import { DataDirNotUsableError, NatsStartError, PortInUseError } from './server-errors.ts';
import { type Exit, ServerNotReadyError, type ServerProcess, startServerProcess } from './server-process.ts';

export type StartNatsOptions = {
  /** Folder of keys, configuration, accounts and streams; made when absent. */
  dir: string;
  scope: string;
  /** Default: any free one. */
  port?: number;
  log: Log;
};

export type NatsServer = {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  readonly pid: number;
  /** File of the operator's keys (mode 0600): what a twin needs to enrol gateways by itself. */
  readonly keysFile: string;
  readonly exited: Promise<Exit>;
  readonly credentials: {
    issueStation(id: string): Promise<Credentials>;
    issueTruck(id: string): Promise<Credentials>;
    issueService(name: string, role?: ServiceRole): Promise<Credentials>;
    /** Cuts off a user, also one that is connected. `publicKey` as issued. */
    revoke(publicKey: string): Promise<void>;
  };
  stop(): Promise<void>;
  kill9(): Promise<void>;
};

/**
 * Starts a nats-server with JetStream in operator mode on a folder. Its keys are made once and kept.
 * @throws EmbeddedServerError with a code and one line that says what to do
 */
export async function startNatsServer(options: StartNatsOptions): Promise<NatsServer> {
  const { log, scope } = options;
  const dir = resolve(options.dir);
  const program = await findNatsServer({ env: process.env, log });
  makeFolders(dir);
  if (options.port !== undefined) await assertPortFree('NATS', options.port);
  const claim = await claimFolder({
    dir,
    file: join(dir, 'run.json'),
    orphanSignals: ['SIGTERM', 'SIGKILL'],
    onOrphan: (serverPid) => log.warn({ serverPid }, 'a nats-server that outlived a killed start is stopped first'),
  });
  try {
    const keysFile = join(dir, 'keys.json');
    const keys = readOperatorKeys(keysFile) ?? createOperatorKeys();
    writeOperatorKeys(keysFile, keys);
    const { server, port } = await launch({ program, dir, keys, log, scope, port: options.port, onSpawn: claim.recordServer });
    const url = `nats://${LOOPBACK}:${port}`;
    log.info({ port, dir, serverPid: server.pid }, 'nats-server is up');
    return {
      url,
      port,
      dir,
      pid: server.pid,
      keysFile,
      exited: server.exited,
      credentials: credentialsOf({ url, scope, keysFile }),
      async stop() {
        await server.stop();
        claim.release();
      },
      kill9: () => server.kill9(),
    };
  } catch (cause) {
    claim.release();
    throw cause;
  }
}

function makeFolders(dir: string): void {
  try {
    for (const folder of [dir, join(dir, 'accounts')]) makeFolder(folder, 0o700);
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new DataDirNotUsableError({ dir, reason: cause instanceof Error ? cause.message : 'cannot be made', cause });
  }
}

function credentialsOf(at: { url: string; scope: string; keysFile: string }): NatsServer['credentials'] {
  // The file is read each time: a twin that enrols by itself writes revocations there too.
  const keys = (): OperatorKeys => {
    const read = readOperatorKeys(at.keysFile);
    if (read === null) throw new NatsStartError({ reason: `${at.keysFile} has gone` });
    return read;
  };
  return {
    issueStation: (id) => issueGateway(keys(), 'station', id),
    issueTruck: (id) => issueGateway(keys(), 'truck', id),
    issueService: (name, role = 'twin') => issueService(keys(), { scope: at.scope, name, role }),
    async revoke(publicKey) {
      const revoked = withRevocation(keys(), publicKey, Date.now());
      writeOperatorKeys(at.keysFile, revoked);
      await pushAccount({ url: at.url, keys: revoked, scope: at.scope });
    },
  };
}

type Launch = {
  program: string;
  dir: string;
  keys: OperatorKeys;
  log: Log;
  scope: string;
  port: number | undefined;
  onSpawn: (pid: number) => void;
};

async function launch(options: Launch): Promise<{ server: ServerProcess; port: number }> {
  const attemptsMax = options.port === undefined ? 5 : 1;
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    try {
      return { server: await launchOnce(options, port), port };
    } catch (cause) {
      if (!(cause instanceof ServerNotReadyError)) throw cause;
      const isTaken = cause.output.some((line) => line.includes('address already in use'));
      // Another process took the port between our look and the server's bind.
      if (isTaken && attempt < attemptsMax) continue;
      if (isTaken) throw new PortInUseError({ server: 'NATS', port });
      const reason = cause.output.find((line) => /\[FTL\]|\[ERR\]/.test(line)) ?? cause.message;
      throw new NatsStartError({ reason: reason.replace(/^\[\d+\]\s*\[\w+\]\s*/, ''), cause });
    }
  }
}

async function launchOnce(options: Launch, port: number): Promise<ServerProcess> {
  const { dir, keys, scope } = options;
  const configFile = join(dir, 'server.conf');
  const config = await natsServerConfig({
    keys,
    scope,
    host: LOOPBACK,
    port,
    storeDir: join(dir, 'jetstream'),
    resolverDir: join(dir, 'accounts'),
  });
  writeFileSync(configFile, config, { mode: 0o600 });
  return startServerProcess({
    name: 'nats-server',
    command: options.program,
    args: ['-c', configFile],
    env: { PATH: process.env['PATH'], HOME: dir },
    readyLine: /Server is ready/,
    readyWithinMs: 120_000, // streams are checked after a kill
    onLine: (line) => options.log.debug({ server: 'nats' }, line),
    onSpawn: options.onSpawn,
    stopSignals: [{ signal: 'SIGTERM', waitMs: 15_000 }],
  });
}
