import { startTestDatabase } from '@corridor/testkit/test-database';
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
  const collected = async (attempt: number) => {
    const paymentId = `statement:S1:collect:${attempt}`;
    await insertPayment(pool, 'PF', {
      paymentId,
      principalId: 'BO1',
      direction: 'TOP_UP',
      channel: 'x',
      amountFen: 700n,
      tradeNo: null,
      statementId: 'S1',
      requestedBy: 'BO1',
      requestedScopeMs: 0,
      expiresWallMs: null,
      nextCheckWallMs: 0,
    });
    return paymentId;
  };
  const [first, second] = [await collected(1), await collected(2)];
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
});
