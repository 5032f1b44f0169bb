import { beforeEach, describe, expect, it } from 'vitest';
import { NOON_MS, smallFile } from './corridor.fixture.ts';
import { ReferenceStore } from './reference-store.ts';
import { SignalTable } from './signal-table.ts';
import { packReading, slotReading, stationReading, telemetry, truckReading } from './telemetry.fixture.ts';

const PACKS = 'station:tele:packs';
const SLOTS = 'station:tele:slots';
const STATION = 'station:tele:station';
const TRUCK = 'truck:tele:truck';
const reference = ReferenceStore.of(smallFile(), () => 0);
let table: SignalTable;
let told: string[];
const sink: Parameters<SignalTable['ingest']>[3] = (to, event) => {
  const what =
    event.type === 'signal.crossed'
      ? `${event.signal} ${event.side} ${event.value}`
      : event.type === 'signal.changed'
        ? `${event.signal} ${event.value}`
        : event.type;
  told.push(`${to} ${what}`);
};
beforeEach(() => {
  table = new SignalTable({ reference });
  told = [];
});

let seq = 0;
function packs(atMs: number, over: Parameters<typeof packReading>[0] = {}, envelope: Parameters<typeof telemetry>[4] = {}) {
  seq += 1;
  table.ingest(
    PACKS,
    telemetry('HH1', seq, atMs, { stationId: 'HH1', packs: [packReading(over)] }, envelope),
    Math.max(atMs, NOON_MS),
    sink,
  );
}
const silence = () => told.splice(0);

describe('telling actors', () => {
  it('says where everything stands with the first report, and nothing more while nothing changes', () => {
    packs(NOON_MS);
    expect(silence()).toEqual([
      'pack:LFP350-0001 socPercent BELOW 60',
      'pack:LFP350-0001 cellTmaxC BELOW 25',
      'pack:LFP350-0001 place SLOT:HH1-1',
      'gateway:HH1 signal.fresh',
    ]);
    packs(NOON_MS + 10_000, { socPercent: 60.5 });
    expect(told).toEqual([]);
    expect(table.number('pack', 'LFP350-0001', 'socPercent')).toBe(60.5);
  });

  it('tells a crossing once, and back only below the hysteresis', () => {
    packs(NOON_MS, { socPercent: 89.8 });
    silence();
    packs(NOON_MS + 10_000, { socPercent: 90 });
    expect(silence()).toEqual(['pack:LFP350-0001 socPercent ABOVE 90']);
    packs(NOON_MS + 20_000, { socPercent: 89.5 });
    packs(NOON_MS + 30_000, { socPercent: 90.2 });
    expect(silence()).toEqual([]);
    packs(NOON_MS + 40_000, { socPercent: 88.9 });
    expect(silence()).toEqual(['pack:LFP350-0001 socPercent BELOW 88.9']);
  });

  it('tells a pack that it was seen elsewhere, a slot, a station and a truck what they became', () => {
    packs(NOON_MS);
    silence();
    packs(NOON_MS + 10_000, { location: { kind: 'SLOT', id: 'HH1-4' }, faultCodes: ['E17', 'E9'] });
    expect(silence()).toEqual(['pack:LFP350-0001 place SLOT:HH1-4', 'pack:LFP350-0001 faultCodes E17,E9']);
    table.ingest(SLOTS, telemetry('HH1', ++seq, NOON_MS, { stationId: 'HH1', slots: [slotReading()] }), NOON_MS, sink);
    table.ingest(STATION, telemetry('HH1', ++seq, NOON_MS, stationReading({ state: 'ESTOP' })), NOON_MS, sink);
    table.ingest(TRUCK, telemetry('T001', 1, NOON_MS, truckReading()), NOON_MS, sink);
    expect(silence()).toEqual([
      'slot:HH1-1 slotState HOLDS_PACK',
      'station:HH1 state ESTOP',
      'truck:T001 vehicleState DRIVING',
      'truck:T001 socPercent ABOVE 55',
      'gateway:T001 signal.fresh',
    ]);
    expect(table.text('slot', 'HH1-1', 'packId')).toBe('LFP350-0001');
    expect(table.text('truck', 'T001', 'direction')).toBe('WEST');
    expect(table.reportedAtMs('truck', 'T001')).toBe(NOON_MS);
  });
});

