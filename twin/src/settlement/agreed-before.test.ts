import { startTestPostgres } from '@corridor/testkit/test-postgres';
import { expect, it } from 'vitest';
import { openDatabase } from '../db/db.ts';
import { migrate, readMigrations } from '../db/migrate.ts';
import { silentLog } from '../log.ts';
import { agreementInForce, findAgreement } from './agreements.queries.ts';

it('keeps in force what two people of the platform approved before its principal and partners had to', async () => {
  await using postgres = await startTestPostgres();
  const database = openDatabase({ url: postgres.url, log: silentLog(), name: 'upgrade' });
  try {
    const all = readMigrations();
    await migrate(
      database,
      all.filter(({ version }) => version < 34),
    );
    const { pool } = database;
    await pool.query("insert into platform values ('PF', 'PF', now())");
    for (const id of ['PF', 'SO1'])
      await pool.query(
        "insert into principal (platform_id, principal_id, kind, name, name_zh, definition, registered_at) values ('PF', $1, 'PLATFORM', 'n', 'n', '{}', now())",
        [id],
      );
    const players = [{ partnerId: 'SO1' }, { partnerId: 'BO1' }];
    const definition = {
      id: 'SA',
      partners: [
        { kind: 'SITE_OWNER', partnerId: 'BO2' },
        { kind: 'SHAPLEY', players },
      ],
    };
    await pool.query(
      `insert into settlement_agreement (platform_id, agreement_id, principal_id, effective_from, state, definition, drafted_by, drafted_at, approved_by, approved_at)
       values ('PF', 'SA', 'SO1', '2020-01-01', 'APPROVED', $1, 'one', now(), 'another', '2020-01-01T00:00:00Z')`,
      [JSON.stringify(definition)],
    );
    await migrate(database, all);
    expect(await agreementInForce(pool, 'PF', 'SO1', '2026-01-01')).toMatchObject({ id: 'SA' });
    expect(await findAgreement(pool, 'PF', 'SA')).toMatchObject({
      state: 'APPROVED',
      party_ids: ['PF', 'SO1', 'BO1', 'BO2'],
      approvals: [{ principalId: 'PF', userId: 'another', at: '2020-01-01T00:00:00.000Z' }],
    });
  } finally {
    await database.close();
  }
});
