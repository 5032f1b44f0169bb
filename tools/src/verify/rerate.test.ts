import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { type Drafts, NO_DRAFTS } from '@corridor/actors/rerate/draft-reference';
import type { Billing } from '@corridor/protocols/agreement/billing';
import { until } from '@corridor/testkit/until';
import { silentLog } from '@corridor/twin/log';
import { RerateDesk } from '@corridor/twin/rerate/rerate-desk';
import { rerateSpan } from '@corridor/twin/rerate/rerate-span';
import { loadReference } from '@corridor/twin/restore/load-reference';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MONTH, startBookedMonth } from './booked-month.fixture.ts';

let month: Awaited<ReturnType<typeof startBookedMonth>>;
beforeAll(async () => {
  month = await startBookedMonth({ deeds: 120, seed: 7 });
});
afterAll(async () => month[Symbol.asyncDispose]());

async function rerated(drafts: (reference: ReferenceStore) => Drafts) {
  const reference = new ReferenceStore('PF', () => null);
  reference.apply(await loadReference(month.database.pool, 'PF'));
  const span = { platformId: 'PF', ...MONTH };
  return rerateSpan(month.database.pool, span, { reference, drafts: drafts(reference) }, () => undefined);
}

it('finds of every booked order the bill that it had, when nothing is tried', async () => {
  const totals = await rerated(() => NO_DRAFTS);
  expect(totals.orders).toBeGreaterThan(10);
  expect([...totals.refused]).toEqual([]);
  for (const { beforeFen, afterFen } of totals.rows()) expect(afterFen).toBe(beforeFen);
});

it('moves between the parties what a dearer handling costs, and touches nothing', async () => {
  const count = async () => (await month.database.pool.query<{ count: bigint }>('select count(*) from transfer')).rows[0]?.count;
  const before = await count();
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
  expect(await count()).toBe(before);
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
  const sumOf = (totals: typeof as) => trucksOf(totals).reduce((sum, { afterFen }) => sum + afterFen, 0n);
  const paidFen = sumOf(dear) - sumOf(free);
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
  expect([...packages.refused.keys()]).toEqual(['PACKAGE_NOT_BOUGHT']);
  expect(packages.rows().find(({ id }) => id === 'C1')).toBeUndefined();
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