describe('which message counts', () => {
  it('takes only what is newer from a source, of a higher boot also with a lower number', () => {
    packs(NOON_MS, { socPercent: 50 }, { seq: 8 });
    packs(NOON_MS, { socPercent: 20 }, { seq: 8 });
    packs(NOON_MS, { socPercent: 21 }, { seq: 7 });
    expect(table.number('pack', 'LFP350-0001', 'socPercent')).toBe(50);
    packs(NOON_MS, { socPercent: 50.4 }, { seq: 1, bootId: 2 });
    packs(NOON_MS, { socPercent: 50.8 }, { seq: 99, bootId: 1 });
    expect(table.number('pack', 'LFP350-0001', 'socPercent')).toBe(50.4);
  });

  it('takes nothing from the offline buffer, nothing older of another source, nothing of the unknown', () => {
    packs(NOON_MS, { socPercent: 50 });
    packs(NOON_MS + 1_000, { socPercent: 20 }, { backfill: true });
    const older = telemetry('T001', 1, NOON_MS - 60_000, packReading({ socPercent: 49, location: { kind: 'TRUCK', id: 'T001' } }));
    table.ingest('truck:tele:pack', older, NOON_MS, sink);
    packs(NOON_MS, { packId: 'GHOST-1' });
    table.ingest(SLOTS, telemetry('HH1', ++seq, NOON_MS, { stationId: 'HH1', slots: [slotReading({ evseId: 77 })] }), NOON_MS, sink);
    table.ingest(STATION, telemetry('XX9', 1, NOON_MS, stationReading()), NOON_MS, sink);
    expect(table.number('pack', 'LFP350-0001', 'socPercent')).toBe(50);
    expect(table.text('pack', 'LFP350-0001', 'placeId')).toBe('HH1-1');
    expect(table.unknownReadings).toBe(3);
    expect(told.filter((line) => line.startsWith('gateway:XX9'))).toEqual([]);
  });

  it('keeps what a null leaves unknown, and flags it', () => {
    packs(NOON_MS, { socPercent: 50, voltageV: 600 });
    packs(NOON_MS + 10_000, { socPercent: null, voltageV: null });
    expect(table.number('pack', 'LFP350-0001', 'socPercent')).toBe(50);
    expect(table.number('pack', 'LFP350-0001', 'voltageV')).toBe(600);
    expect(table.flags('pack', 'LFP350-0001')).toEqual(['INVALID']);
    expect(table.number('pack', 'LFP350-0002', 'socPercent')).toBeNaN();
    expect(table.number('pack', 'LFP350-0001', 'noSuch')).toBeNaN();
  });
});

describe('data quality', () => {
  it('holds a SOC that jumps, carried on by the current, until the new level proves steady', () => {
    packs(NOON_MS, { socPercent: 60, powerW: 240_000 });
    packs(NOON_MS + 10_000, { socPercent: 70, powerW: 240_000 });
    const held = table.number('pack', 'LFP350-0001', 'socPercent');
    expect(held).toBeGreaterThan(60);
    expect(held).toBeLessThan(60.5);
    expect(table.flags('pack', 'LFP350-0001')).toEqual(['SOC_JUMP']);
    for (let second = 20; second <= 140; second += 10) packs(NOON_MS + second * 1_000, { socPercent: 70 + second / 50, powerW: 240_000 });
    expect(table.number('pack', 'LFP350-0001', 'socPercent')).toBeCloseTo(72.8, 5);
    packs(NOON_MS + 150_000, { socPercent: 72.9, powerW: 240_000 });
    expect(table.flags('pack', 'LFP350-0001')).toEqual([]);
  });

  it('takes no change for a jump that the powers before and after a silence can explain', () => {
    packs(NOON_MS, { socPercent: 32.9, powerW: -245_000 });
    packs(NOON_MS + 345_000, { socPercent: 28.4, powerW: 9_000 });
    expect(table.flags('pack', 'LFP350-0001')).toEqual([]);
    // Into a slot and onto the charger between two reports.
    packs(NOON_MS + 375_000, { socPercent: 28.4, powerW: 0 });
    packs(NOON_MS + 675_000, { socPercent: 29, powerW: 240_000 });
    expect(table.flags('pack', 'LFP350-0001')).toEqual([]);
    packs(NOON_MS + 700_000, { socPercent: 29, powerW: 0 });
    packs(NOON_MS + 1_000_000, { socPercent: 38, powerW: 0 });
    expect(table.flags('pack', 'LFP350-0001')).toEqual(['SOC_JUMP']);
  });

  it('flags what is frozen, late, skewed, drifting or counted backwards', () => {
    for (let minute = 0; minute <= 11; minute += 1) packs(NOON_MS + minute * 60_000, { socPercent: 60, powerW: 100_000 });
    expect(table.flags('pack', 'LFP350-0001')).toContain('STUCK');
    packs(NOON_MS + 15 * 60_000, { socPercent: 60, powerW: 100_000 });
    expect(table.flags('pack', 'LFP350-0001')).not.toContain('STUCK');
    const late = telemetry('HH1', ++seq, NOON_MS, { stationId: 'HH1', packs: [packReading()] });
    table.ingest(PACKS, late, NOON_MS + 700_000, sink);
    expect(table.flags('pack', 'LFP350-0001')).toEqual(expect.arrayContaining(['LATE', 'SKEW']));
    const fix = (n: number, atMs: number, over: Parameters<typeof truckReading>[0]) =>
      table.ingest(TRUCK, telemetry('T001', n, atMs, truckReading(over)), atMs, sink);
    fix(1, NOON_MS, {});
    expect(fix(2, NOON_MS + 10_000, { lat: 38.301 })).toBeNull();
    expect(table.flags('truck', 'T001')).toEqual([]);
    const found = fix(3, NOON_MS + 20_000, { lat: 38.34, odometerM: 90_000 });
    expect(found).toEqual(new Map([[0, ['GPS_DRIFT', 'COUNTER_RESET']]]));
    expect(table.flags('truck', 'T001')).toEqual(['GPS_DRIFT', 'COUNTER_RESET']);
    // Two reports that waited together: their times say nothing, the odometer does.
    expect(fix(4, NOON_MS + 20_100, { lat: 38.36, odometerM: 92_500 })).toBeNull();
    // Its source says that a value is missing, we need not.
    expect(fix(5, NOON_MS + 30_000, { lat: null, lon: null })).toBeNull();
    expect(table.flags('truck', 'T001')).toEqual(['INVALID']);
  });

  it('passes on what the source says of itself', () => {
    packs(NOON_MS, {}, { q: ['REPLAY', 'GAP'] });
    expect(table.flags('pack', 'LFP350-0001')).toEqual(['GAP', 'REPLAY']);
  });
});

