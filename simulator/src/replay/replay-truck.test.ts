import { join } from 'node:path';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestNats } from '@corridor/testkit/test-nats';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { DrivenClock } from '../clock/driven-clock.ts';
import { loadWorld } from '../plant/corridor-files.ts';
import { TboxJournal } from '../tbox/tbox-journal.ts';
import { standIn } from '../traffic/platform-rig.ts';
import type { RecordedTrip } from './recorded-trip.ts';
import { replayTruck } from './replay-truck.ts';

it('publishes a recorded trip as its T-box would have, with what deserves a flag', async () => {
  using folder = temporaryFolder();
  await using nats = await startTestNats();
  const connection = await nats.connect(await nats.credentials.issueService('twin'));
  const platform = await standIn(connection);
  const journal = TboxJournal.open(join(folder.path, 'tboxes.db'));
  const clock = new DrivenClock({ scopeAtMs: 1_750_000_000_000, factor: 1, wallNowMs: () => 0 });
  const trip: RecordedTrip = {
    truck: '1',
    trip: '7',
    samples: [0, 10, 20, 400, 410].map((atS) => ({ atS, speedKmh: 61.3, socPercent: null })),
    socStartPercent: 80,
    socEndPercent: 60,
    measuredWh: null,
    doubts: [],
  };
  const { creds } = await nats.credentials.issueTruck('R01');
  await replayTruck({
    truckId: 'R01',
    scope: 'live',
    trips: [trip],
    road: loadWorld(0).road,
    clock,
    journal,
    nats: { url: nats.url, creds },
    speed: 10_000,
    gapSMax: 60,
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
  });
  await platform.until(({ key }) => key === 'truck:evt:trip_ended');
  const events = platform.heard.filter(({ key }) => key.startsWith('truck:evt')).map(({ key, seq }) => `${seq} ${key}`);
  expect(events).toEqual(['1 truck:evt:online', '2 truck:evt:trip_started', '3 truck:evt:trip_ended']);
  const reports = platform.heard.filter(({ key }) => key === 'truck:tele:truck');
  expect(reports[0]?.data).toMatchObject({ truckId: 'R01', socPercent: 80, socSource: 'INTERPOLATED', direction: 'WEST', packId: null });
  expect(reports.at(-1)?.data['socPercent']).toBeCloseTo(60, 0);
  expect(reports.at(-1)?.q).toEqual(expect.arrayContaining(['REPLAY', 'GAP', 'INTERPOLATED']));
  expect(platform.refused).toEqual([]);
  journal.close();
  clock.dispose();
  await connection.close();
});
