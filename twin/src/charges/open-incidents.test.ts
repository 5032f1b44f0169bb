import { aReference, NOON_MS, networkFile } from '@corridor/actors/order/order.fixture';
import { startTestDatabase } from '@corridor/testkit/test-database';
import { expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { ChargeSide } from './charge-side.ts';

const UNRATED = 450;

it('charges a penalty behind any number of those that nobody can rate, and lets their carrier go when the platform settled them', async () => {
  await using test = await startTestDatabase();
  const { pool } = test.database;
  await pool.query("insert into platform (platform_id, name, registered_at) values ('PF', 'PF', now())");
  await pool.query(
    `insert into principal (platform_id, principal_id, kind, name, name_zh, definition, registered_at)
     values ('PF', 'C1', 'CARRIER', 'C1', 'C1', '{}', now())`,
  );
  // No contract was in force then; all of them at one instant, so that pages end between equals.
  await pool.query({
    text: `insert into penalty_incident (platform_id, kind, order_id, station_id, truck_id, carrier_id, rated_at, incurred_at)
           select 'PF', 'NO_SHOW', 'U' || no, 'HH1', 'T1', 'C1', '2001-01-01', '2001-01-01 00:00:00.123456' from generate_series(1, $1) no`,
    values: [UNRATED],
  });
  const noon = new Date(NOON_MS).toISOString();
  await pool.query({
    text: `insert into penalty_incident (platform_id, kind, order_id, station_id, truck_id, carrier_id, rated_at, incurred_at)
           values ('PF', 'NO_SHOW', 'O1', 'HH1', 'T1', 'C1', $1, $1)`,
    values: [noon],
  });
  await pool.query({
    text: "insert into ingest_position (platform_id, stream, stream_seq, scope_at, batch_no, driven) values ('PF', 'EVT', 0, $1, 1, false)",
    values: [noon],
  });
  const booked: string[] = [];
  const charges = new ChargeSide({
    database: test.database,
    platformId: 'PF',
    reference: aReference({
      contracts: networkFile.contracts.map((each) => ({ ...each, penalties: [{ kind: 'NO_SHOW', amountFen: '5000', waivers: [] }] })),
    }),
    writer: {
      ask(intent) {
        if (intent.type === 'charge.book') booked.push(intent.charge.chargeId);
        return Promise.resolve({ ok: true, code: 'CHARGED', detail: '', orderId: null });
      },
    },
    booksOf: () => null,
    scopeNowMs: () => NOON_MS,
    wallNowMs: () => NOON_MS,
    log: silentLog(),
  });
  await charges.look();
  expect(booked).toEqual(['no-show:O1']);
  expect(await charges.chargeToDate('C1')).toBeNull();
  expect(booked).toEqual(['no-show:O1', 'no-show:O1']);
});
