import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { type Drafts, NO_DRAFTS } from '@corridor/actors/rerate/draft-reference';
import type { RerateRow, RerateTotals } from '@corridor/actors/rerate/rerate-totals';
import type { Billing } from '@corridor/protocols/agreement/billing';
import type { Penalty } from '@corridor/protocols/agreement/penalty';
import type { Contract } from '@corridor/protocols/network-file';
import { until } from '@corridor/testkit/until';
import type { Db } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import { staysNotNoted } from '@corridor/twin/rerate/beside-swaps.queries';
import { RerateDesk } from '@corridor/twin/rerate/rerate-desk';
import { rerateSpan } from '@corridor/twin/rerate/rerate-span';
import { loadReference } from '@corridor/twin/restore/load-reference';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MONTH, startBookedMonth } from './booked-month.fixture.ts';

let month: Awaited<ReturnType<typeof startBookedMonth>>;
beforeAll(async () => {
  month = await startBookedMonth({ deeds: 160, seed: 7, settled: true });
});
afterAll(async () => month[Symbol.asyncDispose]());

/** @param now what has changed in the network since the orders were billed */
async function rerated(
  drafts: (reference: ReferenceStore) => Drafts,
  now: (reference: ReferenceStore) => void = () => undefined,
  db: Db = month.database.pool,
) {
  const reference = new ReferenceStore('PF', () => null);
  reference.apply(await loadReference(db, 'PF'));
  now(reference);
  const span = { platformId: 'PF', ...MONTH };
  return rerateSpan(db, span, { reference, drafts: drafts(reference) }, () => undefined);
}

const countOf = async (table: string, where = 'true'): Promise<number> => {
  const { rows } = await month.database.pool.query<{ count: number }>(`select count(*)::integer as count from ${table} where ${where}`);
  return rows[0]?.count ?? 0;
};
/** Gains of every party, station and truck that gains or loses. */
const gainsOf = (totals: RerateTotals, kind: RerateRow['kind']) =>
  new Map(
    totals
      .rows()
      .filter((row) => row.kind === kind && row.beforeFen !== row.afterFen)
      .map(({ id, beforeFen, afterFen }) => [id, afterFen - beforeFen] as const),
  );
const sumOf = (gains: ReadonlyMap<string, bigint>) => [...gains.values()].reduce((sum, gain) => sum + gain, 0n);

it('finds of every booked order the bill that it had, when nothing is tried', async () => {
  const totals = await rerated(() => NO_DRAFTS);
  expect(totals.orders).toBeGreaterThan(10);
  // What was corrected later is compared as it was first billed, and said.
  expect(totals.leftOut()).toEqual([{ kind: 'CORRECTION', reason: 'AS_FIRST_BILLED', count: await countOf('correction') }]);
  for (const { beforeFen, afterFen } of totals.rows()) expect(afterFen).toBe(beforeFen);
});

it('leaves bills and penalties with whose the stations were, also when they were sold since', async () => {
  const as = await rerated(() => NO_DRAFTS);
  const sold = await rerated(
    () => NO_DRAFTS,
    (reference) => reference.apply({ stations: [...reference.stations()].map((station) => ({ ...station, operatorId: 'SO3' })) }),
  );
  expect(sold.rows()).toEqual(as.rows());
});

it('compares a penalty that is due and not in the books with nothing, and says so', async () => {
  const as = await rerated(() => NO_DRAFTS);
  const client = await month.database.pool.connect();
  try {
    await client.query('begin');
    await client.query(
      `insert into penalty_incident (platform_id, kind, order_id, station_id, truck_id, carrier_id, rated_at, stayed_ms, incurred_at)
       values ('PF', 'OVERSTAY', 'due', 'HH1', 'T001', 'C2', '2026-12-01', 6000000, '2026-12-01 01:40:00')`,
    );
    const due = await rerated(
      () => NO_DRAFTS,
      () => undefined,
      client,
    );
    expect(due.rows()).toEqual(as.rows());
    expect(due.leftOut()).toEqual([{ kind: 'OVERSTAY', reason: 'NOT_BOOKED', count: 1 }, ...as.leftOut()]);
  } finally {
    await client.query('rollback');
    client.release();
  }
});

it('moves between the parties what a dearer handling costs, and touches nothing', async () => {
  const before = await countOf('transfer');
  const totals = await rerated((reference) => ({
    ...NO_DRAFTS,
    stationRates: [...reference.stations()].flatMap(({ id }) => {
      const rate = reference.stationRate(id, '2026-11-22');
      return rate === undefined ? [] : [{ ...rate, id: `${rate.id}-draft`, handlingFen: (BigInt(rate.handlingFen) + 500n).toString() }];
    }),
  }));
  const rows = totals.rows();
  const gains = rows.filter(({ kind }) => kind === 'PARTY').map(({ beforeFen, afterFen }) => afterFen - beforeFen);
  expect(gains.some((gain) => gain > 0n)).toBe(true);
  expect(gains.some((gain) => gain < 0n)).toBe(true);
  expect(gains.reduce((sum, gain) => sum + gain, 0n)).toBe(0n);
  expect(await countOf('transfer')).toBe(before);
});

