import type { Envelope } from '@corridor/protocols/envelope';
import { startTestPostgres } from '@corridor/testkit/test-postgres';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { CopyEncoder } from './copy-encoder.ts';
import { type Database, inTransaction, openDatabase } from './db.ts';
import { migrate } from './migrate.ts';
import { writePastKnown, writeTelemetry } from './telemetry.queries.ts';
import { TelemetryBatch, type TelemetryMessage } from './telemetry-batch.ts';
import { TELEMETRY_TABLE_NAMES, TELEMETRY_TABLES } from './telemetry-table.ts';

const T0 = Date.UTC(2026, 0, 1);

function message(source: 'station' | 'truck', kind: string, data: object, change: Partial<Envelope<unknown>> = {}): TelemetryMessage {
  const src = source === 'station' ? 'HH1' : 'T001';
  const at = new Date(T0).toISOString();
  const envelope = { schema: `tele.${kind}/1`, src, bootId: 3, seq: 7, tsEvent: at, tsSend: at, backfill: false, q: [], data, ...change };
  return { source, kind, envelope, eventAtMs: T0, ingestAtMs: T0 + 250, q: ['LATE'] };
}

const pack = {
  packId: 'LFP350-0001',
  typeCode: 'LFP350',
  location: { kind: 'SLOT', id: 'HH1-3' },
  socPercent: 81.5,
  sohPercent: null,
  energyWh: 280_000,
  voltageV: 620.25,
  currentA: -12.5,
  powerW: -7_750,
  cellVmaxV: 3.33,
  cellVminV: 3.31,
  cellTmaxC: 28,
  cellTminC: -1.5,
  insulationOhm: 1_000_000,
  contactor: 'CLOSED',
  cycles: 12.5,
  throughputWh: 9_007_199_254_740_991,
  faultCodes: ['BMS_17', 'Überstrom "1", 电池'],
};
const slot = {
  evseId: 3,
  slotState: 'HOLDS_PACK',
  packId: 'LFP350-0001',
  chargingState: 'CHARGING',
  setpointW: 180_000,
  powerW: 175_500,
  voltageV: 640,
  currentA: 274,
  meterWh: 123_456_789_012,
  plugTempC: 41,
  smoke: false,
  doorOpen: true,
};
const messages: TelemetryMessage[] = [
  {
    ...message('station', 'packs', { stationId: 'HH1', packs: [pack, { ...pack, packId: 'LFP350-0002' }] }),
    readingFlags: new Map([[1, ['SOC_JUMP']]]),
  },
  message('truck', 'pack', { ...pack, location: { kind: 'TRUCK', id: 'T001' } }),
  message('station', 'slots', {
    stationId: 'HH1',
    slots: [slot, { ...slot, evseId: 4, packId: null, voltageV: null, currentA: null, plugTempC: null }],
  }),
  message('station', 'station', {
    stationId: 'HH1',
    state: 'OPERATIVE',
    readyPacks: 4,
    chargingPacks: 2,
    emptySlots: 1,
    queueLength: 3,
    estWaitMs: 31_536_000_000,
    gridPowerW: 900_000,
    gridLimitW: 1_250_000,
    pvPowerW: 0,
    auxPowerW: 12_000,
    activeTariffPeriod: 'VALLEY',
    ambientC: null,
    windMps: 4,
    commsRttMs: 18.5,
  }),
  message('station', 'bay', {
    stationId: 'HH1',
    bayId: 'HH1-B1',
    bayState: 'SWAPPING',
    truckId: 'T001',
    step: 'LIFTING',
    craneXM: 3.5,
    craneYM: 0,
    craneZM: 2.25,
    loadKg: 2_900,
    lockSensors: { l1: 'LOCKED', l2: 'UNLOCKED', l3: 'UNKNOWN', l4: 'LOCKED' },
    hvOff: true,
    wheelChock: true,
    personDetected: false,
  }),
  message('station', 'meter', {
    stationId: 'HH1',
    meters: [{ meterId: 'HH1-GRID', kind: 'GRID', importWh: 55, exportWh: 0, powerW: 900_000 }],
  }),
  message('station', 'pv', { stationId: 'HH1', powerW: 150_000, energyWh: 77 }),
  message('truck', 'truck', {
    truckId: 'T001',
    vin: null,
    plate: '冀J12345',
    lat: 38.123456789,
    lon: 117.987654321,
    altM: 4,
    chainageM: 12_345.678,
    direction: 'WEST',
    speedKmh: 72.5,
    headingDeg: 270,
    odometerM: 123_456_789,
    vehicleState: 'DRIVING',
    grossMassKg: 49_000,
    packId: null,
    socPercent: null,
    socSource: 'NONE',
    packVoltageV: null,
    packCurrentA: null,
    motorPowerW: 310_000,
    auxPowerW: null,
    ambientC: null,
    alarmBits: 0xffff_ffff,
    alarmLevel: 2,
    destinationStationId: null,
    tripId: null,
  }),
];
const READINGS = 10;

