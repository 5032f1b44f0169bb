import { startTestPostgres } from '@corridor/testkit/test-postgres';
import { expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { inTransaction, openDatabase } from './db.ts';

it('a database that is killed in the middle of a transaction fails that transaction, and nothing else', async () => {
  await using postgres = await startTestPostgres({ durable: true });
  const database = openDatabase({ url: postgres.url, log: silentLog(), name: 'test' });
  const begun = Promise.withResolvers<void>();
  const work = inTransaction(database, async (client) => {
    await client.query('create table kept (a int)');
    begun.resolve();
    await client.query('select pg_sleep(600)');
  });
  const outcome = expect(work).rejects.toThrow();
  await begun.promise;
  await postgres.kill9();
  await outcome;

  await postgres.start();
  await inTransaction(database, async (client) => client.query('create table kept (a int)'));
  expect((await database.pool.query('select * from kept')).rows).toEqual([]);
  await database.close();
});