it('counts the rent of a draft by the month, for the days that are written, and refuses packages that nobody bought', async () => {
  const drafted = (carrierId: string, billing: Billing) =>
    rerated((reference) => {
      const contract = reference.contractOf(carrierId, '2026-11-22');
      return { ...NO_DRAFTS, contracts: contract === undefined ? [] : [{ ...contract, id: 'draft', billing }] };
    });
  const rent: Billing = { mode: 'MONTHLY_RENT', issuerId: 'PF', feeNanoYuanPerKwhMonth: '10000000000' };
  const [as, free, dear] = [
    await rerated(() => NO_DRAFTS),
    await drafted('C1', { ...rent, feeNanoYuanPerKwhMonth: '0' }),
    await drafted('C1', rent),
  ];
  const trucksOf = (totals: typeof as) => totals.rows().filter(({ kind }) => kind === 'TRUCK');
  const paidOf = (totals: typeof as) => trucksOf(totals).reduce((sum, { afterFen }) => sum + afterFen, 0n);
  const paidFen = paidOf(dear) - paidOf(free);
  const got = (totals: typeof as, id: string) => totals.rows().find((row) => row.kind === 'PARTY' && row.id === id)?.afterFen ?? 0n;
  expect(paidFen).toBeGreaterThan(0n);
  expect(got(dear, 'PF') - got(free, 'PF')).toBe(paidFen);
  expect(got(dear, 'C1') - got(free, 'C1')).toBe(0n - paidFen);
  expect(dear.orders).toBe(as.orders);
  // C3 pays by the month as it is: with its own contract as a draft, nothing moves.
  const same = await drafted('C3', { mode: 'MONTHLY_RENT', issuerId: 'BO1', feeNanoYuanPerKwhMonth: '10000000000' });
  for (const { beforeFen, afterFen } of same.rows()) expect(afterFen).toBe(beforeFen);
  const offers = [{ id: 'SWAP-2', name: '2 swaps', unit: 'swap', quantity: 2, priceFen: '50001', validDays: 10 } as const];
  const packages = await drafted('C1', { mode: 'PACKAGE', issuerId: 'PF', replaces: ['BATTERY_RENT'], offers });
  expect(packages.leftOut()).toContainEqual({ kind: 'SWAP', reason: 'PACKAGE_NOT_BOUGHT', count: expect.any(Number) });
  expect(packages.rows().find(({ id }) => id === 'C1')).toBeUndefined();
});

