import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { processesIn, processIdentity } from '@corridor/twin/embedded/process-identity';
import pg from 'pg';
import { expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';
import { startTestNats } from './test-nats.ts';
import { startTestPostgres } from './test-postgres.ts';
import { until } from './until.ts';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

it('a test database keeps what was committed through kill -9', async () => {
  await using postgres = await startTestPostgres({ durable: true });
  await query(postgres.url, 'create table t as select 42 as answer');
  const pid = postgres.pid();
  await postgres.kill9();
  await postgres.start();
  expect(postgres.pid()).not.toBe(pid);
  expect(await query(postgres.url, 'select answer from t')).toEqual([{ answer: 42 }]);
});

it('two test databases know nothing of each other, and leave no folder behind', async () => {
  let dir: string;
  {
    await using one = await startTestPostgres();
    await using two = await startTestPostgres();
    dir = one.dir;
    await query(one.url, 'create table t (a int)');
    await expect(query(two.url, 'select * from t')).rejects.toThrow('does not exist');
  }
  expect(existsSync(dir)).toBe(false);
});

it('credentials count again after kill -9 of a test nats-server', async () => {
  await using nats = await startTestNats();
  const issued = await nats.credentials.issueService('twin');
  await nats.kill9();
  await nats.start();
  const connection = await nats.connect(issued);
  await connection.flush();
  await connection.close();
  expect(connection.isClosed()).toBe(true);
});

it('no server outlives the process that started it, when that is killed and can stop nothing', async () => {
  using folder = temporaryFolder();
  const script = fileURLToPath(new URL('./hold-servers.fixture.ts', import.meta.url));
  const holder = spawn(process.execPath, [script], { env: { ...process.env, TMPDIR: folder.path }, stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(holder.stdout, 'data')) as [Buffer];
  const { pids, dir } = JSON.parse(line.toString()) as { pids: number[]; dir: string };
  expect(pids.map((pid) => processIdentity(pid) !== null)).toEqual([true, true]);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const running = () => [...pids.filter((pid) => processIdentity(pid) !== null), ...processesIn(dir)];
  await until(
    'both servers have ended',
    30_000,
    async () => (running().length === 0 ? true : null),
    () => running().join(' '),
  );
  expect(running()).toEqual([]);
});
