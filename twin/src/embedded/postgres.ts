import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Log } from '../log.ts';
import { findDataDir, placeDataDir, recordPlace } from './data-place.ts';
import { assertPortFree, freePort, LOOPBACK } from './free-port.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import {
  type ClusterContext,
  type ClusterSecrets,
  clearLeftovers,
  ensureCluster,
  POSTGRES_ENV,
  readSecrets,
  SUPERUSER,
  startFailure,
} from './postgres-data-dir.ts';
import { signalProcess } from './process-identity.ts';
import { claimFolder } from './run-record.ts';
import { DataDirDamagedError, PortInUseError } from './server-errors.ts';
import { type Exit, ServerNotReadyError, type ServerProcess, startServerProcess } from './server-process.ts';
import { postgresUser } from './server-user.ts';

export type StartPostgresOptions = {
  /** Data folder of the cluster; made when absent. Its passwords and its run record are kept beside it. */
  dir: string;
  /** Default: any free one. */
  port?: number;
  log: Log;
  /** false: no fsync, for tests that lose nothing by a power cut. Default true. */
  durable?: boolean;
  /** More settings, `name=value`. */
  flags?: readonly string[];
  /** A stopped cluster to begin as a copy of, instead of initdb. */
  copyOf?: string;
};

export type PostgresServer = {
  /** Connection of the application's role to its database; holds the password. */
  readonly url: string;
  /** Connection of the superuser, for tests and maintenance. */
  readonly adminUrl: string;
  readonly port: number;
  /** Where the data really is; see `isMoved`. */
  readonly dir: string;
  /** true when the wanted folder cannot be reached by the database's account. */
  readonly isMoved: boolean;
  /** Databases of data folders that were at this path before and are gone; see `DataPlace`. */
  readonly abandoned: readonly string[];
  readonly pid: number;
  readonly exited: Promise<Exit>;
  stop(): Promise<void>;
  kill9(): Promise<void>;
};

/** Role and database of the application. */
const APPLICATION = 'corridor';

const DURABLE = [
  'fsync=on',
  'synchronous_commit=on',
  'full_page_writes=on',
  'shared_buffers=256MB',
  'max_wal_size=4GB',
  'wal_buffers=16MB',
];
const FLEETING = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'shared_buffers=64MB', 'max_wal_size=1GB'];
const ALWAYS = [
  `listen_addresses=${LOOPBACK}`,
  'unix_socket_directories=',
  'max_connections=60',
  'timezone=UTC',
  'lc_messages=C',
  'log_line_prefix=%p ',
  // A failed statement is reported to its caller; the server's log must not repeat its values.
  'log_min_error_statement=panic',
  'checkpoint_timeout=15min',
  'jit=off',
  // A page out of order costs what one in order does: without it, lookups of a few rows by key read small tables whole.
  'random_page_cost=1.1',
];

/**
 * Starts the PostgreSQL that came with `npm ci` on a folder. Copes with root, an unreachable checkout, an install
 * without scripts, and what a killed predecessor left.
 * @throws EmbeddedServerError with a code and one line that says what to do
 */
