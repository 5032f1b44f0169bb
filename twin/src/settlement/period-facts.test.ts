import { startTestDatabase } from '@corridor/testkit/test-database';
import { verifyDatabase } from '@corridor/tools/verify/verify-database';
import { expect, it } from 'vitest';
import { insertPayment } from '../rail/payments.queries.ts';
import { movedInPeriod, otherMovements } from './period-facts.queries.ts';

it('leaves out the payment that settled a statement, and takes another one of it for income', async () => {
  await using test = await startTestDatabase();
  const { pool } = test.database;
  await pool.query("insert into platform (platform_id, name, registered_at) values ('PF', 'PF', now())");
  await pool.query(
    `insert into principal (platform_id, principal_id, kind, name, name_zh, definition, registered_at)
     values ('PF', 'BO1', 'BATTERY_OWNER', 'BO1', 'BO1', '{}', now())`,
  );
  await pool.query(
    `insert into account (platform_id, account_id, principal_id, kind, floor_fen, opened_at)
     values ('PF', 'RAIL_x', null, 'RAIL', null, now()), ('PF', 'BO1_income', 'BO1', 'INCOME', null, now())`,
  );
  const collected = async (statementId: string, attempt: number) => {
    const paymentId = `statement:${statementId}:collect:${attempt}`;
    await insertPayment(pool, 'PF', {
      paymentId,
      principalId: 'BO1',
      direction: 'TOP_UP',
      channel: 'x',
      amountFen: 700n,
      tradeNo: null,
      statementId,
      requestedBy: 'BO1',
      requestedScopeMs: 0,
      expiresWallMs: null,
      nextCheckWallMs: 0,
    });
    return paymentId;
  };
  const [first, second] = [await collected('S1', 1), await collected('S1', 2)];
  const booked = (key: string, at: string) =>
    pool.query({
      text: `insert into transfer (platform_id, key, kind, debit_account_id, credit_account_id, amount_fen, at, batch_no)
             values ('PF', $1, 'TOP_UP', 'RAIL_x', 'BO1_income', 700, $2, 1)`,
      values: [key, at],
    });
  const period = { platformId: 'PF', principalId: 'BO1', from: '2026-11-01T00:00:00Z', until: '2026-12-01T00:00:00Z' };

  // The second order settled it; the first one was given up here, and paid all the same.
  await booked(second, '2026-11-02T00:00:00Z');
  expect((await movedInPeriod(pool, period)).allFen).toBe(0n);
  await booked(first, '2026-11-03T00:00:00Z');
  expect((await movedInPeriod(pool, period)).allFen).toBe(700n);
  expect(await otherMovements(pool, period)).toMatchObject([{ key: first, fen: 700n }]);

  // One that a statement carries, and that comes when the next one has begun with it, is paid twice: income, as any other.
  const statement = (id: string, state: string, day: string, content: object = {}) =>
    pool.query({
      text: `insert into statement (platform_id, statement_id, principal_id, period, period_from, period_until, payable_at, state, total_fen, content, content_hash, frozen_at)
             values ('PF', $1, 'BO1', 'D1', $3::timestamptz - interval '1 day', $3, $3, $2, -700, $4, '', $3)`,
      values: [id, state, day, content],
    });
  await statement('S2', 'CARRIED', '2026-11-04');
  const late = await collected('S2', 1);
  await booked(late, '2026-11-06T00:00:00Z');
  const since = { ...period, from: '2026-11-05T00:00:00Z' };
  expect((await movedInPeriod(pool, since)).allFen).toBe(0n);
  await statement('S3', 'CARRIED', '2026-11-05');
  expect((await movedInPeriod(pool, since)).allFen).toBe(700n);
  // So says the statement of that day, and who checks the books finds the same.
  await statement('S4', 'FROZEN', '2026-11-07', { totals: { movedFen: '700' } });
  const differing = async () =>
    (await verifyDatabase(test.database)).findings
      .filter(({ check }) => check === 'statement-is-its-movements')
      .map(({ detail }) => detail);
  expect(await differing()).toEqual([]);
  await statement('S5', 'FROZEN', '2026-11-08', { totals: { movedFen: '1' } });
  expect(await differing()).toEqual(['statement S5 says that 1 fen moved, the ledger 0']);
  // Of one that was paid in while nothing had taken it up, nothing changes afterwards.
  await pool.query("update statement set state = 'PAID', paid_at = now() where statement_id = 'S2'");
  expect((await movedInPeriod(pool, since)).allFen).toBe(0n);
});
