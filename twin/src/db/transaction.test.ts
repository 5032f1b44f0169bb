import { startTestDatabase } from '@corridor/testkit/test-database';
import { describe, expect, it } from 'vitest';
import { freePort } from '../embedded/free-port.ts';
import { silentLog } from '../log.ts';
import { assertDatabaseUsable, inTransaction, openDatabase } from './db.ts';

describe('inTransaction', () => {
  it('keeps all of its work or nothing', async () => {
    await using test = await startTestDatabase();
    const insert = "insert into platform values ('PF', 'Platform', now())";
    const failed = inTransaction(test.database, async (client) => {
      await client.query(insert);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await inTransaction(test.database, async (client) => (await client.query(insert)).rowCount)).toBe(1);
    await expect(inTransaction(test.database, (client) => client.query(insert))).rejects.toMatchObject({ code: '23505' });
    const { rows } = await test.database.pool.query('select count(*) as n from platform');
    expect(rows).toEqual([{ n: 1n }]);
  });

  it('tells a commit of unknown outcome from a refused one', async () => {
    await using test = await startTestDatabase();
    const { database, postgres } = test;
    const admin = openDatabase({ url: postgres.adminUrl, log: silentLog(), name: 'test' });
    const cut = inTransaction(database, async (client) => {
      const ended = Promise.withResolvers<void>();
      client.once('end', () => ended.resolve());
      const { rows } = await client.query<{ pid: number }>(
        "insert into platform values ('PF', 'Platform', now()) returning pg_backend_pid() as pid",
      );
      await admin.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await ended.promise;
    });
    await expect(cut).rejects.toMatchObject({ code: 'COMMIT_UNKNOWN' });
    await admin.close();
    await database.pool.query('create table a (n int primary key); create table b (n int references a deferrable initially deferred)');
    await expect(inTransaction(database, (client) => client.query('insert into b values (1)'))).rejects.toMatchObject({ code: '23503' });
    const { rows } = await database.pool.query('select count(*) as n from platform');
    expect(rows).toEqual([{ n: 0n }]);
  });

  it('says that the outcome is not known when the server ends the connection at the commit, whatever for', async () => {
    await using test = await startTestDatabase();
    await test.database.pool.query(`create table slow (n int);
      create function wait_long() returns trigger language plpgsql as $$ begin perform pg_sleep(600); return null; end $$;
      create constraint trigger slow after insert on slow deferrable initially deferred for each row execute function wait_long()`);
    const cut = inTransaction(test.database, (client) =>
      client.query("set local transaction_timeout = '50ms'; insert into slow values (1)"),
    );
    await expect(cut).rejects.toMatchObject({ code: 'COMMIT_UNKNOWN', cause: { code: '25P04' } });
  });
});

describe('openDatabase', () => {
  it('gives bigint for bigint and takes it back, also in lists', async () => {
    await using test = await startTestDatabase();
    const { rows } = await test.database.pool.query('select $1::bigint as one, $2::bigint[] as list, count(*) as n from platform', [
      9_007_199_254_740_993n,
      [1n, -2n],
    ]);
    expect(rows).toEqual([{ one: 9_007_199_254_740_993n, list: [1n, -2n], n: 0n }]);
  });

  it('says in one line where it cannot connect, without the password', async () => {
    const url = `postgres://corridor:hunter2@127.0.0.1:${await freePort()}/corridor`;
    const database = openDatabase({ url, log: silentLog(), name: 'test' });
    const message = await assertDatabaseUsable(database, url).catch((cause: unknown) => String(cause));
    await database.close();
    expect(message).toMatch(/^Error: The database at 127\.0\.0\.1:\d+\/corridor .*ECONNREFUSED.*DATABASE_URL[^\n]*$/);
    expect(message).not.toContain('hunter2');
  });
});
