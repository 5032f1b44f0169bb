import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { clusterTemplate } from '@corridor/testkit/test-postgres';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { LOOPBACK } from './free-port.ts';
import { startPostgres } from './postgres.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { ensureCluster } from './postgres-data-dir.ts';
import { processesIn, processIdentity, waitUntil } from './process-identity.ts';
import { postgresUser } from './server-user.ts';

const log = silentLog();

async function ask(server: { url: string }, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A cluster in a folder of its own that no server runs on. */
async function stoppedCluster(): Promise<{ dir: string; [Symbol.dispose](): void }> {
  const folder = temporaryFolder();
  const dir = join(folder.path, 'postgres');
  const user = postgresUser(dir);
  ensureCluster({ native: postgresBinaries(user), dir, user, log }, { durable: false, copyOf: await clusterTemplate() });
  return { dir, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

/** A process that starts a server on `dir` and stays: says its pid and the server's, one line of JSON. */
async function startInAnotherProcess(dir: string): Promise<{ pid: number; serverPid: number; kill9(): Promise<void> }> {
  const script = fileURLToPath(new URL('./hold-postgres.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<void>();
  child.stdout.on('data', (bytes: Buffer) => line.resolve(bytes.toString()));
  child.once('exit', (code) => {
    ended.resolve();
    line.reject(new Error(`ended with ${code}`));
  });
  const { serverPid } = JSON.parse(await line.promise) as { serverPid: number };
  return {
    pid: child.pid ?? 0,
    serverPid,
    async kill9() {
      child.kill('SIGKILL');
      await ended.promise;
    },
  };
}

function cutTables(dir: string): void {
  for (const entry of readdirSync(join(dir, 'base'), { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /^\d+$/.test(entry.name)) truncateSync(join(entry.parentPath, entry.name), 10);
  }
}

describe('startPostgres', () => {
  it('makes a cluster with initdb, keeps its data over a stop, and leaves no process or lock', async () => {
    using folder = temporaryFolder();
    const dir = join(folder.path, 'postgres');
    const first = await startPostgres({ dir, log, durable: false });
    await ask(first, "create table t as select 'Ünïcode 电池' as text");
    expect(statSync(`${dir}.secrets.json`).mode & 0o777).toBe(0o600);
    await first.stop();
    expect(processIdentity(first.pid)).toBeNull();
    expect([existsSync(`${dir}.run.json`), existsSync(join(dir, 'postmaster.pid'))]).toEqual([false, false]);
    const second = await startPostgres({ dir, log, durable: false });
    expect(await ask(second, 'select text from t')).toEqual([{ text: 'Ünïcode 电池' }]);
    expect(await ask(second, 'select rolsuper from pg_roles where rolname = current_user')).toEqual([{ rolsuper: false }]);
    await second.stop();
  });

  it('stops the server that a killed start left behind, and goes on with its data', async () => {
    using cluster = await stoppedCluster();
    const killed = await startInAnotherProcess(cluster.dir);
    await killed.kill9();
    expect(processIdentity(killed.serverPid)).not.toBeNull();
    const server = await startPostgres({ dir: cluster.dir, log });
    expect(processIdentity(killed.serverPid)).toBeNull();
    expect(await ask(server, 'select 7 as n')).toEqual([{ n: 7 }]);
    await server.stop();
  });

  it('refuses a folder on which somebody else runs a server, and leaves that one alone', async () => {
    using cluster = await stoppedCluster();
    const holder = await startInAnotherProcess(cluster.dir);
    try {
      await expect(startPostgres({ dir: cluster.dir, log })).rejects.toMatchObject({
        code: 'DATA_DIR_IN_USE',
        message: expect.stringContaining(String(holder.pid)),
      });
      expect(processIdentity(holder.serverPid)).not.toBeNull();
    } finally {
      await holder.kill9();
      process.kill(holder.serverPid, 'SIGQUIT');
      await waitUntil(() => processesIn(cluster.dir).length === 0, 10_000);
    }
  });

  it('removes a lock file whose pid belongs to another process now', async () => {
    using cluster = await stoppedCluster();
    writeFileSync(join(cluster.dir, 'postmaster.pid'), `${process.ppid}\n${cluster.dir}\n1\n5432\n\n127.0.0.1\n`);
    const server = await startPostgres({ dir: cluster.dir, log });
    expect(await ask(server, 'select 7 as n')).toEqual([{ n: 7 }]);
    await server.stop();
  });

  it('sets new passwords when their file was lost', async () => {
    using cluster = await stoppedCluster();
    rmSync(`${cluster.dir}.secrets.json`);
    const server = await startPostgres({ dir: cluster.dir, log });
    expect(await ask(server, 'select 7 as n')).toEqual([{ n: 7 }]);
    await server.stop();
  });

  it('says which port is in use', async () => {
    using cluster = await stoppedCluster();
    const blocker = createServer();
    const listening = Promise.withResolvers<void>();
    blocker.listen(0, LOOPBACK, () => listening.resolve());
    await listening.promise;
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      await expect(startPostgres({ dir: cluster.dir, port, log })).rejects.toMatchObject({ code: 'PORT_IN_USE', port });
    } finally {
      blocker.close();
    }
  });

  it.each([
    ['its version file gone', (dir: string) => rmSync(join(dir, 'PG_VERSION'))],
    ['a version file of noise', (dir: string) => writeFileSync(join(dir, 'PG_VERSION'), Buffer.from([0, 7, 0x1b, 0x9b, 10, 255]))],
    ['its control file gone', (dir: string) => rmSync(join(dir, 'global', 'pg_control'))],
    ['its control file cut', (dir: string) => truncateSync(join(dir, 'global', 'pg_control'), 100)],
    ['its tables cut', cutTables],
    ['its log gone', (dir: string) => rmSync(join(dir, 'pg_wal'), { recursive: true })],
    ['its settings gone', (dir: string) => rmSync(join(dir, 'postgresql.conf'))],
  ])('says in one line that a folder with %s is damaged, and changes nothing there', async (_what, damage) => {
    using cluster = await stoppedCluster();
    damage(cluster.dir);
    const failed = startPostgres({ dir: cluster.dir, log });
    await expect(failed).rejects.toMatchObject({
      code: 'DATA_DIR_DAMAGED',
      message: expect.stringMatching(/^The database in \S+ is damaged \([ -~]+\): restore [ -~]+$/),
    });
    expect(existsSync(`${cluster.dir}.run.json`)).toBe(false);
    expect(processesIn(cluster.dir)).toEqual([]);
  });

  it('refuses a cluster of another version', async () => {
    using cluster = await stoppedCluster();
    writeFileSync(join(cluster.dir, 'PG_VERSION'), '15\n');
    await expect(startPostgres({ dir: cluster.dir, log })).rejects.toMatchObject({
      code: 'DATA_DIR_NOT_USABLE',
      message: expect.stringContaining('PostgreSQL 15'),
    });
  });

  it('says so when a file is in the way of the folder', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'data'), '');
    for (const dir of [join(folder.path, 'data'), join(folder.path, 'data', 'postgres')]) {
      await expect(startPostgres({ dir, log })).rejects.toMatchObject({ code: 'DATA_DIR_NOT_USABLE' });
    }
  });

  it.runIf(process.platform === 'linux')('says so where no folder can be made', async () => {
    for (const dir of ['/proc/nowhere/data/postgres', '/sys/nowhere/postgres'])
      await expect(startPostgres({ dir, log })).rejects.toMatchObject({ code: 'DATA_DIR_NOT_USABLE' });
  });

  it('does not take an initdb that was killed for a cluster', async () => {
    using folder = temporaryFolder();
    const dir = join(folder.path, 'postgres');
    const half = `${dir}.making-1`;
    execFileSync('mkdir', ['-p', half]);
    writeFileSync(join(half, 'PG_VERSION'), '18\n');
    const server = await startPostgres({ dir, log, durable: false, copyOf: await clusterTemplate() });
    expect(existsSync(half)).toBe(false);
    await server.stop();
  });
});
