import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { startTestDatabase, type TestDatabase } from '@corridor/testkit/test-database';
import { until } from '@corridor/testkit/until';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { openDatabase } from '../db/db.ts';
import { silentLog } from '../log.ts';
import { PostgresBatchStore } from './postgres-batch-store.ts';
import type { WriterBatch } from './writer-batch.ts';

const batchOf = (batchNo: number, source: string): WriterBatch => ({
  batchNo,
  scopeAtMs: 0,
  driven: false,
  step: { effects: [], transitions: [], changed: new Map(), retired: new Set(), undelivered: [] },
  evidence: [],
  cleared: [],
  passedOver: [],
  positions: new Map([[source, { bootId: 1, seq: batchNo }]]),
  forgottenSources: [],
  streamSeq: batchNo,
  registered: [],
  commandUpdates: [],
  requestedBy: new Map(),
  audits: [],
});

const platformAtZero = async ({ database }: TestDatabase) =>
  database.pool.query(`insert into platform values ('PF', 'Platform', now());
    insert into ingest_position (platform_id, stream, stream_seq, batch_no, scope_at, driven) values ('PF', 'EVT', 0, 0, now(), false)`);

/** Every try counts, for a sequence is not rolled back; the first `failures` of them find the disk full. */
const fillDisk = async ({ database }: TestDatabase, failures: number) =>
  database.pool.query(`create sequence try;
    create function fail() returns trigger language plpgsql as $$ begin
      if nextval('try') <= ${failures} then raise exception 'no space left' using errcode = '53100'; end if;
      return new; end $$;
    create trigger fail before insert on source_position for each row execute function fail()`);

const triesOf = async ({ database }: TestDatabase): Promise<number> => {
  const { rows } = await database.pool.query<{ last_value: bigint }>('select last_value from try');
  return Number(rows[0]?.last_value);
};

