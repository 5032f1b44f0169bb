import { startTestDatabase } from '@corridor/testkit/test-database';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Database } from './db.ts';

const ACCOUNTS = ['RAIL_sandbox', 'C1_prepaid', 'C1_held', 'SO1_income', 'PF_clearing'] as const;

async function openBooks(database: Database): Promise<void> {
  await database.pool.query(`
    insert into platform values ('PF', 'Platform', now());
    insert into account (platform_id, account_id, kind, floor_fen, opened_at) values
      ('PF', 'RAIL_sandbox', 'RAIL', null, now()), ('PF', 'C1_prepaid', 'PREPAID', 0, now()), ('PF', 'C1_held', 'HELD', 0, now()),
      ('PF', 'SO1_income', 'INCOME', null, now()), ('PF', 'PF_clearing', 'CLEARING', null, now());`);
}

type Entry = { key: string; debit: string; credit: string; fen: bigint };

const post = (database: Database, entries: readonly Entry[]) =>
  database.pool.query(
    `insert into transfer (platform_id, key, kind, debit_account_id, credit_account_id, amount_fen, at, batch_no)
     select 'PF', e.key, 'CORRECTION', e.debit, e.credit, e.fen, now(), 1
       from unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) as e(key, debit, credit, fen)`,
    [entries.map(({ key }) => key), entries.map(({ debit }) => debit), entries.map(({ credit }) => credit), entries.map(({ fen }) => fen)],
  );

describe('ledger tables', () => {
  it('keep each balance at credits less debits, whatever is posted together', async () => {
    await using test = await startTestDatabase();
    const { database } = test;
    await openBooks(database);
    await database.pool.query('update account set floor_fen = null');
    let posted = 0;
    const entry = fc.record({
      debit: fc.constantFrom(...ACCOUNTS),
      credit: fc.constantFrom(...ACCOUNTS),
      fen: fc.bigInt({ min: 1n, max: 10n ** 15n }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 30 }), async (drawn) => {
        const entries = drawn.filter(({ debit, credit }) => debit !== credit).map((each) => ({ ...each, key: `k${(posted += 1)}` }));
        await post(database, entries);
        const { rows } = await database.pool.query<{ wrong: bigint; total: string }>(`
          select count(*) filter (where a.balance_fen <> coalesce(moved.fen, 0)) as wrong, sum(a.balance_fen)::text as total
            from account a left join (
              select account_id, sum(fen) as fen from (
                select credit_account_id as account_id, amount_fen as fen from transfer
                union all select debit_account_id, -amount_fen from transfer) sides group by account_id) moved using (account_id)`);
        expect(rows).toEqual([{ wrong: 0n, total: '0' }]);
      }),
      { numRuns: 30 },
    );
  });

  it('refuse what would take a balance below its floor, a second transfer of a key, and what moves nothing', async () => {
    await using test = await startTestDatabase();
    const { database } = test;
    await openBooks(database);
    await post(database, [{ key: 't1', debit: 'RAIL_sandbox', credit: 'C1_prepaid', fen: 100n }]);
    await expect(post(database, [{ key: 'h1', debit: 'C1_prepaid', credit: 'C1_held', fen: 101n }])).rejects.toMatchObject({
      constraint: 'account_floor',
    });
    await expect(post(database, [{ key: 't1', debit: 'RAIL_sandbox', credit: 'C1_prepaid', fen: 100n }])).rejects.toMatchObject({
      code: '23505',
    });
    await expect(post(database, [{ key: 'z', debit: 'RAIL_sandbox', credit: 'C1_prepaid', fen: 0n }])).rejects.toMatchObject({
      code: '23514',
    });
    await expect(post(database, [{ key: 's', debit: 'C1_prepaid', credit: 'C1_prepaid', fen: 1n }])).rejects.toMatchObject({
      code: '23514',
    });
    await expect(post(database, [{ key: 'u', debit: 'C1_prepaid', credit: 'nobody', fen: 1n }])).rejects.toMatchObject({ code: '23503' });
    const { rows } = await database.pool.query("select balance_fen from account where account_id = 'C1_prepaid'");
    expect(rows).toEqual([{ balance_fen: 100n }]);
  });

  it('never change, and neither does the evidence nor the audit log', async () => {
    await using test = await startTestDatabase();
    const { database } = test;
    await openBooks(database);
    await post(database, [{ key: 't1', debit: 'RAIL_sandbox', credit: 'C1_prepaid', fen: 100n }]);
    await database.pool.query(`
      insert into swap_event values ('PF', 'station:HH1', 1, 1, 1, 's', null, now(), now(), false, null, '{}');
      insert into audit_log (platform_id, at, user_id, action, entity_kind, entity_id) values ('PF', now(), 'u', 'a', 'k', 'i');`);
    for (const table of ['transfer', 'swap_event', 'audit_log']) {
      for (const sql of [`update ${table} set platform_id = platform_id`, `delete from ${table}`, `truncate ${table}`]) {
        await expect(database.pool.query(sql)).rejects.toThrow(`${table} rows never change`);
      }
    }
  });
});

describe('custody', () => {
  it('knows a pack in one open place only', async () => {
    await using test = await startTestDatabase();
    const { database } = test;
    await openBooks(database);
    const place = (until: string) =>
      database.pool.query(
        `insert into custody (platform_id, pack_id, place_kind, place_id, since, until, cause) values ('PF', 'P1', 'SLOT', 'HH1-1', now(), ${until}, 'SWAP')`,
      );
    await place('now()');
    await place('null');
    await expect(place('null')).rejects.toMatchObject({ constraint: 'custody_open' });
    await place('now()');
  });
});
