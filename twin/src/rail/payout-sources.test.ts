import { startTestDatabase } from '@corridor/testkit/test-database';
import { expect, it } from 'vitest';
import { insertPayment } from './payments.queries.ts';
import { sourcesOf } from './payouts.queries.ts';

it('are what came in and is not paid out yet, the oldest first, also of payments within one second', async () => {
  await using test = await startTestDatabase();
  const { pool } = test.database;
  await pool.query("insert into platform (platform_id, name, registered_at) values ('PF', 'PF', now())");
  await pool.query(
    `insert into principal (platform_id, principal_id, kind, name, name_zh, definition, registered_at)
     values ('PF', 'C1', 'CARRIER', 'C1', 'C1', '{}', now())`,
  );
  /** Paid at a second by the rail's clock, asked for at a millisecond. */
  const paid = async (paymentId: string, paidAtS: number, requestedMs: number, channel = 'sandbox') => {
    const about = {
      principalId: 'C1',
      direction: 'TOP_UP',
      channel,
      amountFen: 1_000n,
      tradeNo: `N-${paymentId}`,
      statementId: null,
    } as const;
    const times = { requestedScopeMs: requestedMs, expiresWallMs: null, nextCheckWallMs: 0 };
    await insertPayment(pool, 'PF', { paymentId, requestedBy: 'C1', ...about, ...times });
    await pool.query({
      text: "update payment set state = 'CONFIRMED', provider_ref = 'R-' || payment_id, paid_at = $2 where payment_id = $1",
      values: [paymentId, new Date(paidAtS * 1_000)],
    });
  };
  // Neither as they were written nor as they are called.
  await paid('b', 5, 4_100);
  await paid('a', 9, 1_000);
  await paid('e', 7, 6_900);
  await paid('d', 7, 6_100);
  await paid('c', 7, 6_500);
  await paid('f', 1, 900);
  await paid('other', 2, 900, 'wechatpay');
  const ids = async () => (await sourcesOf(pool, 'PF', 'sandbox')).map(({ paymentId }) => paymentId);
  expect(await ids()).toEqual(['f', 'b', 'd', 'c', 'e', 'a']);
  const share = async (paymentId: string, partNo: number, fen: number, state: string) =>
    pool.query({
      text: `insert into payment_share (platform_id, payment_id, part_no, share_no, trade_payment_id, transaction_id, amount_fen, kind, state)
             values ('PF', 'a', $2, $5, $1, 'R', $3, 'SHARE', $4)`,
      values: [paymentId, partNo, fen, state, `S${partNo}`],
    });
  await share('f', 1, 1_000, 'PENDING');
  await share('b', 2, 400, 'SUCCESS');
  await share('d', 3, 1_000, 'FAILED');
  expect((await sourcesOf(pool, 'PF', 'sandbox')).map(({ paymentId, leftFen }) => `${paymentId} ${leftFen}`)).toEqual([
    'b 600',
    'd 1000',
    'c 1000',
    'e 1000',
    'a 1000',
  ]);
});
