import { startTestDatabase, type TestDatabase } from '@corridor/testkit/test-database';
import { expect, it } from 'vitest';
import { listCharges } from '../http/charges/charges.queries.ts';
import { listClearing } from '../http/clearing/clearing.queries.ts';
import { listOrders, type OrderFilter } from '../http/orders/orders.queries.ts';
import { bookOwnerOf, type Rights, subjectOf } from '../projection/rights.ts';
import { listDisputes } from '../settlement/disputes.queries.ts';
import { readAs } from './read-as.ts';

const CALLERS: readonly Rights[] = [
  { kind: 'ALL' },
  { kind: 'STATION_OPERATOR', principalId: 'SO1' },
  { kind: 'STATION_OPERATOR', principalId: 'SO2' },
  { kind: 'STATION_OPERATOR', principalId: 'SO9' },
  { kind: 'BATTERY_OWNER', principalId: 'BO1' },
  { kind: 'BATTERY_OWNER', principalId: 'BO2' },
  { kind: 'CARRIER', principalId: 'C1' },
  { kind: 'CARRIER', principalId: 'C2' },
  { kind: 'DRIVER', driverId: 'D1', carrierId: 'C1' },
  { kind: 'DRIVER', driverId: 'D9', carrierId: 'C1' },
  { kind: 'PUBLIC' },
];

const FILTERS: readonly OrderFilter[] = [
  {},
  { state: 'CLEARED', stationId: 'S2' },
  { truckId: 'T1', packId: 'P2' },
  { carrierId: 'C2', from: '2026-03-01T01:00:00Z', until: '2026-03-01T02:30:00Z' },
];

/**
 * 240 orders, each third at the instant of the one before. Station S2 and pack P2 were sold half way; each 11th order earns SO2 something, and
 * each 13th BO2, wherever it was.
 */
async function fill({ database }: TestDatabase): Promise<void> {
  await database.pool.query(`
    insert into platform (platform_id, name, registered_at) values ('PF', 'PF', '2026-01-01');
    insert into principal (platform_id, principal_id, kind, name, name_zh, definition, registered_at)
      select 'PF', id, kind, id, id, '{}', '2026-01-01' from (values ('SO1', 'STATION_OPERATOR'), ('SO2', 'STATION_OPERATOR'),
        ('BO1', 'BATTERY_OWNER'), ('BO2', 'BATTERY_OWNER'), ('C1', 'CARRIER'), ('C2', 'CARRIER')) p(id, kind);
    insert into ownership (platform_id, asset_kind, asset_id, principal_id, valid_from, valid_until) values
      ('PF', 'STATION', 'S1', 'SO1', '2026-01-01', null), ('PF', 'STATION', 'S2', 'SO1', '2026-01-01', '2026-03-01 02:00Z'),
      ('PF', 'STATION', 'S2', 'SO2', '2026-03-01 02:00Z', null), ('PF', 'PACK', 'P1', 'BO1', '2026-01-01', null),
      ('PF', 'PACK', 'P2', 'BO1', '2026-01-01', '2026-03-01 02:00Z'), ('PF', 'PACK', 'P2', 'BO2', '2026-03-01 02:00Z', null);
    insert into swap_order (platform_id, order_id, state, initiation, station_id, truck_id, driver_id, carrier_id, return_pack_id, issue_pack_id,
                            payable_fen, created_at, updated_at)
      select 'PF', 'O' || lpad(((n * 7919) % 240)::text, 3, '0'), case when n % 2 = 0 then 'CLEARED' else 'QUOTED' end, 'LOCAL', 'S' || 1 + n % 3, 'T' || n % 5,
             case when n % 4 > 0 then 'D' || n % 4 end, case when n % 7 > 0 then 'C' || 1 + n % 2 end, 'P' || 1 + n % 4,
             case when n % 9 > 0 then 'P' || 1 + n % 5 end, n, t, t
        from generate_series(0, 239) n cross join lateral (select timestamptz '2026-03-01Z' + (n - n % 3) * interval '1 minute' as t) x;
    insert into clearing_entry (platform_id, order_id, principal_id, role, gross_fen, commission_fen, net_fen, cleared_at)
      select 'PF', order_id, id, role, 1, 0, 1, created_at from swap_order
       cross join (values (11, 'SO2', 'STATION_OPERATOR'), (13, 'BO2', 'BATTERY_OWNER')) e(nth, id, role) where payable_fen % nth = 0;
    insert into order_basis (platform_id, order_id, basis, billed_at) select 'PF', order_id, '{}', created_at from swap_order where state = 'CLEARED';
    insert into contract (platform_id, contract_id, carrier_id, valid_from, valid_until, definition, registered_at)
      values ('PF', 'K1', 'C1', '2026-01-01', '2027-01-01', '{}', '2026-01-01');
    insert into charge (platform_id, charge_id, kind, carrier_id, truck_id, contract_id, basis, payable_fen, booked_at)
      select 'PF', 'H' || lpad(n::text, 2, '0'), 'MONTHLY_RENT', 'C' || 1 + n % 2, 'T1', 'K1', '{}', 1, '2026-03-01Z'::timestamptz + n % 9 * interval '1 minute'
        from generate_series(0, 39) n;
    insert into charge_entry select 'PF', charge_id, 'BO2', 'BATTERY_OWNER', 1, 0, 1, booked_at from charge where right(charge_id, 1) in ('3', '4', '5');
    insert into dispute (platform_id, dispute_id, order_id, charge_id, principal_id, raised_by, reason, state, raised_at)
      select 'PF', 'XO' || order_id, order_id, null, 'C2', 'u', 'r', 'WITHDRAWN', created_at from swap_order where payable_fen % 5 = 0
      union all select 'PF', 'XH' || charge_id, null, charge_id, carrier_id, 'u', 'r', 'OPEN', booked_at from charge where right(charge_id, 1) in ('2', '3');
    analyze`);
}