export async function startPostgres(options: StartPostgresOptions): Promise<PostgresServer> {
  const { log } = options;
  const place = placeDataDir(options.dir, postgresUser(options.dir));
  const user = postgresUser(place.dir);
  if (place.isMoved)
    log.warn({ wanted: options.dir, dir: place.dir }, `account ${user?.name} cannot reach ${options.dir}: the database is in ${place.dir}`);
  if (options.port !== undefined) await assertPortFree('PostgreSQL', options.port);
  const claim = await claimFolder({
    dir: place.dir,
    file: `${place.dir}.run.json`,
    orphanSignals: ['SIGINT', 'SIGQUIT'],
    onOrphan: (serverPid) => log.warn({ serverPid }, 'a database server that outlived a killed start is stopped first'),
  });
  try {
    const context: ClusterContext = { native: postgresBinaries(user), dir: place.dir, user, log };
    await clearLeftovers(context);
    const secrets = ensureCluster(context, {
      durable: options.durable ?? true,
      ...(options.copyOf === undefined ? {} : { copyOf: options.copyOf }),
    });
    recordPlace(options.dir, place);
    const { server, port } = await launch(context, options, claim.recordServer);
    const adminUrl = urlOf({ role: SUPERUSER, password: secrets.superuserPassword, port, database: 'postgres' });
    try {
      await ensureApplicationDatabase(adminUrl, secrets);
    } catch (cause) {
      if (!isDamage(cause)) {
        await server.stop();
        throw cause;
      }
      // In order it would wait for workers that fail again and again, and write to what is to be looked at.
      signalProcess(server.pid, 'SIGQUIT');
      await server.exited;
      throw new DataDirDamagedError({ dir: place.dir, reason: cause.message });
    }
    log.info({ port, dir: place.dir, serverPid: server.pid }, 'PostgreSQL is up');
    return {
      url: urlOf({ role: APPLICATION, password: secrets.password, port, database: APPLICATION }),
      adminUrl,
      port,
      ...place,
      pid: server.pid,
      exited: server.exited,
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

/** Whether a cluster was ever made for this folder, wherever it had to be put. */
export function holdsCluster(wantedDir: string): boolean {
  return existsSync(join(findDataDir(wantedDir), 'PG_VERSION'));
}

/** The application's connection to a server that another process runs on this folder; null: none can be told. */
export function runningPostgresUrl(wantedDir: string): string | null {
  const dir = findDataDir(wantedDir);
  const secrets = readSecrets(dir);
  const lockFile = join(dir, 'postmaster.pid');
  if (secrets === null || !existsSync(lockFile)) return null;
  // Fourth line of the server's own lock file.
  const port = Number(readFileSync(lockFile, 'utf8').split('\n')[3]);
  if (!(port > 0)) return null;
  return urlOf({ role: APPLICATION, password: secrets.password, port, database: APPLICATION });
}

function urlOf(at: { role: string; password: string; port: number; database: string }): string {
  return `postgres://${at.role}:${encodeURIComponent(at.password)}@${LOOPBACK}:${at.port}/${at.database}`;
}

async function launch(
  context: ClusterContext,
  options: StartPostgresOptions,
  onSpawn: (pid: number) => void,
): Promise<{ server: ServerProcess; port: number }> {
  const attemptsMax = options.port === undefined ? 5 : 1;
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    try {
      return { server: await launchOnce(context, options, port, onSpawn), port };
    } catch (cause) {
      if (!(cause instanceof ServerNotReadyError)) throw cause;
      const isTaken = cause.output.some((line) => line.includes('Address already in use'));
      // Another process took the port between our look and the server's bind.
      if (isTaken && attempt < attemptsMax) continue;
      if (isTaken) throw new PortInUseError({ server: 'PostgreSQL', port });
      throw startFailure(context.dir, cause.output);
    }
  }
}

function launchOnce(
  context: ClusterContext,
  options: StartPostgresOptions,
  port: number,
  onSpawn: (pid: number) => void,
): Promise<ServerProcess> {
  const settings = [...ALWAYS, ...((options.durable ?? true) ? DURABLE : FLEETING), ...(options.flags ?? [])];
  return startServerProcess({
    name: 'PostgreSQL',
    command: join(context.native, 'bin', 'postgres'),
    args: ['-D', context.dir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    ...(context.user === null ? {} : { uid: context.user.uid, gid: context.user.gid }),
    env: POSTGRES_ENV,
    readyLine: /database system is ready to accept connections/,
    readyWithinMs: 300_000, // recovery after a power cut reads all of the log since the last checkpoint
    onLine: (line) => logLine(context.log, line),
    onSpawn,
    stopSignals: [
      { signal: 'SIGINT', waitMs: 20_000 },
      { signal: 'SIGQUIT', waitMs: 5_000 },
    ],
  });
}

/** Errors of single statements are their callers' business: only what concerns the server is raised to a warning. */
function logLine(log: Log, line: string): void {
  if (line.includes('PANIC:')) log.error({ server: 'postgres' }, line);
  else log.debug({ server: 'postgres' }, line);
}

/** What a server says that started and then finds files of its own missing or cut: internal errors, I/O errors. */
const isDamage = (cause: unknown): cause is pg.DatabaseError => cause instanceof pg.DatabaseError && /^(XX|58)/.test(cause.code ?? '');

async function ensureApplicationDatabase(adminUrl: string, secrets: ClusterSecrets): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows: roles } = await client.query('select 1 from pg_roles where rolname = $1', [APPLICATION]);
    const verb = roles.length === 0 ? 'create' : 'alter';
    const password = client.escapeLiteral(secrets.password);
    await client.query(`${verb} role ${APPLICATION} login createrole password ${password}`);
    const { rows: databases } = await client.query('select 1 from pg_database where datname = $1', [APPLICATION]);
    if (databases.length === 0) await client.query(`create database ${APPLICATION} owner ${APPLICATION}`);
  } finally {
    await client.end();
  }
}
