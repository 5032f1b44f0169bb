import { NOON_MS } from '@corridor/actors/network/corridor.fixture';
import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { pricedPeriodAt } from '@corridor/actors/tariff/time-of-use';
import type { StationTelemetry } from '@corridor/protocols/tele/station';
import { startTestDatabase } from '@corridor/testkit/test-database';
import { expect, it } from 'vitest';
import { LaneBook } from '../completeness/lane-book.ts';
import { silentLog } from '../log.ts';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '../seed/network-files.ts';
import { ScopeClock } from '../writer/scope-clock.ts';
import { SourceClocks } from './source-time.ts';
import { TelemetryIntake } from './telemetry-intake.ts';
import { TelemetryStore } from './telemetry-store.ts';

const HOUR_MS = 3_600_000;
const STATION = {
  stationId: 'HH1',
  state: 'OPERATIVE',
  readyPacks: 1,
  chargingPacks: 2,
  emptySlots: 1,
  queueLength: 0,
  estWaitMs: 0,
  gridPowerW: 0,
  gridLimitW: 2e6,
  pvPowerW: 0,
  auxPowerW: 0,
  ambientC: 20,
  windMps: 1,
  commsRttMs: 1,
} as const;

function reported(seq: number, atMs: number, activeTariffPeriod: string | null) {
  const at = new Date(atMs).toISOString();
  const head = { schema: 'tele.station/1', src: 'HH1', bootId: 1, seq, tsEvent: at, tsSend: at, backfill: false, q: [] };
  const data = new TextEncoder().encode(JSON.stringify({ ...head, data: { ...STATION, activeTariffPeriod } }));
  return { subject: 'evs.v1.live.station.HH1.tele.station', data, streamSeq: seq, storedWallMs: atMs, messageId: '' };
}

it('names the tariff period of a station that does not know it, at the time of the report, and leaves one that does', async () => {
  await using test = await startTestDatabase();
  const { pool } = test.database;
  await pool.query(`insert into platform values ('PF', 'Platform', now())`);
  const reference = ReferenceStore.of(readNetworkFile(DEFAULT_NETWORK_FILE), () => 0);
  let wallMs = NOON_MS;
  const store = await TelemetryStore.open({
    database: test.database,
    platformId: 'PF',
    log: silentLog(),
    scopeNowMs: () => wallMs,
    onRetry: () => undefined,
  });
  const told: (string | null)[] = [];
  const failed: unknown[] = [];
  const intake = new TelemetryIntake({
    laneBook: new LaneBook(),
    platformId: 'PF',
    scope: 'live',
    reference,
    clock: new ScopeClock({ wallNowMs: () => wallMs, storedScopeMs: null, driven: false }),
    sourceClocks: new SourceClocks(),
    wallNowMs: () => wallMs,
    store,
    onTelemetry: ({ decoded }) => {
      told.push((decoded.envelope.data as StationTelemetry['data']).activeTariffPeriod);
      return undefined;
    },
    onWritten: () => undefined,
    eventBootOf: () => 0,
    onRefused: ({ reason }) => failed.push(reason),
    onDuplicate: (source) => failed.push(source),
    onSkewChanged: () => undefined,
    onFatal: (cause) => failed.push(cause),
  });
  const expected: (string | null)[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    wallMs = NOON_MS + hour * HOUR_MS;
    expected.push(pricedPeriodAt((stationId, onDate) => reference.tariffOf(stationId, onDate), 'HH1', wallMs)?.period ?? null);
    await intake.take(reported(hour + 1, wallMs, null));
  }
  const other = expected.at(-1) === 'PEAK' ? 'VALLEY' : 'PEAK';
  await intake.take(reported(25, wallMs, other));
  await intake.stop();
  expect(failed).toEqual([]);
  expect(told).toEqual([...expected, other]);
  expect(new Set(expected).size).toBeGreaterThanOrEqual(3);
  expect(expected).not.toContain(null);
  const { rows } = await pool.query<{ active_tariff_period: string }>('select active_tariff_period from telemetry_station order by seq');
  expect(rows.map((row) => row.active_tariff_period)).toEqual(told);
});
