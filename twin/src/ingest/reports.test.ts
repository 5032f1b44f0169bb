import { NOON_MS, smallFile } from '@corridor/actors/network/corridor.fixture';
import type { SwapRow } from '@corridor/actors/network/effect';
import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { SignalTable } from '@corridor/actors/network/signal-table';
import { packReading, stationReading, telemetry } from '@corridor/actors/network/telemetry.fixture';
import { assert } from '@corridor/protocols/assert';
import { parseSubject } from '@corridor/protocols/subject';
import { beforeEach, describe, expect, it } from 'vitest';
import { Facts, nothingTouched } from '../projection/facts.ts';
import { LatestReports } from '../projection/latest-reports.ts';
import { PackHolders } from './pack-holders.ts';
import { Reports } from './reports.ts';
import { takeOutUnknown } from './unknown-assets.ts';

const PACK = 'LFP350-0001';
const MINUTE_MS = 60_000;
const reference = ReferenceStore.of(smallFile(), () => 0);
let facts: Facts;
let signals: SignalTable;
let latest: LatestReports;
let told: string[];
let foreign: string[];
let reports: Reports;
let seq = 0;

beforeEach(() => {
  facts = new Facts();
  facts.putPlace(PACK, { kind: 'SLOT', id: 'HH1-1' }, nothingTouched());
  signals = new SignalTable({ reference });
  latest = new LatestReports();
  told = [];
  foreign = [];
  reports = new Reports({
    reports: latest,
    signals,
    scene: { touch: () => undefined },
    writer: {
      signal: ({ to, event }) => {
        if (event.type === 'signal.changed') told.push(`${to} ${event.signal} ${event.value}`);
      },
    },
    clock: { nowMs: () => NOON_MS },
    holders: new PackHolders(facts, () => 1),
    onForeign: (source, readings) => foreign.push(`${source} ${readings}`),
  });
});

function decoded(kind: 'station' | 'truck', id: string, topic: string, data: object, atMs = NOON_MS) {
  seq += 1;
  const subject = parseSubject(`evs.v1.live.${kind}.${id}.tele.${topic}`);
  assert(subject?.lane === 'tele', 'a subject of telemetry');
  return { ok: true as const, subject, key: `${kind}:tele:${topic}`, envelope: telemetry(id, seq, atMs, data) };
}

function truckSays(id: string, socPercent: number, atMs = NOON_MS) {
  const data = packReading({ packId: PACK, socPercent, location: { kind: 'TRUCK', id } });
  return reports.take({ decoded: decoded('truck', id, 'pack', data, atMs), eventAtMs: atMs, q: [] });
}
function stationSays(id: string, socPercent: number, atMs = NOON_MS) {
  const data = { stationId: id, packs: [packReading({ packId: PACK, socPercent, location: { kind: 'SLOT', id: `${id}-1` } })] };
  return reports.take({ decoded: decoded('station', id, 'packs', data, atMs), eventAtMs: atMs, q: [] });
}
const soc = () => signals.number('pack', PACK, 'socPercent');
const swap = (over: Partial<SwapRow>): SwapRow => ({
  swapId: 'HH1-1',
  stationId: 'HH1',
  requestId: 1,
  bayId: 'HH1-B1',
  state: 'seated',
  step: 11,
  truckId: 'T001',
  orderId: null,
  returnPackId: null,
  issuePackId: PACK,
  reason: null,
  beganAtMs: NOON_MS,
  updatedAtMs: NOON_MS,
  endedAtMs: null,
  ...over,
});

describe('whose word counts for a pack', () => {
  it('is that of its holder: what others say is history with a flag, and counted', () => {
    expect(stationSays('HH1', 60)).toBeUndefined();
    expect(truckSays('T001', 3)).toEqual(new Map([[0, ['FOREIGN']]]));
    expect(stationSays('BD1', 4)).toEqual(new Map([[0, ['FOREIGN']]]));
    expect(soc()).toBe(60);
    expect(latest.pack.get(PACK)?.data.socPercent).toBe(60);
    expect(foreign).toEqual(['truck:T001 1', 'station:BD1 1']);
  });

  it('is that of a truck also from when its swap is under way', () => {
    facts.putSwap(swap({ truckId: 'T002' }), nothingTouched());
    expect(truckSays('T001', 3)).toBeDefined();
    facts.putSwap(swap({}), nothingTouched());
    expect(truckSays('T001', 60)).toBeUndefined();
    facts.putSwap(swap({ issuePackId: 'LFP350-0002' }), nothingTouched());
    expect(truckSays('T001', 60)).toBeDefined();
    // The pack that was meant failed its self-check: another one of the station takes its place.
    facts.putSwap(swap({ issuePackId: 'LFP350-0002', state: 'SELF_CHECK' }), nothingTouched());
    expect(truckSays('T001', 60)).toBeUndefined();
    expect(truckSays('T002', 60)).toBeDefined();
  });

  it('is that of who gave it away for a minute, and of nobody else', () => {
    facts.apply(
      { type: 'custody.moved', atMs: NOON_MS, packId: PACK, place: { kind: 'TRUCK', id: 'T001' }, orderId: null, cause: 'SWAP' },
      nothingTouched(),
    );
    expect(stationSays('HH1', 60, NOON_MS + MINUTE_MS)).toBeUndefined();
    expect(stationSays('HH1', 60, NOON_MS + MINUTE_MS + 1)).toBeDefined();
    expect(truckSays('T001', 60, NOON_MS + 2 * MINUTE_MS)).toBeUndefined();
    expect(truckSays('T002', 60, NOON_MS)).toBeDefined();
  });

  it('does not take a longer id for a slot of the station', () => {
    facts.putPlace(PACK, { kind: 'SLOT', id: 'HH1-B-1' }, nothingTouched());
    expect(stationSays('HH1', 60)).toBeDefined();
  });
});