/** A way to the database that can be cut so that only our end of it hears so. */
async function cuttableWay(port: number) {
  const ours = new Set<Socket>();
  const theirs = new Set<Socket>();
  const ignore = () => undefined;
  const server = createServer((socket) => {
    const onward = connect({ port, host: '127.0.0.1' });
    socket.on('error', ignore).on('data', (data) => onward.write(data));
    onward.on('error', ignore).on('data', (data) => socket.writable && socket.write(data));
    socket.on('close', () => ours.delete(socket));
    ours.add(socket);
    theirs.add(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      for (const socket of ours) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of [...ours, ...theirs]) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it('writes a batch that follows the last one, and nothing of one that does not', async () => {
  await using test = await startTestDatabase();
  const { database } = test;
  await platformAtZero(test);
  const storeOf = (platformId: string) => new PostgresBatchStore({ database, platformId, scope: 'live', log: silentLog() });
  const store = storeOf('PF');
  await store.commit(batchOf(1, 'station:A'));
  for (const late of [batchOf(1, 'station:B'), batchOf(3, 'station:C')]) {
    await expect(store.commit(late)).rejects.toMatchObject({ code: 'STORE_FAILED', inputAtFault: false });
  }
  // A platform that is not there has no position either.
  await expect(storeOf('PG').commit(batchOf(1, 'station:D'))).rejects.toMatchObject({ code: 'STORE_FAILED', inputAtFault: false });
  await store.commit(batchOf(2, 'station:E'));
  const { rows } = await database.pool.query('select src from source_position order by src');
  expect(rows).toEqual([{ src: 'station:A' }, { src: 'station:E' }]);
});

it('tries again while the disk is full, with pauses, and warns of it once', async () => {
  await using test = await startTestDatabase();
  await platformAtZero(test);
  await fillDisk(test, 3);
  const warnings: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });
  let retries = 0;
  const store = new PostgresBatchStore({
    database: test.database,
    platformId: 'PF',
    scope: 'live',
    log,
    onRetry: () => void (retries += 1),
  });
  await store.commit(batchOf(1, 'station:A'));
  expect({ tries: await triesOf(test), retries, warnings: warnings.length }).toEqual({ tries: 4, retries: 3, warnings: 1 });
  expect(warnings[0]).toContain('no space left');
});

it('commits what was sent behind a batch after it, also when that one needs another attempt', async () => {
  await using test = await startTestDatabase();
  await platformAtZero(test);
  await fillDisk(test, 2);
  const store = new PostgresBatchStore({ database: test.database, platformId: 'PF', scope: 'live', log: silentLog() });
  const ended: number[] = [];
  const [first, behind] = await Promise.all([1, 2].map((batchNo) => store.prepare(batchOf(batchNo, 'station:A'))));
  const committed = first?.commit(null).then(() => void ended.push(1)) ?? null;
  await behind?.commit(committed).then(() => void ended.push(2));
  expect(ended).toEqual([1, 2]);
  const { rows } = await test.database.pool.query('select batch_no from ingest_position');
  expect(rows).toEqual([{ batch_no: 2n }]);
});

it('blames the batch that the database refuses, and not what was sent behind it', async () => {
  await using test = await startTestDatabase();
  const { database } = test;
  await platformAtZero(test);
  await database.pool.query(`alter table source_position add constraint few check (src <> 'station:B')`);
  const store = new PostgresBatchStore({ database, platformId: 'PF', scope: 'live', log: silentLog() });
  const refused = (await store.prepare(batchOf(1, 'station:B'))).commit(null);
  const behind = (await store.prepare(batchOf(2, 'station:C'))).commit(refused);
  const [first, second] = await Promise.allSettled([refused, behind]);
  expect(first).toMatchObject({ status: 'rejected', reason: { code: 'STORE_FAILED', inputAtFault: true } });
  expect(second).toStrictEqual(first);
  const { rows } = await database.pool.query('select batch_no from ingest_position');
  expect(rows).toEqual([{ batch_no: 0n }]);
});

it('gives up while the database is up and the disk stays full', async () => {
  await using test = await startTestDatabase();
  await platformAtZero(test);
  await fillDisk(test, 1_000_000);
  const store = new PostgresBatchStore({ database: test.database, platformId: 'PF', scope: 'live', log: silentLog(), patienceMs: 120 });
  await expect(store.commit(batchOf(1, 'station:A'))).rejects.toMatchObject({
    code: 'STORE_FAILED',
    inputAtFault: false,
    message: expect.stringContaining('no space left'),
  });
  // 0, 50 and 120 ms; a slower machine tries no more often, and a timer may be early by a little.
  expect(await triesOf(test)).toBeLessThanOrEqual(5);
});

it('knows batches as its own when the connection broke and the server went on to commit them behind its back', async () => {
  await using test = await startTestDatabase();
  const { database, postgres } = test;
  await platformAtZero(test);
  // The commit waits until the test lets go of the lock.
  await database.pool.query(`create function wait() returns trigger language plpgsql as $$ begin
      perform pg_advisory_xact_lock_shared(1); return new; end $$;
    create constraint trigger wait after insert on source_position deferrable initially deferred for each row execute function wait()`);
  await using way = await cuttableWay(postgres.port);
  const url = new URL(postgres.url);
  url.port = String(way.port);
  url.hostname = '127.0.0.1';
  const cuttable = openDatabase({ url: url.href, log: silentLog(), name: 'cuttable' });
  const gate = await database.pool.connect();
  const waitingFor = (event: string) =>
    until(`a connection that waits for ${event}`, 10_000, async () => {
      const text = `select 1 from pg_stat_activity where application_name = 'cuttable' and wait_event = $1`;
      return (await database.pool.query(text, [event])).rowCount || null;
    });
  try {
    await gate.query('select pg_advisory_lock(1)');
    const store = new PostgresBatchStore({ database: cuttable, platformId: 'PF', scope: 'live', log: silentLog() });
    const first = await store.prepare(batchOf(1, 'station:A'));
    const behind = await store.prepare(batchOf(2, 'station:B'));
    const committed = first.commit(null);
    await waitingFor('advisory');
    // With the server, behind what waits; it is committed there, or by an attempt of its own.
    const followed = behind.commit(committed);
    way.cut();
    // The second attempt found batch 0, and waits for the row of the first.
    await waitingFor('transactionid');
    await gate.query('select pg_advisory_unlock(1)');
    await followed;
    await store.commit(batchOf(3, 'station:C'));
    const { rows } = await database.pool.query('select src from source_position order by src');
    expect(rows).toEqual([{ src: 'station:A' }, { src: 'station:B' }, { src: 'station:C' }]);
  } finally {
    gate.release(true);
    await cuttable.close();
  }
});
