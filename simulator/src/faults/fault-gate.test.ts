import { Prng } from '@corridor/actors/time/prng';
import { decode } from '@corridor/protocols/decode';
import { expect, it } from 'vitest';
import { FaultGate } from './fault-gate.ts';
import { toGcj02 } from './gcj02.ts';
import type { Publication } from './nats-frames.ts';
import type { WireFault } from './wire-fault.ts';

const truckData = {
  truckId: 'T001',
  vin: null,
  plate: null,
  lat: 38.5,
  lon: 115.5,
  altM: 20,
  chainageM: 220_000,
  direction: 'WEST',
  speedKmh: 78,
  headingDeg: 280,
  odometerM: 5_000_000,
  vehicleState: 'DRIVING',
  grossMassKg: 49_000,
  packId: 'LFP350-0001',
  socPercent: 60,
  socSource: 'BMS',
  packVoltageV: 630,
  packCurrentA: -200,
  motorPowerW: 120_000,
  auxPowerW: 4_000,
  ambientC: 10,
  alarmBits: 0,
  alarmLevel: 0,
  destinationStationId: 'FP1',
  tripId: 'T001-1',
};

function message(subject: string, schema: string, src: string, data: unknown, seq = 1): Publication {
  const at = '2026-05-11T00:00:00.000Z';
  const envelope = { schema, src, bootId: 1, seq, tsEvent: at, tsSend: at, backfill: false, q: [], data };
  return {
    kind: 'PUBLICATION',
    subject,
    reply: '_INBOX.x.1',
    headers: `NATS/1.0\r\nNats-Msg-Id: ${src}:1:tele:${seq}\r\n\r\n`,
    payload: Buffer.from(JSON.stringify(envelope)),
  };
}
const truck = (over: object = {}, seq = 1) =>
  message('evs.v1.live.truck.T001.tele.truck', 'tele.truck/1', 'T001', { ...truckData, ...over }, seq);
const through = (fault: WireFault, publication: Publication, gate = new FaultGate(new Prng(1))) => gate.pass(publication, [fault]);
const dataOf = (passage: ReturnType<FaultGate['pass']>, index = 0) =>
  JSON.parse(passage.send[index]?.publication.payload.toString() ?? '{}') as {
    tsEvent: string;
    q: string[];
    src: string;
    schema: string;
    data: Record<string, unknown>;
  };
const all = { sources: [], ratio: 1 };

it('lets everything pass that no fault concerns', () => {
  const publication = truck();
  expect(through({ kind: 'LOST', sources: ['T002'], ratio: 1 }, publication)).toEqual({
    send: [{ publication, delayMs: 0 }],
    falseAck: false,
  });
  expect(through({ kind: 'LOST', sources: [], ratio: 0 }, publication).send).toHaveLength(1);
});

it('loses, delays, reorders and doubles messages', () => {
  expect(through({ kind: 'LOST', ...all }, truck())).toEqual({ send: [], falseAck: true });
  const late = through({ kind: 'LATE', ...all, delayMs: 8_000 }, truck());
  expect(late.falseAck).toBe(true);
  expect(late.send[0]?.delayMs).toBeGreaterThanOrEqual(4_000);
  expect(through({ kind: 'REORDER', ...all, holdMs: 2_000 }, truck()).send[0]?.delayMs).toBeGreaterThan(0);
  const doubled = through({ kind: 'DUPLICATE', ...all, copies: 2 }, truck());
  expect(doubled.send).toHaveLength(3);
  expect(new Set(doubled.send.map(({ publication }) => publication.headers)).size).toBe(3);
});

it('sets clocks wrong', () => {
  expect(dataOf(through({ kind: 'CLOCK_SKEW', ...all, offsetMs: 28_800_000 }, truck())).tsEvent).toBe('2026-05-11T08:00:00.000Z');
  expect(dataOf(through({ kind: 'CLOCK_RESET', ...all, year: 1970 }, truck())).tsEvent).toBe('1970-05-11T00:00:00.000Z');
});