describe('silence', () => {
  it('is told once after three heartbeats, and its end with the next message', () => {
    const beat = (atMs: number) => table.ingest(STATION, telemetry('HH1', ++seq, atMs, stationReading()), atMs, sink);
    beat(NOON_MS);
    silence();
    table.sweep(NOON_MS + 15_000, sink);
    expect(silence()).toEqual([]);
    table.sweep(NOON_MS + 15_001, sink);
    table.sweep(NOON_MS + 40_000, sink);
    expect(silence()).toEqual(['gateway:HH1 signal.stale']);
    beat(NOON_MS + 60_000);
    expect(silence()).toEqual(['gateway:HH1 signal.fresh']);
  });

  it('waits longer for a truck that is parked than for one that moves', () => {
    table.ingest(TRUCK, telemetry('T001', 1, NOON_MS, truckReading({ speedKmh: 0 })), NOON_MS, sink);
    table.sweep(NOON_MS + 100_000, sink);
    expect(told).not.toContain('gateway:T001 signal.stale');
    table.ingest(TRUCK, telemetry('T001', 2, NOON_MS + 100_000, truckReading()), NOON_MS + 100_000, sink);
    table.sweep(NOON_MS + 131_000, sink);
    expect(told).toContain('gateway:T001 signal.stale');
  });

  it('is never shorter than what the host allows', () => {
    table = new SignalTable({ reference, silenceMsMin: () => 60_000 });
    table.ingest(STATION, telemetry('HH1', 1, NOON_MS, stationReading()), NOON_MS, sink);
    table.sweep(NOON_MS + 50_000, sink);
    expect(told).not.toContain('gateway:HH1 signal.stale');
  });
});

it('comes back from its checkpoint with values and order, and tells everything anew', () => {
  packs(NOON_MS, { socPercent: 95 }, { seq: 5 });
  table.ingest(STATION, telemetry('HH1', 6, NOON_MS, stationReading()), NOON_MS, sink);
  silence();
  const stored = JSON.parse(JSON.stringify([...table.checkpoint()])) as Parameters<SignalTable['restore']>[0];
  table = new SignalTable({ reference });
  table.restore(stored, NOON_MS + 5_000);
  expect(table.number('pack', 'LFP350-0001', 'socPercent')).toBe(95);
  expect(table.text('station', 'HH1', 'state')).toBe('OPERATIVE');
  packs(NOON_MS, { socPercent: 10 }, { seq: 4 });
  expect(silence()).toEqual([]);
  packs(NOON_MS + 10_000, { socPercent: 95 }, { seq: 7 });
  expect(silence()).toEqual([
    'pack:LFP350-0001 socPercent ABOVE 95',
    'pack:LFP350-0001 cellTmaxC BELOW 25',
    'pack:LFP350-0001 place SLOT:HH1-1',
  ]);
  table.sweep(NOON_MS + 26_000, sink);
  expect(silence()).toEqual(['gateway:HH1 signal.stale']);
});

it('takes what a device says that was enrolled in the place of another, whatever the numbers of that one were', () => {
  packs(NOON_MS, { socPercent: 60 }, { bootId: 900_000, seq: 5 });
  packs(NOON_MS + 1_000, { socPercent: 61 }, { bootId: 1, seq: 1 });
  expect(table.number('pack', 'LFP350-0001', 'socPercent')).toBe(60);
  table.forgetSource('HH1');
  packs(NOON_MS + 2_000, { socPercent: 61 }, { bootId: 1, seq: 2 });
  expect(table.number('pack', 'LFP350-0001', 'socPercent')).toBe(61);
});
