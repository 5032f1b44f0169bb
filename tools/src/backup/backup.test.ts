import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestPostgres } from '@corridor/testkit/test-postgres';
import { readBackupManifest } from '@corridor/twin/db/backup';
import { openDatabase } from '@corridor/twin/db/db';
import { migrate } from '@corridor/twin/db/migrate';
import { silentLog } from '@corridor/twin/log';
import { expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** The command as it is called, with nothing of this environment's own addresses. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number; out: string; err: string }> {
  const clean = { ...process.env, DATABASE_URL: '', DATA_DIR: '', NODE_ENV: 'test', ...env };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], { env: clean }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

const sumsOf = (dir: string) => readBackupManifest(dir).tables.map(({ name, rows, sha256 }) => ({ name, rows, sha256 }));

it('copies the database of a running start, and puts it into a data folder of its own', async () => {
  await using postgres = await startTestPostgres();
  using folder = temporaryFolder();
  const database = openDatabase({ url: postgres.url, log: silentLog(), name: 'test' });
  await migrate(database);
  await database.pool.query("insert into platform values ('PF', 'Platform', now())");
  await database.close();
  const [first, second, data] = ['first', 'second', 'data'].map((name) => join(folder.path, name)) as [string, string, string];

  // This process runs the server, so the command finds the folder in use and joins.
  expect(await run(['backup', first], { DATA_DIR: dirname(postgres.dir) })).toMatchObject({ code: 0, err: '' });
  expect(await run(['restore', first], { DATA_DIR: data })).toMatchObject({ code: 0, err: '' });
  expect(await run(['backup', second], { DATA_DIR: data })).toMatchObject({ code: 0, err: '' });
  expect(sumsOf(second)).toEqual(sumsOf(first));
  expect(sumsOf(first).find(({ name }) => name === 'platform')?.rows).toBe(1);

  const again = await run(['restore', first], { DATA_DIR: data });
  expect(again).toMatchObject({ code: 1, out: '', err: expect.stringContaining('is not empty') });
  const inUse = await run(['restore', first], { DATA_DIR: dirname(postgres.dir) });
  expect(inUse).toMatchObject({ code: 1, out: '', err: expect.stringContaining('is in use') });
});

it('says in one line what cannot be done, and leaves nothing behind', async () => {
  using folder = temporaryFolder();
  const dir = join(folder.path, 'backup');
  const nowhere = join(folder.path, 'nowhere');
  const broken = join(folder.path, 'broken');
  mkdirSync(broken);
  writeFileSync(join(broken, 'manifest.json'), '{"format":1');
  const cases: [args: string[], env: NodeJS.ProcessEnv, says: RegExp][] = [
    [['backup'], {}, /missing required argument 'dir'/],
    [['copy', dir], {}, /Allowed choices are backup, restore/],
    [['backup', dir], { DATA_DIR: nowhere }, /^There is no database in /],
    [['backup', dir], { DATABASE_URL: 'mysql://x' }, /^DATABASE_URL: does not fit/],
    [['backup', dir], { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' }, /^The database at 127\.0\.0\.1:1\/c cannot be used/],
    [['restore', dir], { DATA_DIR: nowhere }, /holds no backup/],
    [['restore', broken], { DATA_DIR: nowhere }, /holds no backup/],
  ];
  for (const [args, env, says] of cases) {
    const { code, out, err } = await run(args, env);
    expect({ args, code, out }).toEqual({ args, code: 1, out: '' });
    expect(err).toMatch(says);
    expect(err.trim().split('\n')).toHaveLength(1);
  }
  expect([dir, nowhere].filter((path) => existsSync(path))).toEqual([]);
});
