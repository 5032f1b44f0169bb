import { startTestDatabase } from '@corridor/testkit/test-database';
import { expect, it } from 'vitest';
import { packReadingsOf } from './abnormal-evidence.queries.ts';

const BEGAN = new Date('2026-11-22T04:00:00Z');
const ENDED = new Date('2026-11-22T05:00:00Z');
const MINUTE_MS = 60_000;

it('shows the end of an order also of a pack that changes its place all the time, and all that the other one tells', async () => {
  await using test = await startTestDatabase();
  const { pool } = test.database;
  // One goes to and fro each second of the hour; the other comes onto the truck in the middle of it.
  await pool.query(
    `insert into telemetry_pack (platform_id, pack_id, src, type_code, location_kind, location_id, soc_percent, contactor_closed, cycles,
       throughput_wh, fault_codes, ts_event, ts_ingest, boot_id, seq, backfill, q)
     select 'PF', pack_id, 'HH1', 'LFP350', case when is_on_truck then 'TRUCK' else 'SLOT' end, case when is_on_truck then 'T001' else 'HH1-1' end, 50,
            true, 1, 1, '{}', $1::timestamptz + make_interval(secs => second), now(), 1, second, false, '{}'
       from generate_series(0, 3600) second,
            lateral (values ('FLAPS', second % 2 = 1), ('CALM', second >= 1800)) pack (pack_id, is_on_truck)`,
    [BEGAN],
  );
  const order = { return_pack_id: 'FLAPS', issue_pack_id: 'CALM', created_at: BEGAN, updated_at: ENDED };
  const readings = await packReadingsOf(pool, 'PF', order);
  const secondsOf = (packId: string) =>
    readings.filter(({ pack_id }) => pack_id === packId).map(({ ts }) => (ts.getTime() - BEGAN.getTime()) / 1_000);
  const ends = Array.from({ length: 50 }, (_, no) => no);
  expect(secondsOf('FLAPS')).toEqual([...ends, ...ends.map((no) => 3_551 + no)]);
  const calm = secondsOf('CALM');
  expect(calm).toEqual(expect.arrayContaining([0, 1_799, 1_800, 3_600]));
  expect(calm.length).toBeLessThan(20);
  expect(readings.map(({ ts }) => ts.getTime())).toEqual(readings.map(({ ts }) => ts.getTime()).toSorted((a, b) => a - b));
  const later = await packReadingsOf(pool, 'PF', {
    ...order,
    created_at: new Date(ENDED.getTime() + 11 * MINUTE_MS),
    updated_at: new Date(ENDED.getTime() + 12 * MINUTE_MS),
  });
  expect(later).toEqual([]);
});
