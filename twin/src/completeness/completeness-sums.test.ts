import { startTestDatabase } from '@corridor/testkit/test-database';
import { expect, it } from 'vitest';
import { completenessSums } from './completeness-sums.queries.ts';

const NOW_MS = Date.parse('2026-11-22T12:30:00Z');

it('sums what came and what did not over each span, and of a gap what falls into it', async () => {
  await using test = await startTestDatabase();
  const { database } = test;
  await database.pool.query(`insert into lane_hour (platform_id, source, lane, hour, received, late, backfilled, duplicates, refused) values
    ('PF', 'truck:T001', 'tele', '2026-11-22T12:00Z', 90, 1, 0, 2, 3), ('PF', 'truck:T001', 'tele', '2026-11-22T10:00Z', 100, 0, 7, 0, 0),
    ('PF', 'truck:T001', 'tele', '2026-10-01T10:00Z', 9, 9, 9, 9, 9), ('PF', 'station:HH1', 'evt', '2026-11-20T10:00Z', 5, 0, 0, 0, 0),
    ('XX', 'truck:T001', 'tele', '2026-11-22T12:00Z', 1, 1, 1, 1, 1)`);
  await database.pool.query(`insert into lane_gap (platform_id, source, lane, boot_id, first_seq, last_seq, from_at, until_at) values
    ('PF', 'truck:T001', 'tele', 1, 1, 10, '2026-11-22T10:00Z', '2026-11-22T11:20Z'),
    ('PF', 'truck:T001', 'tele', 1, 20, 20, '2026-11-22T11:00Z', '2026-11-22T11:00Z'),
    ('PF', 'truck:T002', 'tele', 1, 1, 4, '2026-11-22T11:30Z', '2026-11-22T11:40Z')`);
  const sums = await completenessSums(database.pool, 'PF', NOW_MS);
  expect(sums.map(({ source, lane }) => `${source.kind}:${source.id} ${lane}`)).toEqual([
    'station:HH1 evt',
    'truck:T001 tele',
    'truck:T002 tele',
  ]);
  const [station, one, two] = sums;
  // The last hour begins at 11:00: a quarter of the long gap, and the one without length.
  expect(one?.spans['1h']).toEqual({
    received: 90,
    late: 1,
    backfilled: 0,
    duplicates: 2,
    refused: 3,
    missing: 3.5,
    completeRatio: 90 / 96.5,
  });
  expect(one?.spans['24h']).toMatchObject({ received: 190, backfilled: 7, missing: 11, completeRatio: 190 / 204 });
  expect(one?.spans['30d']).toEqual(one?.spans['24h']);
  expect(two?.spans['1h']).toMatchObject({ received: 0, missing: 4, completeRatio: 0 });
  expect(station?.spans['24h']).toMatchObject({ received: 0, missing: 0, completeRatio: null });
  expect(station?.spans['30d']).toMatchObject({ received: 5, completeRatio: 1 });
});