/** All pages of a list, one after the other. @param keyOf where a page ends */
async function allPages<Row>(
  page: (after: readonly string[] | null) => Promise<Row[]>,
  keyOf: (row: Row) => readonly string[],
): Promise<Row[]> {
  const listed: Row[] = [];
  for (let after: readonly string[] | null = null; ; ) {
    const rows: Row[] = await page(after);
    listed.push(...rows);
    const last = rows.at(-1);
    if (last === undefined) return listed;
    after = keyOf(last);
  }
}

it('pages of orders, shares, bills, charges and disputes hold exactly what the caller may see, newest first', async () => {
  await using test = await startTestDatabase();
  await fill(test);
  for (const rights of CALLERS) for (const filter of FILTERS) await comparesOrders(test, rights, filter);
  const counted = await Promise.all(
    CALLERS.map(async (rights) => {
      const { rows } = await readAs(test.database, rights).query<{ n: bigint }>({ text: 'select count(*) as n from seen_order' });
      return `${rights.kind} ${subjectOf(rights)}: ${rows[0]?.n}`;
    }),
  );
  expect(counted).toEqual([
    'ALL null: 240',
    'STATION_OPERATOR SO1: 120',
    'STATION_OPERATOR SO2: 58',
    'STATION_OPERATOR SO9: 0',
    'BATTERY_OWNER BO1: 129',
    'BATTERY_OWNER BO2: 61',
    'CARRIER C1: 102',
    'CARRIER C2: 103',
    'DRIVER D1: 60',
    'DRIVER D9: 0',
    'PUBLIC null: 0',
  ]);
  await comparesClearing(test);
  await comparesChargesAndDisputes(test);
});

