import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { startTestDatabase } from '@corridor/testkit/test-database';
import { expect, it } from 'vitest';
import { openDatabase } from '../db/db.ts';
import { silentLog } from '../log.ts';
import type { InputName } from './input-name.ts';
import { clearSuspects, forgetOldSuspects, loadSuspects, recordSuspects } from './suspects.ts';

const timer: InputName = { kind: 'timer', name: 'order:O1 lost 2026', comesOnce: true, scope: 'order', scopeId: 'O1' };

it('counts the failures of an input over processes, and forgets one that went well', async () => {
  await using test = await startTestDatabase();
  const { pool } = test.database;
  await pool.query(`insert into platform values ('PF', 'Platform', now())`);
  const note = async (error: string) =>
    recordSuspects(pool, { platformId: 'PF', inputs: [timer, timer], cause: new Error(error), withinMs: 60_000 });
  await note('first');
  await note('torn \0 second');
  const { rows } = await pool.query('select kind, input, failures, error from failed_input');
  expect(rows).toEqual([{ kind: 'timer', input: timer.name, failures: 2, error: 'torn  second' }]);
  const suspects = await loadSuspects(pool, 'PF', Date.now);
  const due = { kind: 'timer', timer: { ref: 'order:O1', name: 'lost', dueAtMs: 0 } } as const;
  expect(suspects.verdictOn(due)).toBe('take');
  expect(suspects.errorOf(timer)).toBe('torn  second');
  await clearSuspects(pool, 'PF', [timer]);
  expect((await loadSuspects(pool, 'PF', Date.now)).errorOf(timer)).toBe('');
});

it('forgets what failed longer ago than the stream keeps an event, and nothing before', async () => {
  await using test = await startTestDatabase();
  const { pool } = test.database;
  await pool.query(`insert into platform values ('PF', 'Platform', now()), ('P2', 'Another', now())`);
  for (const [platform, kind, days] of [
    ['PF', 'old', 91],
    ['PF', 'young', 89],
    ['P2', 'old', 91],
  ] as const) {
    await pool.query(
      `insert into failed_input (platform_id, kind, input, failures, error, failed_at) values ($1, 'event', $2, 2, '', now() - make_interval(days => $3))`,
      [platform, kind, days],
    );
  }
  expect(await forgetOldSuspects(pool, 'PF')).toBe(1);
  const { rows } = await pool.query<{ kept: string }>(`select platform_id || ' ' || input as kept from failed_input order by 1`);
  expect(rows.map(({ kept }) => kept)).toEqual(['P2 old', 'PF young']);
});

it('gives a database up that does not answer, because the process has to end', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const database = openDatabase({ url: `postgres://a:b@127.0.0.1:${port}/c`, log: silentLog(), name: 'test', connectWithinMs: 100 });
  const noted = recordSuspects(database.pool, { platformId: 'PF', inputs: [timer], cause: new Error('x'), withinMs: 20 });
  await expect(noted).rejects.toMatchObject({ code: 'FAILURE_NOT_NOTED' });
  silent.close();
  await database.close();
});