async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  await using postgres = await startTestPostgres();
  const database = openDatabase({ url: postgres.url, log: silentLog(), name: 'test' });
  try {
    await migrate(database);
    await work(database);
  } finally {
    await database.close();
  }
}

function batchOf(...list: TelemetryMessage[]): TelemetryBatch {
  const batch = new TelemetryBatch('PF');
  for (const each of list) batch.add(each);
  return batch;
}

describe('telemetry', () => {
  it('has the columns of the tables', () =>
    withDatabase(async (database) => {
      for (const table of TELEMETRY_TABLE_NAMES) {
        const { rows } = await database.pool.query<{ column_name: string }>(
          'select column_name from information_schema.columns where table_name = $1',
          [table],
        );
        expect([...TELEMETRY_TABLES[table]].sort()).toEqual(rows.map(({ column_name }) => column_name).sort());
      }
    }));

  it('writes each reading as one row, with every value as it came', () =>
    withDatabase(async (database) => {
      const written = await inTransaction(database, (client) => writeTelemetry(client, batchOf(...messages)));
      expect(written).toEqual({ rows: READINGS, known: 0 });
      const { rows: packs } = await database.pool.query("select * from telemetry_pack where location_kind = 'SLOT' order by pack_id");
      expect(packs).toEqual([
        expect.objectContaining({
          platform_id: 'PF',
          pack_id: 'LFP350-0001',
          src: 'HH1',
          soc_percent: 81.5,
          soh_percent: null,
          energy_wh: 280_000,
          current_a: -12.5,
          contactor_closed: true,
          throughput_wh: 9_007_199_254_740_991n,
          fault_codes: pack.faultCodes,
          ts_event: new Date(T0),
          ts_ingest: new Date(T0 + 250),
          boot_id: 3,
          seq: 7n,
          backfill: false,
          q: ['LATE'],
        }),
        expect.objectContaining({ pack_id: 'LFP350-0002', q: ['LATE', 'SOC_JUMP'] }),
      ]);
      const { rows: trucks } = await database.pool.query(
        'select lat, lon, chainage_m, alarm_bits, alarm_level, aux_power_w from telemetry_truck',
      );
      expect(trucks).toEqual([
        { lat: 38.123456789, lon: 117.987654321, chainage_m: 12_345.678, alarm_bits: 4_294_967_295n, alarm_level: 2, aux_power_w: null },
      ]);
      const { rows: meters } = await database.pool.query(
        'select meter_id, import_wh, export_wh, power_w from telemetry_meter order by meter_id',
      );
      expect(meters).toEqual([
        { meter_id: 'HH1-GRID', import_wh: 55n, export_wh: 0n, power_w: 900_000 },
        { meter_id: 'HH1-PV', import_wh: 0n, export_wh: 77n, power_w: -150_000 },
      ]);
      const { rows: bays } = await database.pool.query('select lock_sensors, crane_z_m from telemetry_bay');
      expect(bays).toEqual([{ lock_sensors: 'LU?L', crane_z_m: 2.25 }]);
      const { rows: slots } = await database.pool.query(
        'select evse_id, meter_wh, door_open, voltage_v from telemetry_slot order by evse_id',
      );
      expect(slots).toEqual([
        { evse_id: 3, meter_wh: 123_456_789_012n, door_open: true, voltage_v: 640 },
        { evse_id: 4, meter_wh: 123_456_789_012n, door_open: true, voltage_v: null },
      ]);
      const { rows: stations } = await database.pool.query('select est_wait_ms, active_tariff_period, ambient_c from telemetry_station');
      expect(stations).toEqual([{ est_wait_ms: 31_536_000_000n, active_tariff_period: 'VALLEY', ambient_c: null }]);
    }));

  it('counts no reading twice, by whichever way it comes again', () =>
    withDatabase(async (database) => {
      const later = message('station', 'packs', { stationId: 'HH1', packs: [pack] }, { seq: 8 });
      await inTransaction(database, (client) => writeTelemetry(client, batchOf(...messages)));
      expect(await inTransaction(database, (client) => writeTelemetry(client, batchOf(...messages, later)))).toEqual({
        rows: 1,
        known: READINGS,
      });
      expect(await inTransaction(database, (client) => writePastKnown(client, batchOf(...messages, later)))).toEqual({
        rows: 0,
        known: READINGS + 1,
      });
      const { rows } = await database.pool.query('select count(*) as n from telemetry_pack');
      expect(rows).toEqual([{ n: 4n }]);
    }));

  it('leaves the transaction to its caller: what is rolled back is not there', () =>
    withDatabase(async (database) => {
      const failed = inTransaction(database, async (client) => {
        await writeTelemetry(client, batchOf(...messages));
        throw new Error('the position could not be stored');
      });
      await expect(failed).rejects.toThrow('position');
      const { rows } = await database.pool.query('select count(*) as n from telemetry_pack');
      expect(rows).toEqual([{ n: 0n }]);
    }));
});