async function comparesClearing(test: TestDatabase): Promise<void> {
  for (const principalId of ['SO2', 'BO2', 'C1']) {
    const { rows } = await test.database.pool.query<{ id: string }>({
      text: `select order_id as id from (
               select order_id, cleared_at as at from clearing_entry where principal_id = $1
               union all select order_id, billed_at from order_basis join swap_order using (order_id) where carrier_id = $1) u
              order by at desc, order_id desc`,
      values: [principalId],
    });
    expect(rows.length).toBeGreaterThan(10);
    const kind = principalId === 'C1' ? 'CARRIER' : principalId === 'SO2' ? 'STATION_OPERATOR' : 'BATTERY_OWNER';
    for (const rights of [{ kind: 'ALL' }, { kind, principalId }] as const) {
      const db = readAs(test.database, rights);
      const listed = await allPages(
        (after) => listClearing(db, 'PF', { principalId, from: null, until: null, limit: 3, after }),
        (row) => [row.at.toISOString(), row.order_id, row.correction_id, row.principal_id, row.role],
      );
      expect(
        listed.map(({ order_id }) => order_id),
        `${rights.kind} of ${principalId}`,
      ).toEqual(rows.map(({ id }) => id));
    }
    const others = await listClearing(readAs(test.database, { kind: 'CARRIER', principalId: 'C2' }), 'PF', {
      principalId,
      from: null,
      until: null,
      limit: 500,
      after: null,
    });
    expect(others).toEqual([]);
  }
}

async function comparesChargesAndDisputes(test: TestDatabase): Promise<void> {
  const counted: string[] = [];
  for (const rights of CALLERS) {
    const db = readAs(test.database, rights);
    const idsOf = async (table: 'charge' | 'dispute', at: string) =>
      (await db.query<{ id: string }>({ text: `select ${table}_id as id from ${table} order by ${at} desc, ${table}_id desc` })).rows.map(
        ({ id }) => id,
      );
    const charges = await allPages(
      (after) => listCharges(db, 'PF', { kind: null, orderId: null, limit: 4, after }),
      (charge) => [charge.bookedAt, charge.id],
    );
    expect(charges.map(({ id }) => id)).toEqual(await idsOf('charge', 'booked_at'));
    const disputes = await allPages(
      (after) => listDisputes(db, 'PF', { principalId: bookOwnerOf(rights), state: null, limit: 7, after }),
      (dispute) => [dispute.raised_at.toISOString(), dispute.dispute_id],
    );
    expect(disputes.map(({ dispute_id }) => dispute_id)).toEqual(await idsOf('dispute', 'raised_at'));
    counted.push(`${rights.kind} ${subjectOf(rights)}: ${charges.length}, ${disputes.length}`);
  }
  expect(counted).toEqual([
    'ALL null: 40, 56',
    'STATION_OPERATOR SO1: 0, 0',
    'STATION_OPERATOR SO2: 0, 5',
    'STATION_OPERATOR SO9: 0, 0',
    'BATTERY_OWNER BO1: 0, 0',
    'BATTERY_OWNER BO2: 12, 8',
    'CARRIER C1: 20, 24',
    'CARRIER C2: 20, 52',
    'DRIVER D1: 0, 0',
    'DRIVER D9: 0, 0',
    'PUBLIC null: 0, 0',
  ]);
}

async function comparesOrders(test: TestDatabase, rights: Rights, filter: OrderFilter): Promise<void> {
  const db = readAs(test.database, rights);
  const { rows } = await db.query<{ id: string }>({
    text: `select order_id as id from seen_order where ($1::text is null or state = $1) and ($2::text is null or station_id = $2)
              and ($3::text is null or truck_id = $3) and ($4::text is null or carrier_id = $4)
              and ($5::text is null or $5 in (return_pack_id, issue_pack_id)) and ($6::timestamptz is null or created_at >= $6)
              and ($7::timestamptz is null or created_at < $7) order by created_at desc, order_id desc`,
    values: [filter.state, filter.stationId, filter.truckId, filter.carrierId, filter.packId, filter.from, filter.until].map(
      (value) => value ?? null,
    ),
  });
  const listed = await allPages(
    (after) => listOrders(db, 'PF', { ...filter, limit: 7, after, at: null }),
    (row) => [row.created_at.toISOString(), row.order_id],
  );
  expect(
    listed.map(({ order_id }) => order_id),
    `${rights.kind} ${subjectOf(rights)} ${JSON.stringify(filter)}`,
  ).toEqual(rows.map(({ id }) => id));
}