it('falsifies what sensors say', () => {
  const say = (fault: WireFault) => dataOf(through(fault, truck()));
  expect(say({ kind: 'SOC_JUMP', ...all, deltaPercent: 8 }).data['socPercent']).toBe(68);
  expect(say({ kind: 'SIGN_FLIP', ...all }).data['packCurrentA']).toBe(200);
  expect(say({ kind: 'GPS_ZERO', ...all }).data).toMatchObject({ lat: 0, lon: 0 });
  expect(say({ kind: 'INVALID_CODE', ...all })).toMatchObject({ q: ['INVALID'], data: { socPercent: null, speedKmh: null } });
  const drift = say({ kind: 'GPS_DRIFT', ...all, driftM: 300 }).data;
  expect(Math.abs(Number(drift['lat']) - 38.5)).toBeLessThan(0.003);
  expect(drift['lat']).not.toBe(38.5);
  expect(decode(truck().subject, through({ kind: 'OUT_OF_RANGE', ...all }, truck()).send[0]!.publication.payload)).toMatchObject({
    ok: false,
    reason: 'SCHEMA_VIOLATION',
  });
});

it('freezes values and starts counters again', () => {
  const gate = new FaultGate(new Prng(1));
  const stuck: WireFault = { kind: 'STUCK', ...all };
  through(stuck, truck(), gate);
  expect(dataOf(through(stuck, truck({ speedKmh: 40, odometerM: 5_000_500 }), gate)).data).toMatchObject({
    speedKmh: 78,
    odometerM: 5_000_500,
  });
  const reset: WireFault = { kind: 'COUNTER_RESET', ...all };
  expect(dataOf(through(reset, truck(), gate)).data['odometerM']).toBe(0);
  expect(dataOf(through(reset, truck({ odometerM: 5_000_500 }), gate)).data['odometerM']).toBe(500);
});

it('drifts schemas and forges senders, which the decoder refuses', () => {
  const refusal = (fault: WireFault, index = 0) => {
    const { publication } = through(fault, truck()).send[index]!;
    const decoded = decode(publication.subject, publication.payload);
    return decoded.ok ? null : decoded.reason;
  };
  expect(refusal({ kind: 'SCHEMA_DRIFT', ...all, drift: 'VERSION' })).toBe('SCHEMA_VERSION_UNKNOWN');
  expect(refusal({ kind: 'SCHEMA_DRIFT', ...all, drift: 'FIELD' })).toBe('SCHEMA_VIOLATION');
  expect(refusal({ kind: 'FORGED', ...all, as: 'T002' }, 1)).toBe('SOURCE_MISMATCH');
});

it('leaves half a swap without a hole in the numbers', () => {
  const out = message('evs.v1.live.station.HH1.evt.swap.battery_out', 'evt.swap.battery_out/1', 'HH1', {}, 12);
  const { publication } = through({ kind: 'HALF_SWAP', ...all }, out).send[0]!;
  expect(decode(publication.subject, publication.payload)).toMatchObject({
    ok: true,
    key: 'station:evt:gateway.fault_cleared',
    envelope: { seq: 12 },
  });
  const other = message('evs.v1.live.station.HH1.evt.swap.picked', 'evt.swap.picked/1', 'HH1', {}, 13);
  expect(through({ kind: 'HALF_SWAP', ...all }, other).send[0]?.publication).toEqual(other);
});

it('offsets GCJ-02 by some hundred metres inside China', () => {
  const shifted = toGcj02({ lat: 38.5, lon: 115.5 });
  const northM = (shifted.lat - 38.5) * 111_320;
  const eastM = (shifted.lon - 115.5) * 111_320 * Math.cos((38.5 * Math.PI) / 180);
  expect(Math.hypot(northM, eastM)).toBeGreaterThan(300);
  expect(Math.hypot(northM, eastM)).toBeLessThan(900);
});
