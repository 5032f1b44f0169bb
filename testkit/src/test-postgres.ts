import { createHash } from 'node:crypto';
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '@corridor/twin/db/db';
import { migrate, readMigrations } from '@corridor/twin/db/migrate';
import { cacheFolder } from '@corridor/twin/embedded/cache-folder';
import { type PostgresServer, startPostgres } from '@corridor/twin/embedded/postgres';
import { embeddedPostgresVersion } from '@corridor/twin/embedded/postgres-binaries';
import { silentLog } from '@corridor/twin/log';
import { temporaryFolder } from './temporary-folder.ts';

/** A PostgreSQL of its own for one test, gone at the end of the scope: `await using postgres = await startTestPostgres();` */
export type TestPostgres = {
  /** The application's connection; the same after a restart. */
  readonly url: string;
  readonly adminUrl: string;
  readonly port: number;
  readonly dir: string;
  pid(): number;
  /** As a power cut ends it; `start` brings it back on the same folder and port. */
  kill9(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * @param options.durable true where the test kills the server: then every commit is synced, as in the product. Default
 *   false: nothing is synced, which is fast.
 * @param options.migrated true: the tables are there, and nothing is in them. Default false: no tables
 */
export async function startTestPostgres(
  options: { durable?: boolean; flags?: readonly string[]; migrated?: boolean } = {},
): Promise<TestPostgres> {
  const template = options.migrated === true ? await migratedTemplate() : await clusterTemplate();
  const folder = temporaryFolder();
  const how = { dir: join(folder.path, 'postgres'), log: silentLog(), durable: options.durable ?? false, flags: options.flags ?? [] };
  let server: PostgresServer;
  try {
    server = await startPostgres({ ...how, copyOf: template });
  } catch (cause) {
    folder[Symbol.dispose]();
    throw cause;
  }
  const { url, adminUrl, port, dir } = server;
  return {
    url,
    adminUrl,
    port,
    dir,
    pid: () => server.pid,
    kill9: () => server.kill9(),
    stop: () => server.stop(),
    async start() {
      server = await startPostgres({ ...how, port });
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      folder[Symbol.dispose]();
    },
  };
}

/** Folder of a stopped cluster to copy. initdb takes longer than a copy of what it makes, so it is done once for all tests of an account. */
export async function clusterTemplate(): Promise<string> {
  return template(`cluster-${embeddedPostgresVersion()}-2`, async () => {});
}

/** Migrated once for all tests too: that takes longer than starting the server. */
async function migratedTemplate(): Promise<string> {
  const hash = createHash('sha256');
  for (const { checksum } of readMigrations()) hash.update(checksum);
  return template(`migrated-${embeddedPostgresVersion()}-${hash.digest('hex').slice(0, 12)}`, async ({ url }) => {
    const database = openDatabase({ url, log: silentLog(), name: 'template' });
    await migrate(database);
    await database.close();
  });
}

/** @param fill what is done once to the running cluster that others begin as copies of */
async function template(name: string, fill: (server: PostgresServer) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder('testkit'), name);
  if (!existsSync(folder)) await makeTemplate(folder, fill);
  return join(folder, 'postgres');
}

async function makeTemplate(template: string, fill: (server: PostgresServer) => Promise<void>): Promise<void> {
  using folder = temporaryFolder();
  const server = await startPostgres({ dir: join(folder.path, 'postgres'), log: silentLog(), durable: false });
  try {
    await fill(server);
  } finally {
    await server.stop();
  }
  const half = `${template}.${process.pid}`;
  cpSync(folder.path, half, { recursive: true });
  try {
    renameSync(half, template);
  } catch (cause) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(template)) throw cause; // else another test process made it meanwhile
  }
}
