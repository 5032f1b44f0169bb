import { startTestDatabase } from '@corridor/testkit/test-database';
import { expect, it } from 'vitest';

/** Tables that the HTTP side's readers never get, and why. */
const INTERNAL: Readonly<Record<string, string>> = {
  platform: 'a name that the configuration knows',
  app_user: 'who signed in: told to nobody',
  alliance: 'known from the reference, in memory',
  actor_snapshot: 'state of the actors as the program stores it; read through projections',
  failed_input: 'what the writer stumbled over; told by alarms',
  gateway_credential: 'keys of gateways',
  ingest_position: 'how far the stream was taken',
  source_position: 'how far each source was taken',
  lane_boot: 'numbers of all sources; what is missing of them is told by lane_gap',
  signal_checkpoint: 'last values of all sources; read through projections',
  rollup_position: 'upkeep of the time series',
  schema_migration: 'which migrations ran',
  order_change: 'states that orders were in, with the money of all parties; read through projections of past scenes',
  scene_history: 'where past scenes begin; told by /scene/span',
  order_basis: 'legs with prices and rents of all parties; read through seen_order_basis, which shows each its own',
  payment_notification: 'numbers of callbacks that were taken, of all payers',
  payment_receiver: 'accounts at the rail, which a payout alone needs',
  payment_receiver_draft: 'accounts that a second person has not approved yet',
  payment_share: "a payout's parts name the payments of others that it is paid out of",
};
/** Raw time series are read through views, which bind them to intervals of ownership. */
const isTimeSeries = (table: string) => /^telemetry_|^actor_transition|_rollup/.test(table);

it('every table has rows for its parties, or is internal for a reason', async () => {
  await using test = await startTestDatabase();
  const { rows } = await test.database.pool.query<{ name: string; closed: boolean; policies: bigint; granted: boolean }>(`
    select c.relname as name, c.relrowsecurity as closed,
           (select count(*) from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname and 'corridor_app' = any(p.roles)) as policies,
           has_any_column_privilege('corridor_app', c.oid, 'select') as granted
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`);
  expect(rows.length).toBeGreaterThan(40);
  const found = rows
    .filter(({ name }) => !isTimeSeries(name))
    .map(({ name, closed, policies, granted }) => ({
      name,
      is: policies > 0n && granted && closed ? 'covered' : policies === 0n && !granted ? 'internal' : 'half open',
    }));
  const expected = found.map(({ name }) => ({ name, is: name in INTERNAL ? 'internal' : 'covered' }));
  expect(found).toEqual(expected);
  expect(Object.keys(INTERNAL).filter((name) => !found.some((table) => table.name === name))).toEqual([]);
  for (const { name } of rows.filter(({ name: table }) => isTimeSeries(table)))
    expect(rows.find((row) => row.name === name)?.granted, `${name} is read through its view`).toBe(false);
});

it('nobody may write as the reader of the HTTP side', async () => {
  await using test = await startTestDatabase();
  const { rows } = await test.database.pool.query(`
    select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
       and (has_table_privilege('corridor_app', c.oid, 'insert') or has_table_privilege('corridor_app', c.oid, 'update')
            or has_table_privilege('corridor_app', c.oid, 'delete') or has_table_privilege('corridor_app', c.oid, 'truncate'))`);
  expect(rows).toEqual([]);
});