describe('CopyEncoder', () => {
  it.each([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 3.5e38])(
    'does not take %d for a single precision column',
    (value) => {
      expect(() => new CopyEncoder(1).float4(value)).toThrow(expect.objectContaining({ code: 'VALUE_OUT_OF_RANGE' }));
    },
  );

  it('carries any value through the server unchanged', () =>
    withDatabase(async (database) => {
      const row = fc.record({
        t: fc.option(fc.string({ unit: 'binary' })),
        i2: fc.option(fc.integer({ min: -32_768, max: 32_767 })),
        i4: fc.option(fc.integer()),
        i8: fc.option(fc.maxSafeInteger()),
        f4: fc.option(fc.float({ noNaN: true, noDefaultInfinity: true })),
        f8: fc.option(fc.double({ noNaN: true })),
        b: fc.boolean(),
        ts: fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }),
        a: fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 }),
      });
      await database.pool.query(
        'create table any_row (n int, t text, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, b bool, ts timestamptz, a text[])',
      );
      const { from } = await import('pg-copy-streams');
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
          const encoder = new CopyEncoder(1);
          for (const [n, each] of rows.entries()) {
            encoder.row(10);
            encoder.int4(n);
            encoder.text(each.t);
            encoder.int2(each.i2);
            encoder.int4(each.i4);
            encoder.int8(each.i8);
            encoder.float4(each.f4);
            encoder.float8(each.f8);
            encoder.bool(each.b);
            encoder.timestamptz(each.ts);
            encoder.textArray(each.a);
          }
          const back = await inTransaction(database, async (client) => {
            await client.query('truncate any_row');
            const copy = client.query(from('copy any_row from stdin (format binary)'));
            const done = Promise.withResolvers<void>();
            copy.once('finish', () => done.resolve());
            copy.once('error', done.reject);
            copy.end(encoder.finish());
            await done.promise;
            return (await client.query<{ f4: number | null }>('select * from any_row order by n')).rows;
          });
          const clean = (text: string) => text.replaceAll('\0', '\ufffd').toWellFormed();
          // The server prints single precision with as few digits as tell it apart.
          const single = back.map((each) => ({ ...each, f4: each.f4 === null ? null : Math.fround(each.f4) }));
          expect(single).toEqual(
            rows.map((each, n) => ({
              ...each,
              n,
              t: each.t === null ? null : clean(each.t),
              i8: each.i8 === null ? null : BigInt(each.i8),
              ts: new Date(each.ts),
              a: each.a.map(clean),
            })),
          );
        }),
        { numRuns: 60 },
      );
    }));
});