describe('what is owed beside swaps', () => {
  const withTerms = async (carrierId: string, terms: Partial<Contract>) =>
    rerated((reference) => {
      const contract = reference.contractOf(carrierId, '2026-11-22');
      return { ...NO_DRAFTS, contracts: contract === undefined ? [] : [{ ...contract, id: 'draft', ...terms }] };
    });
  const afterFen = (totals: RerateTotals, id: string) => totals.rows().find((row) => row.kind === 'PARTY' && row.id === id)?.afterFen ?? 0n;
  const kindsLeftOut = (totals: RerateTotals) => totals.leftOut().map(({ kind }) => kind);
  const penalty = (kind: 'NO_SHOW' | 'OVERSTAY', amountFen: string, minutes = { graceMinutes: 10, blockMinutes: 15 }): Penalty =>
    kind === 'NO_SHOW' ? { kind, amountFen, waivers: [] } : { kind, amountFen, waivers: [], ...minutes };

  it('counts trucks that did not come, also where nobody owed for that before', async () => {
    const free = await withTerms('C1', { penalties: [] });
    const dear = await withTerms('C1', { penalties: [penalty('NO_SHOW', '100')] });
    const noShows = await countOf('swap_order', "state = 'CANCELLED' and reason = 'RESERVATION_EXPIRED' and carrier_id = 'C1'");
    expect(noShows).toBeGreaterThan(0);
    expect(afterFen(free, 'C1') - afterFen(dear, 'C1')).toBe(100n * BigInt(noShows));
    for (const kind of ['STATION', 'TRUCK'] as const) expect(sumOf(gainsOf(dear, kind))).toBe(100n * BigInt(noShows));
    expect(sumOf(gainsOf(dear, 'PARTY'))).toBe(0n);
    expect(kindsLeftOut(dear)).toEqual(['CORRECTION']);
  });

  it('counts stays in the bay that were noted, and says how many were not', async () => {
    const noted = await countOf('penalty_incident', "kind = 'OVERSTAY' and carrier_id = 'C2'");
    const owed = await month.database.pool.query<{ fen: bigint }>(
      "select sum(payable_fen)::bigint as fen from charge where kind = 'OVERSTAY'",
    );
    const as = await withTerms('C2', { penalties: [penalty('OVERSTAY', '2000')] });
    const cheap = await withTerms('C2', { penalties: [penalty('OVERSTAY', '70', { graceMinutes: 10, blockMinutes: 1_000 })] });
    expect(noted).toBeGreaterThan(0);
    expect(afterFen(cheap, 'C2') - afterFen(as, 'C2')).toBe((owed.rows[0]?.fen ?? 0n) - 70n * BigInt(noted));
    expect(sumOf(gainsOf(cheap, 'PARTY'))).toBe(0n);
    expect(kindsLeftOut(cheap)).toEqual(['CORRECTION']);
    const stricter = await withTerms('C2', { penalties: [penalty('OVERSTAY', '2000', { graceMinutes: 9, blockMinutes: 15 })] });
    expect(kindsLeftOut(stricter)).toEqual(['OVERSTAY', 'CORRECTION']);
    const ended = 'swap s join swap_order o using (platform_id, order_id)';
    const billed = await countOf(
      `${ended} join order_basis b using (platform_id, order_id)`,
      "o.carrier_id = 'C1' and s.state = 'COMPLETED' and s.reason is null",
    );
    const completed = await countOf(ended, "o.carrier_id = 'C1' and s.state = 'COMPLETED'");
    const [unknown] = (await withTerms('C1', { penalties: [penalty('OVERSTAY', '1')] })).leftOut();
    expect(unknown).toMatchObject({ kind: 'OVERSTAY', reason: 'STAY_NOT_KNOWN' });
    expect(unknown?.count).toBeGreaterThanOrEqual(Math.max(1, billed));
    expect(unknown?.count).toBeLessThanOrEqual(completed);
  });

  it('counts no stay after a swap that did not complete', async () => {
    const client = await month.database.pool.connect();
    const swapsOf = async () =>
      (await staysNotNoted(client, { platformId: 'PF', ...MONTH }, ['C1'])).reduce((sum, { swaps }) => sum + swaps, 0);
    try {
      await client.query('begin');
      const before = await swapsOf();
      const { rowCount } = await client.query(
        `update swap set state = 'FAILED' where swap_id in
           (select s.swap_id from swap s join order_basis b using (platform_id, order_id) join swap_order o using (platform_id, order_id)
             where o.carrier_id = 'C1' and s.state = 'COMPLETED' and s.reason is null order by s.swap_id limit 2)`,
      );
      expect([rowCount, await swapsOf()]).toEqual([2, before - 2]);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('counts what packages expired with, which a draft without them would have left to the carrier', async () => {
    const { rows } = await month.database.pool.query<{ fen: bigint; packages: number }>(
      "select sum(amount_fen)::bigint as fen, count(*)::integer as packages from transfer where kind = 'PACKAGE_EXPIRY'",
    );
    const [expired] = rows;
    const none = await withTerms('C4', { billing: { mode: 'PER_KWH' } });
    // What carriers pay beside their trucks.
    const beside = (of: 'beforeFen' | 'afterFen') =>
      none.rows().reduce((sum, row) => (row.kind === 'TRUCK' || /^C\d$/.test(row.id) ? sum + row[of] : sum), 0n);
    expect(expired?.fen).toBeGreaterThan(0n);
    expect([beside('beforeFen'), beside('afterFen')]).toEqual([0n - (expired?.fen ?? 0n), 0n]);
    expect(sumOf(gainsOf(none, 'PARTY'))).toBe(0n);
    const offers = [{ id: 'SWAP-2', name: '2 swaps', unit: 'swap', quantity: 2, priceFen: '50001', validDays: 10 } as const];
    const others = await withTerms('C4', { billing: { mode: 'PACKAGE', issuerId: 'PF', replaces: ['BATTERY_RENT'], offers } });
    expect(others.leftOut()).toContainEqual({ kind: 'PACKAGE_EXPIRY', reason: 'PACKAGE_NOT_BOUGHT', count: expired?.packages });
  });
});

it('does it in a thread that tells how far it is', async () => {
  const desk = new RerateDesk(silentLog());
  const task = { databaseUrl: month.postgres.url, span: { platformId: 'PF', ...MONTH }, drafts: NO_DRAFTS };
  const rerating = desk.begin(task);
  expect(rerating?.state).toBe('RUNNING');
  expect(desk.begin(task)).toBeNull();
  await until('it is done', 60_000, async () => (rerating?.state === 'RUNNING' ? null : true));
  expect(rerating?.state).toBe('DONE');
  expect(rerating?.done).toBe(rerating?.total);
  expect(rerating?.result?.orders).toBe(rerating?.total);
  await desk.close();
});
