import { type AddressInfo, createServer } from 'node:net';
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

/** A message of the server: type, length of what follows with itself, what follows. */
function message(type: string, ...parts: (string | number)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : Buffer.from([part]))));
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

it('a server that ends a connection with its first answer fails what was asked for, not the process', async () => {
  const IDLE = 0x49;
  const farewell = message('E', 'SFATAL', 'C57P01', 'Mterminating connection due to unexpected postmaster exit', 0);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([message('R', 0, 0, 0, 0), message('Z', IDLE), farewell])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const database = openDatabase({ url: `postgres://somebody@127.0.0.1:${port}/none`, log: silentLog(), name: 'test' });
  try {
    const asked = database.pool.connect().then(async (client) => {
      try {
        return await client.query('select 1');
      } finally {
        client.release(true);
      }
    });
    await expect(asked).rejects.toThrow();
  } finally {
    await database.close();
    await new Promise((resolve) => server.close(resolve));
  }
});
