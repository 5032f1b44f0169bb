import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { type Drafts, NO_DRAFTS } from '@corridor/actors/rerate/draft-reference';
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