it('flags single readings by what is wrong with their values, for history and for who looks', () => {
  facts.putPlace('LFP350-0002', { kind: 'SLOT', id: 'HH1-2' }, nothingTouched());
  facts.putPlace('LFP350-0003', { kind: 'TRUCK', id: 'T001' }, nothingTouched());
  const say = (socPercent: number, atMs: number) => {
    const packs = [
      packReading({ packId: 'LFP350-0003', location: { kind: 'SLOT', id: 'HH1-3' } }),
      packReading({ packId: PACK, socPercent: 60 }),
      packReading({ packId: 'LFP350-0002', socPercent, location: { kind: 'SLOT', id: 'HH1-2' } }),
    ];
    return reports.take({ decoded: decoded('station', 'HH1', 'packs', { stationId: 'HH1', packs }, atMs), eventAtMs: atMs, q: ['REPLAY'] });
  };
  expect(say(60, NOON_MS)).toEqual(new Map([[0, ['FOREIGN']]]));
  expect(say(75, NOON_MS + 10_000)).toEqual(new Map([[0, ['FOREIGN']]]).set(2, ['SOC_JUMP']));
  expect(latest.pack.get('LFP350-0002')?.q).toEqual(['REPLAY', 'SOC_JUMP']);
  expect(latest.pack.get(PACK)?.q).toEqual(['REPLAY']);
});

it('tells a pack that an inventory moved off its truck that the truck still shows it', () => {
  facts.putPlace(PACK, { kind: 'TRUCK', id: 'T001' }, nothingTouched());
  truckSays('T001', 60);
  expect(told).toContain(`pack:${PACK} place TRUCK:T001`);
  told = [];
  facts.putPlace(PACK, { kind: 'SLOT', id: 'HH1-1' }, nothingTouched());
  truckSays('T001', 60);
  truckSays('T001', 60);
  expect(told).toEqual([`pack:${PACK} place TRUCK:T001`]);
});

it('takes out what is not registered, names it, and keeps the rest', () => {
  const made = packReading({ packId: 'MADE-UP-1' });
  const message = decoded('station', 'HH1', 'packs', { stationId: 'HH1', packs: [made, packReading({ packId: PACK })] });
  expect(takeOutUnknown(reference, message)).toEqual({
    reason: 'ASSET_UNKNOWN',
    detail: 'not registered: pack MADE-UP-1',
    readings: 1,
    isAll: false,
  });
  reports.take({ decoded: message, eventAtMs: NOON_MS, q: [] });
  expect([...latest.pack.keys()]).toEqual([PACK]);
  expect(takeOutUnknown(reference, message)).toBeNull();
  expect(takeOutUnknown(reference, decoded('truck', 'T001', 'pack', made))).toMatchObject({ reason: 'ASSET_UNKNOWN', isAll: true });
  expect(takeOutUnknown(reference, decoded('station', 'HH1', 'bay', { bayId: 'BD1-B1' }))).toMatchObject({ reason: 'SOURCE_MISMATCH' });
  expect(takeOutUnknown(reference, decoded('station', 'HH1', 'bay', { bayId: 'HH1-B9' }))).toMatchObject({ reason: 'ASSET_UNKNOWN' });
  expect(takeOutUnknown(reference, decoded('station', 'HH1', 'bay', { bayId: 'HH1-B1' }))).toBeNull();
});

it('shows of the sun what the station said last, be it in its own report or by its meters', () => {
  const say = (topic: string, atS: number, data: object) => {
    const atMs = NOON_MS + atS * 1_000;
    reports.take({ decoded: decoded('station', 'HH1', topic, data, atMs), eventAtMs: atMs, q: [] });
    return latest.pvPowerW('HH1');
  };
  const meter = (meterId: string, powerW: number) => ({ meterId, kind: 'PV', importWh: 0, exportWh: 7, powerW });
  expect(latest.pvPowerW('HH1')).toBeNull();
  expect(say('pv', 0, { stationId: 'HH1', powerW: 100, energyWh: 7 })).toBe(100);
  expect(say('station', 5, stationReading({ pvPowerW: 105 }))).toBe(105);
  expect(say('meter', 10, { stationId: 'HH1', meters: [meter('HH1-PV', -110), meter('HH1-ROOF', -3)] })).toBe(110);
  expect(say('station', 15, stationReading({ pvPowerW: 115 }))).toBe(115);
  expect(latest.pvPowerW('BD1')).toBeNull();
});
