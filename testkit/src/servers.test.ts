import { existsSync } from 'node:fs';
import pg from 'pg';
import { expect, it } from 'vitest';
import { startTestNats } from './test-nats.ts';
import { startTestPostgres } from './test-postgres.ts';

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
