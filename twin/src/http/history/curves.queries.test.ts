import type { Curves } from '@corridor/protocols/http/equipment';
import { startTestDatabase } from '@corridor/testkit/test-database';
import { expect, it } from 'vitest';
import type { Database } from '../../db/db.ts';
import { rollUp } from '../../db/rollup.queries.ts';
import { prepareTimeSeries } from '../../db/time-series.ts';
import { silentLog } from '../../log.ts';
import { ALL_RIGHTS, type Rights } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import { CURVES, type CurveSeries } from './curve-series.ts';
import { readCurves } from './curves.queries.ts';

const T0 = Date.UTC(2026, 5, 1, 8);
const DAY_MS = 86_400_000;
/** Spans that are drawn from readings, minutes and hours. */
const SPANS = [
  { days: 1, resolution: 'RAW' },
  { days: 7, resolution: '1m' },
  { days: 30, resolution: '1h' },
] as const;
/** Readings of a minute, and one of the next: a peak of one, and an unknown one. */
const VOLTS = [600, 660, null, 630, 500];
const SECONDS = [0, 20, 30, 40, 60];

async function store(database: Database): Promise<void> {
  await database.pool.query(`
    insert into platform values ('PF', 'Platform', now());
    insert into principal (platform_id, principal_id, kind, name, name_zh, definition, registered_at)
      values ('PF', 'SO1', 'STATION_OPERATOR', 'One', '一', '{}', now()), ('PF', 'BO1', 'BATTERY_OWNER', 'Two', '二', '{}', now()), ('PF', 'C1', 'CARRIER', 'Three', '三', '{}', now());
    insert into ownership (platform_id, asset_kind, asset_id, principal_id, valid_from) values
      ('PF', 'STATION', 'HH1', 'SO1', '2026-01-01Z'), ('PF', 'PACK', 'P1', 'BO1', '2026-01-01Z'), ('PF', 'TRUCK', 'T1', 'C1', '2026-01-01Z')`);
  const values = [SECONDS.map((seconds) => new Date(T0 + seconds * 1_000)), VOLTS];
  await database.pool.query(
    `insert into telemetry_slot (platform_id, station_id, evse_id, slot_state, pack_id, charging_state, setpoint_w, power_w, voltage_v, current_a, meter_wh,
                                 smoke, door_open, ts_event, ts_ingest, boot_id, seq, backfill, q)
     select 'PF', 'HH1', 1, 'CHARGING', 'P1', 'CC', 1, 1, volts, volts / 4, 1, false, false, at, now(), 1, n, false, '{}'
       from unnest($1::timestamptz[], $2::real[]) with ordinality as r(at, volts, n)`,
    values,
  );
  await database.pool.query(
    `insert into telemetry_truck (platform_id, truck_id, vehicle_state, soc_source, pack_voltage_v, pack_current_a, alarm_bits, alarm_level,
                                  ts_event, ts_ingest, boot_id, seq, backfill, q)
     select 'PF', 'T1', 'DRIVING', 'BMS', volts, volts / 4, 0, 0, at, now(), 1, n, false, '{}'
       from unnest($1::timestamptz[], $2::real[]) with ordinality as r(at, volts, n)`,
    values,
  );
}

const THINGS = [
  { series: CURVES.slots, key: { station_id: 'HH1', evse_id: 1 } },
  { series: CURVES.trucks, key: { truck_id: 'T1' } },
] as const satisfies readonly { series: CurveSeries; key: Record<string, string | number> }[];

function curvesOf(database: Database, rights: Rights, thing: (typeof THINGS)[number], days: number): Promise<Curves> {
  const span = { fromMs: T0 - days * DAY_MS + 3_600_000, untilMs: T0 + 3_600_000, points: 100 };
  return readCurves(readAs(database, rights), thing.series, { platformId: 'PF', key: thing.key, ...span });
}

const rollUpBoth = async (database: Database): Promise<void> => {
  for (const width of ['1m', '1h'] as const) await rollUp(database, width);
};

const known = { mean: 630, low: 600, high: 660 };
/** Volts by resolution: the unknown reading counts for nothing. */
const VOLTS_AT = {
  RAW: { mean: VOLTS, low: VOLTS, high: VOLTS },
  '1m': { mean: [known.mean, 500], low: [known.low, 500], high: [known.high, 500] },
  '1h': { mean: [597.5], low: [500], high: [660] },
} as const;
const quarter = (values: readonly (number | null)[]) => values.map((value) => (value === null ? null : value / 4));

async function expectDrawn(database: Database): Promise<void> {
  for (const thing of THINGS) {
    for (const { days, resolution } of SPANS) {
      const curves = await curvesOf(database, ALL_RIGHTS, thing, days);
      const { mean, low, high } = VOLTS_AT[resolution];
      expect(curves.resolution).toBe(resolution);
      expect(curves.series['voltageV']).toEqual({ mean, low, high });
      expect(curves.series['currentA']).toEqual({ mean: quarter(mean), low: quarter(low), high: quarter(high) });
    }
  }
}

it('draw voltage and current of chargers and trucks at every resolution, to whose they were', async () => {
  await using test = await startTestDatabase();
  const { database } = test;
  await prepareTimeSeries(database, silentLog());
  await store(database);
  await rollUpBoth(database);
  await expectDrawn(database);
  const [slot, truck] = THINGS;
  const count = async (rights: Rights, thing: (typeof THINGS)[number], days: number) => {
    const { series } = await curvesOf(database, rights, thing, days);
    return series['voltageV']?.mean.filter((value) => value !== null).length;
  };
  for (const { days, resolution } of SPANS) {
    const all = VOLTS_AT[resolution].mean.filter((value) => value !== null).length;
    expect(await count({ kind: 'STATION_OPERATOR', principalId: 'SO1' }, slot, days)).toBe(all);
    // Whose pack is charged sees it too.
    expect(await count({ kind: 'BATTERY_OWNER', principalId: 'BO1' }, slot, days)).toBe(all);
    expect(await count({ kind: 'CARRIER', principalId: 'C1' }, truck, days)).toBe(all);
    for (const thing of THINGS) expect(await count({ kind: 'STATION_OPERATOR', principalId: 'SO2' }, thing, days)).toBe(0);
  }
});

it('a database from before they were kept gets them from the readings that are there', async () => {
  await using test = await startTestDatabase();
  const { database } = test;
  await store(database);
  await prepareTimeSeries(database, silentLog());
  await rollUpBoth(database);
  for (const name of ['telemetry_slot_electric', 'telemetry_truck_electric']) {
    for (const width of ['1m', '1h']) await database.pool.query(`drop table ${name}_${width} cascade`);
  }
  await database.pool.query("delete from rollup_position where rollup like '%electric%'");
  await prepareTimeSeries(database, silentLog());
  // Until then what was kept is drawn without them.
  const week = await curvesOf(database, ALL_RIGHTS, THINGS[0], 7);
  expect([week.at.length, week.series['powerW']?.mean, week.series['voltageV']?.mean]).toEqual([2, [1, 1], [null, null]]);
  await rollUpBoth(database);
  await expectDrawn(database);
});
