import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { clusterTemplate } from '@corridor/testkit/test-postgres';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { findDataDir } from './data-place.ts';
import { holdsCluster, type PostgresServer, startPostgres } from './postgres.ts';

const log = silentLog();
const isRoot = process.getuid?.() === 0;

/** A folder that the account of the database cannot enter, as a checkout under a home of mode 0700. */
function closedFolder() {
  const folder = temporaryFolder();
  chmodSync(folder.path, 0o700);
  const moved: string[] = [];
  return {
    path: folder.path,
    /** Starts on `dir`, runs a statement as the application, stops. */
    async run(dir: string, sql: string): Promise<{ server: PostgresServer; rows: unknown[] }> {
      const server = await startPostgres({ dir, log, durable: false, copyOf: await clusterTemplate() });
      moved.push(dirname(server.dir));
      const client = new pg.Client({ connectionString: server.url });
      try {
        await client.connect();
        return { server, rows: (await client.query<Record<string, unknown>>(sql)).rows };
      } finally {
        await client.end();
        await server.stop();
      }
    },
    [Symbol.dispose]() {
      for (const path of moved) rmSync(path, { recursive: true, force: true });
      folder[Symbol.dispose]();
    },
  };
}

describe.runIf(isRoot)('data that the account of the database cannot reach', () => {
  it('is kept elsewhere, and found again by each start', async () => {
    using folder = closedFolder();
    const dir = join(folder.path, 'data', 'postgres');
    expect(holdsCluster(dir)).toBe(false);
    const first = await folder.run(dir, 'create table kept as select 1 as n');
    const second = await folder.run(dir, 'select n from kept');
    expect(second.rows).toEqual([{ n: 1 }]);
    expect([first.server.isMoved, second.server.isMoved, second.server.dir]).toEqual([true, true, first.server.dir]);
    expect([holdsCluster(dir), findDataDir(dir)]).toEqual([true, first.server.dir]);
    expect(statSync(first.server.dir).uid).not.toBe(0);
    expect(readFileSync(`${first.server.dir}.secrets.json`, 'utf8')).toContain('password');
  });

  it('is not what a new data folder at the same path begins with, and is named and left', async () => {
    using folder = closedFolder();
    const data = join(folder.path, 'data');
    const dir = join(data, 'postgres');
    const first = await folder.run(dir, 'create table kept as select 1 as n');
    renameSync(data, join(folder.path, 'aside'));
    const second = await folder.run(dir, "select to_regclass('kept') as kept");
    expect(second.rows).toEqual([{ kept: null }]);
    expect(second.server.dir).not.toBe(first.server.dir);
    expect([first.server.abandoned, second.server.abandoned]).toEqual([[], [first.server.dir]]);
    rmSync(data, { recursive: true });
    renameSync(join(folder.path, 'aside'), data);
    expect((await folder.run(dir, 'select n from kept')).rows).toEqual([{ n: 1 }]);
  });

  it('follows a data folder that is moved, but not a copy of it', async () => {
    using folder = closedFolder();
    const [here, there, copy] = ['here', 'there', 'copy'].map((name) => join(folder.path, name)) as [string, string, string];
    await folder.run(join(here, 'postgres'), 'create table kept as select 1 as n');
    renameSync(here, there);
    expect((await folder.run(join(there, 'postgres'), 'select n from kept')).rows).toEqual([{ n: 1 }]);
    cpSync(there, copy, { recursive: true });
    await expect(folder.run(join(copy, 'postgres'), 'select 1')).rejects.toMatchObject({
      code: 'DATA_DIR_NOT_USABLE',
      message: expect.stringContaining(`it is a copy of ${join(there, 'postgres')}`),
    });
  });

  it('is not begun anew when it was lost, or when its name cannot be read', async () => {
    using folder = closedFolder();
    const dir = join(folder.path, 'data', 'postgres');
    const { server } = await folder.run(dir, 'select 1');
    rmSync(server.dir, { recursive: true });
    const refused = { code: 'DATA_DIR_NOT_USABLE', message: expect.stringMatching(/^[^\n]+: start with another DATA_DIR\.$/) };
    await expect(folder.run(dir, 'select 1')).rejects.toMatchObject(refused);
    expect(existsSync(server.dir)).toBe(false);
    writeFileSync(`${dir}.place.json`, '{"dir":');
    await expect(folder.run(dir, 'select 1')).rejects.toMatchObject(refused);
  });

  it('is not begun elsewhere while a database is in the wanted folder itself', async () => {
    using folder = closedFolder();
    const dir = join(folder.path, 'data', 'postgres');
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'PG_VERSION'), '18\n');
    await expect(folder.run(dir, 'select 1')).rejects.toMatchObject({
      code: 'DATA_DIR_NOT_USABLE',
      message: expect.stringContaining('cannot reach the one in it any more'),
    });
  });
});
