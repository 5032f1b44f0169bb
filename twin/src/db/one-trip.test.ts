import { startTestDatabase } from '@corridor/testkit/test-database';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { type Database, openDatabase } from './db.ts';
import { Trip, TripLine } from './one-trip.ts';
import { type Statement, StatementList } from './statement-list.ts';

/** What is inserted is only checked at the commit, and that takes for ever. */
const SLOW_COMMIT_SQL = `create table slow (n int);
  create function wait_long() returns trigger language plpgsql as $$ begin perform pg_sleep(600); return null; end $$;
  create constraint trigger slow after insert on slow deferrable initially deferred for each row execute function wait_long()`;

const insert = (id: string) => ({ name: 'insert', text: 'insert into platform values ($1, $2, now())', values: [id, 'Platform'] });

async function listOf(...statements: { name?: string; text: string; values?: unknown[] }[]) {
  const list = new StatementList();
  for (const statement of statements) await list.query(statement);
  return list.statements;
}

const inOneTrip = async (database: Database, statements: readonly Statement[]) => new TripLine(database).send(new Trip(statements));

describe('statements in one trip', () => {
  it('keeps all of them or nothing, names the one that failed, and goes on', async () => {
    await using test = await startTestDatabase();
    const { database } = test;
    const ids = async () => {
      const { rows } = await database.pool.query<{ id: string }>('select platform_id as id from platform order by 1');
      return rows.map(({ id }) => id).join();
    };
    await inOneTrip(database, await listOf(insert('P1'), insert('P2')));
    expect(await ids()).toBe('P1,P2');
    const failing = inOneTrip(
      database,
      await listOf(insert('P3'), { name: 'again', text: insert('P1').text, values: ['P1', 'Again'] }, insert('P4')),
    );
    await expect(failing).rejects.toMatchObject({ code: 'STATEMENT_FAILED', statement: 'again', cause: { code: '23505' } });
    expect(await ids()).toBe('P1,P2');
    // Known by name on the same connection now, and anew on another one.
    await inOneTrip(database, await listOf(insert('P5')));
    await inOneTrip(database, await listOf(insert('P6'), { text: 'select * from platform' }));
    expect(await ids()).toBe('P1,P2,P5,P6');
  });

  it('are run behind each other without waiting for answers, and what follows one that failed has an end of its own', async () => {
    await using test = await startTestDatabase();
    const { database } = test;
    const line = new TripLine(database);
    const trip = async (...ids: string[]) => line.send(new Trip(await listOf(...ids.map(insert))));
    await Promise.all([trip('P1'), trip('P2', 'P3')]);
    // The statement is prepared in the transaction that fails before it: the connection never knows it.
    await database.pool.query('create table kept (n int)');
    const keep = { name: 'keep', text: 'insert into kept values (1)' };
    const failing = line.send(new Trip(await listOf(insert('P1'), keep)));
    const behind = line.send(new Trip(await listOf(keep)));
    await expect(failing).rejects.toMatchObject({ code: 'STATEMENT_FAILED', statement: 'insert' });
    await expect(behind).rejects.toMatchObject({ code: 'COMMIT_UNKNOWN' });
    await line.send(new Trip(await listOf(insert('P4'), keep)));
    const { rows } = await database.pool.query('select (select count(*) from platform) as platforms, (select count(*) from kept) as kept');
    expect(rows).toEqual([{ platforms: 4n, kept: 1n }]);
  });

  it('fails at the commit by what is checked there', async () => {
    await using test = await startTestDatabase();
    const { database } = test;
    await database.pool.query('create table a (n int primary key); create table b (n int references a deferrable initially deferred)');
    const failing = inOneTrip(database, await listOf({ name: 'dangling', text: 'insert into b values (1)' }));
    await expect(failing).rejects.toMatchObject({ code: 'STATEMENT_FAILED', statement: 'commit', cause: { code: '23503' } });
  });

  it('says that the outcome is not known when the server ends the connection at the commit, whatever for', async () => {
    await using test = await startTestDatabase();
    const { database } = test;
    await database.pool.query(SLOW_COMMIT_SQL);
    const failing = inOneTrip(
      database,
      await listOf({ text: "set local transaction_timeout = '50ms'" }, { text: 'insert into slow values (1)' }),
    );
    await expect(failing).rejects.toMatchObject({ code: 'COMMIT_UNKNOWN', cause: { code: '25P04' } });
    await inOneTrip(database, await listOf(insert('P1')));
  });

  it('takes texts, numbers, bytes, lists and nothing as they are', async () => {
    await using test = await startTestDatabase();
    const { database } = test;
    await database.pool.query('create table kept (t text, n bigint, b boolean, y bytea, l text[], x text)');
    const values = ['{"a":"\\"}', 9_007_199_254_740_993n, true, Buffer.from([0, 255]), ['plain', 'a"b\\c,{}', '', null, 'NULL'], null];
    await inOneTrip(database, await listOf({ name: 'keep', text: 'insert into kept values ($1, $2, $3, $4, $5, $6)', values }));
    const { rows } = await database.pool.query('select * from kept');
    expect(Object.values(rows[0] ?? {})).toEqual(values);
    await expect(listOf({ text: 'select $1', values: [Number.NaN] })).rejects.toMatchObject({ code: 'INVARIANT' });
  });

  it('says that the outcome is not known when the connection breaks under way', async () => {
    await using test = await startTestDatabase();
    const { database, postgres } = test;
    const admin = openDatabase({ url: postgres.adminUrl, log: silentLog(), name: 'test' });
    await database.pool.query('create table gate (n int)');
    const holder = await database.pool.connect();
    await holder.query('begin; lock table gate');
    const cut = inOneTrip(database, await listOf({ name: 'wait', text: 'insert into gate values (1)' }));
    const outcome = expect(cut).rejects.toMatchObject({ code: 'COMMIT_UNKNOWN' });
    for (let ended = 0; ended === 0; ) {
      const { rows } = await admin.pool.query<{ ended: boolean }>(
        `select pg_terminate_backend(pid) as ended from pg_stat_activity where wait_event_type = 'Lock' and query like 'insert into gate%'`,
      );
      ended = rows.length;
    }
    await outcome;
    await holder.query('rollback');
    holder.release();
    await admin.close();
  });
});
