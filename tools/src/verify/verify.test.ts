import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestDatabase } from '@corridor/testkit/test-database';
import { type Database, openDatabase } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBookedMonth } from './booked-month.fixture.ts';
import { type Verification, verifyWithin } from './verify-database.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
let month: TestDatabase;
let superuser: Database;
let orderId = '';

beforeAll(async () => {
  month = await startBookedMonth({ deeds: 150, seed: 7, settled: true });
  const url = month.postgres.adminUrl.replace(/\/postgres$/, '/corridor');
  superuser = openDatabase({ url, log: silentLog(), name: 'tamper', connectionsMax: 2 });
  const { rows } = await month.database.pool.query<{ order_id: string }>(
    `select order_id from swap_order o where state = 'CLEARED' and payable_fen > 0 and held_fen > payable_fen
        and (select count(*) from ledger_batch) > 5 order by created_at offset 3 limit 1`,
  );
  orderId = rows[0]?.order_id ?? '';
});
afterAll(async () => {
  await superuser.close();
  await month[Symbol.asyncDispose]();
});

/** What is found when somebody with every right, and with the triggers asleep, changed the books; all is as before afterwards. */
async function foundAfter(...statements: string[]): Promise<Verification> {
  const client = await superuser.pool.connect();
  try {
    await client.query("begin; set local session_replication_role = 'replica'");
    for (const statement of statements) {
      const { rowCount } = await client.query(statement.replaceAll('$ORDER', `'${orderId}'`));
      if (rowCount !== null) expect(rowCount, statement).toBeGreaterThan(0);
    }
    return await verifyWithin(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** One transfer in the middle of the chain. */
const ONE = '(select transfer_no from transfer order by transfer_no offset 20 limit 1)';
const BATCH = '(select batch_no from ledger_batch order by batch_no offset 4 limit 1)';

describe('verify', () => {
  it('finds nothing in books that nobody changed', async () => {
    expect(orderId).not.toBe('');
    const { ok, findings, chains } = await foundAfter('select 1');
    expect({ ok, findings }).toEqual({ ok: true, findings: [] });
    expect(chains).toMatchObject([{ platformId: 'PF', transfersUnchained: 0, root: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });

  it.each<[what: string, sql: string[], checks: string[]]>([
    [
      'an amount, with both balances mended',
      [
        `update transfer set amount_fen = amount_fen + 1 where transfer_no = ${ONE}`,
        `update account set balance_fen = balance_fen - 1 where account_id = (select debit_account_id from transfer where transfer_no = ${ONE})`,
        `update account set balance_fen = balance_fen + 1 where account_id = (select credit_account_id from transfer where transfer_no = ${ONE})`,
      ],
      ['chain'],
    ],
    ['an amount', [`update transfer set amount_fen = amount_fen + 1 where transfer_no = ${ONE}`], ['chain', 'balance-is-its-transfers']],
    ['a time', [`update transfer set at = at + interval '1 ms' where transfer_no = ${ONE}`], ['chain']],
    [
      'less than a millisecond',
      [`update transfer set at = at + interval '1 microsecond' where transfer_no = ${ONE}`],
      ['transfer-well-formed'],
    ],
    ['a key', [`update transfer set key = key || 'x' where transfer_no = ${ONE}`], ['chain']],
    ['a kind', [`update transfer set kind = 'CORRECTION' where transfer_no = ${ONE}`], ['chain']],
    [
      'the order of a transfer',
      [`update transfer set order_id = 'nobody' where transfer_no = ${ONE}`],
      ['chain', 'transfer-of-known-order'],
    ],
    ['a transfer that is gone', [`delete from transfer where transfer_no = ${ONE}`], ['chain', 'balance-is-its-transfers']],
    [
      'a transfer that is put in',
      [
        `insert into transfer (platform_id, key, kind, debit_account_id, credit_account_id, amount_fen, at, batch_no)
         values ('PF', 'forged', 'CORRECTION', 'SO1_income', 'BO1_income', 100, now(), ${BATCH})`,
      ],
      ['chain', 'balance-is-its-transfers'],
    ],
    [
      'a batch that nobody chained',
      [
        `insert into transfer (platform_id, key, kind, debit_account_id, credit_account_id, amount_fen, at, batch_no)
         select 'PF', 'forged', 'CORRECTION', 'SO1_income', 'BO1_income', 100, now(), max(batch_no) + 1 from ledger_batch`,
      ],
      ['chain'],
    ],
    ['a root', [`update ledger_batch set root = sha256('x') where batch_no = ${BATCH}`], ['chain']],
    ['a batch that is taken out of the chain', [`delete from ledger_batch where batch_no = ${BATCH}`], ['chain']],
    ['the first batch taken out', ['delete from ledger_batch where previous_root is null'], ['chain']],
    ['the root that the next batch follows', [`update ingest_position set ledger_root = sha256('x') where stream = 'EVT'`], ['chain']],
    ['transfers moved to another batch', [`update transfer set batch_no = batch_no + 1 where batch_no = ${BATCH}`], ['chain']],
    [
      'a balance',
      ["update account set balance_fen = balance_fen + 1 where account_id = 'C1_prepaid'"],
      ['balance-is-its-transfers', 'ledger-sums-to-zero'],
    ],
    [
      'a balance below its floor',
      [
        'alter table account drop constraint account_floor',
        "update account set floor_fen = balance_fen + 1 where account_id = 'SO1_income'",
      ],
      ['balance-above-floor', 'balance-never-below-floor'],
    ],
    [
      'a line',
      ['update order_line set amount_fen = amount_fen + 1 where order_id = $ORDER and line_no = 1'],
      ['line-is-quantity-by-price', 'lines-sum-to-payable'],
    ],
    [
      'the price of a line',
      ["update order_line set unit_price_nano_yuan = unit_price_nano_yuan * 2 where order_id = $ORDER and unit = 'Wh'"],
      ['line-is-quantity-by-price'],
    ],
    ['a line that is gone', ['delete from order_line where order_id = $ORDER and line_no = 1'], ['lines-sum-to-payable']],
    [
      'a share',
      [
        'alter table clearing_entry drop constraint clearing_entry_check',
        "update clearing_entry set net_fen = net_fen + 1 where order_id = $ORDER and role = 'STATION_OPERATOR'",
      ],
      ['nets-sum-to-payable', 'shares-are-booked', 'share-is-gross-and-commission'],
    ],
    [
      'a fen from one share to another',
      [
        "update clearing_entry set net_fen = net_fen + 1, gross_fen = gross_fen + 1 where order_id = $ORDER and role = 'STATION_OPERATOR'",
        "update clearing_entry set net_fen = net_fen - 1, commission_fen = commission_fen - 1 where order_id = $ORDER and role = 'PLATFORM'",
      ],
      ['shares-are-booked'],
    ],
    [
      'a share in what was given back of a charge',
      ["update correction_entry set net_fen = net_fen - 1 where correction_id = 'dispute:DC0-0' and role <> 'PLATFORM'"],
      ['charge-correction-is-booked', 'correction-balances'],
    ],
    [
      'a station that was of another when its penalty happened',
      ["update ownership set principal_id = 'SO3' where asset_kind = 'STATION'"],
      ['penalty-is-paid-to-the-operator-of-then'],
    ],
    [
      'more given back of a charge than was paid',
      [
        "update correction_line set amount_fen = -1000000 where correction_id = 'dispute:DC0-0'",
        "update correction set payable_fen = -1000000 where correction_id = 'dispute:DC0-0'",
      ],
      ['charge-gives-back-what-was-paid', 'charge-line-keeps-its-side', 'correction-balances'],
    ],
    [
      'an objection that is decided by who raised it',
      ['alter table dispute drop constraint dispute_second_person', "update dispute set decided_by = raised_by where state = 'UPHELD'"],
      ['second-person'],
    ],
    [
      'an agreement that is approved by who drafted it',
      [
        "update contract set drafted_by = 'PF-admin' where contract_id = (select min(contract_id) from contract)",
        `insert into agreement_approval select platform_id, 'CONTRACT', min(contract_id), 'PF', 'PF-admin', now() from contract group by 1`,
      ],
      ['second-person'],
    ],
    [
      'what is payable',
      ['update swap_order set payable_fen = payable_fen + 1 where order_id = $ORDER'],
      ['lines-sum-to-payable', 'nets-sum-to-payable', 'paid-what-is-payable'],
    ],
    [
      'a capture above its hold',
      ["update transfer set amount_fen = 1 where order_id = $ORDER and kind = 'HOLD'"],
      ['captured-within-hold'],
    ],
    ['a release that is gone', ["delete from transfer where order_id = $ORDER and kind = 'RELEASE'"], ['ended-order-holds-nothing']],
    [
      'income of nobody',
      ["update transfer set credit_account_id = 'C1_prepaid' where order_id = $ORDER and kind = 'SWAP_INCOME'"],
      ['transfer-kind-fits-accounts', 'shares-are-booked'],
    ],
    [
      'a bill of an order that was refused',
      ["update swap_order set state = 'REJECTED', reason = 'X' where order_id = $ORDER"],
      ['no-bill-without-swap'],
    ],
    ['what a bill was made of', ['delete from order_basis where order_id = $ORDER'], ['billed-with-its-basis']],
    ['a payment', ['update payment set amount_fen = amount_fen + 1'], ['payment-is-booked']],
    [
      'a pack that is nowhere',
      ["update custody set until = now() + interval '100 years' where until is null and place_kind = 'SLOT'"],
      ['pack-in-one-place'],
    ],
    [
      'a pack in the place of another',
      ["update custody set place_kind = 'TRUCK', place_id = 'T001' where until is null"],
      ['place-holds-one-pack'],
    ],
    ['a gap in custody', ["update custody set since = since - interval '1 hour' where cause = 'SWAP'"], ['custody-without-gaps']],
  ])('finds %s', async (_, sql, checks) => {
    const { ok, findings } = await foundAfter(...sql);
    expect(ok).toBe(false);
    expect(findings.map(({ check }) => check)).toEqual(expect.arrayContaining(checks));
  });

  it('refuses the changes in the first place', async () => {
    for (const statement of [
      'update ledger_batch set transfers = 1',
      'delete from order_basis',
      'update order_line set amount_fen = 0',
      'truncate ledger_batch',
    ]) {
      await expect(month.database.pool.query(statement)).rejects.toThrow(/rows never change/);
    }
    // All that are upheld here were raised by another; the statement would be taken back whole if it did not fail.
    await expect(month.database.pool.query("update dispute set decided_by = raised_by where state = 'UPHELD'")).rejects.toMatchObject({
      constraint: 'dispute_second_person',
    });
    const { pool } = month.database;
    const approval = "insert into agreement_approval select 'PF', 'CONTRACT', 'by-one', 'PF', $1, now()";
    await pool.query(`insert into contract (platform_id, contract_id, carrier_id, state, valid_from, valid_until, definition, registered_at, drafted_by)
      values ('PF', 'by-one', 'C1', 'DRAFT', '2030-01-01', '2030-12-31', '{}', now(), 'one')`);
    await expect(pool.query(approval, ['one'])).rejects.toThrow(/not approved by one, who drafted it/);
    await expect(pool.query("update contract set approved_by = 'one' where contract_id = 'by-one'")).rejects.toMatchObject({
      constraint: 'contract_second_person',
    });
  });

  it('tells by its exit code, and in words or JSON', async () => {
    const run = (...args: string[]) =>
      new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
        const env = { ...process.env, DATABASE_URL: '', DATA_DIR: dirname(month.postgres.dir), NODE_ENV: 'test' };
        const child = execFile(process.execPath, [MAIN, ...args], { env }, (_, out, err) => resolve({ code: child.exitCode, out, err }));
      });
    const plain = await run();
    expect(plain).toMatchObject({ code: 0, err: '' });
    expect(plain.out).toMatch(/All \d+ checks hold\.\n$/);
    await superuser.pool.query("update account set balance_fen = balance_fen + 1 where account_id = 'C1_prepaid'");
    const changed = await run('--database-url', month.postgres.url, '--json');
    expect(changed.code).toBe(1);
    expect((JSON.parse(changed.out) as Verification).findings.map(({ check }) => check)).toContain('balance-is-its-transfers');
    await superuser.pool.query("update account set balance_fen = balance_fen - 1 where account_id = 'C1_prepaid'");
    expect((await run('--database-url', 'postgres://a:b@127.0.0.1:1/c')).code).toBe(2);
  });
});
