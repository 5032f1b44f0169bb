import { aReference, NOON_MS, networkFile } from '@corridor/actors/order/order.fixture';
import { startTestDatabase } from '@corridor/testkit/test-database';
import { expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { ChargeSide } from './charge-side.ts';

it('looks once more for who asks while it looks: what came meanwhile is due too', async () => {
  await using test = await startTestDatabase();
  const { pool } = test.database;
  await pool.query("insert into platform (platform_id, name, registered_at) values ('PF', 'PF', now())");
  await pool.query(
    `insert into principal (platform_id, principal_id, kind, name, name_zh, definition, registered_at)
     values ('PF', 'C1', 'CARRIER', 'C1', 'C1', '{}', now())`,
  );
  const booked: string[] = [];
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const charges = new ChargeSide({
    database: test.database,
    platformId: 'PF',
    reference: aReference({
      contracts: networkFile.contracts.map((each) => ({ ...each, penalties: [{ kind: 'NO_SHOW', amountFen: '5000', waivers: [] }] })),
    }),
    writer: {
      async ask(intent) {
        if (intent.type === 'charge.book') booked.push(intent.charge.chargeId);
        // Asked when rents are looked for, behind the penalties.
        reached.resolve();
        await held.promise;
        return { ok: true, code: 'CHARGED', detail: '', orderId: null };
      },
    },
    booksOf: () => null,
    scopeNowMs: () => NOON_MS,
    wallNowMs: () => NOON_MS,
    log: silentLog(),
  });
  const first = charges.look();
  await reached.promise;
  await pool.query({
    text: `insert into penalty_incident (platform_id, kind, order_id, station_id, truck_id, carrier_id, rated_at, incurred_at)
           values ('PF', 'NO_SHOW', 'O1', 'HH1', 'T1', 'C1', $1, $1)`,
    values: [new Date(NOON_MS).toISOString()],
  });
  const second = charges.look();
  held.resolve();
  await Promise.all([first, second]);
  expect(booked).toEqual(['no-show:O1']);
  await charges.stop();
});
