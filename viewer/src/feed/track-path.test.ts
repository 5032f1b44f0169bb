import type { PackStay, PackTrack } from '@corridor/protocols/http/pack-track';
import { expect, it } from 'vitest';
import { pathOfPack } from './track-path.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.parse('2026-11-22T00:00:00Z');
const hour = (count: number) => new Date(START_MS + count * HOUR_MS).toISOString();
const NOTHING = { stationId: null, plate: null, fromSocPercent: null, untilSocPercent: null, orderId: null, at: [], chainageM: [] };
const inSlot = (stationId: string, from: number, until: number | null): PackStay => ({
  ...NOTHING,
  from: hour(from),
  until: until === null ? null : hour(until),
  place: { kind: 'SLOT', id: `${stationId}-1` },
  stationId,
});
const onTruck = (from: number, until: number | null, chainageM: number[]): PackStay => ({
  ...NOTHING,
  from: hour(from),
  until: until === null ? null : hour(until),
  place: { kind: 'TRUCK', id: 'T001' },
  at: chainageM.map((_, index) => hour(from + index * 0.1)),
  chainageM,
});
const trackOf = (stays: PackStay[]): PackTrack => ({
  packId: 'P-1',
  from: hour(2),
  until: hour(24),
  widthMs: 60_000,
  stays,
  truncated: false,
});
const STATIONS: Readonly<Record<string, number>> = { HH1: 1_000, BD1: 90_000 };
const pathOf = (stays: PackStay[]) => pathOfPack(trackOf(stays), (id) => STATIONS[id]);
const told = (run: readonly { atMs: number; chainageM: number }[] | undefined) =>
  run?.map(({ atMs, chainageM }) => [(atMs - START_MS) / HOUR_MS, chainageM]);

it('goes from station to station with the truck between them, from where the span begins until it ends', () => {
  const path = pathOf([inSlot('HH1', 0, 4), onTruck(4, 6, [1_000, 40_000]), inSlot('BD1', 6, null)]);
  expect(path).toMatchObject({ kind: 'pack', id: 'P-1', widthMs: 60_000, truckId: null });
  expect(path.runs.map(told)).toEqual([
    [
      [2, 1_000],
      [4, 1_000],
      [4, 1_000],
      [4.1, 40_000],
      [6, 90_000],
      [24, 90_000],
    ],
  ]);
});

it('ends where the caller may not know on, or nobody knows where it stood, and begins anew after it', () => {
  const seen = pathOf([inSlot('HH1', 0, 4), inSlot('HH1', 9, 12)]);
  expect(seen.runs.map(told)).toEqual([
    [
      [2, 1_000],
      [4, 1_000],
    ],
    [
      [9, 1_000],
      [12, 1_000],
    ],
  ]);
  const store: PackStay = { ...inSlot('', 4, 9), place: { kind: 'STORE', id: 'DEPOT' }, stationId: null };
  expect(pathOf([inSlot('HH1', 0, 4), store, inSlot('BD1', 9, 12)]).runs).toHaveLength(2);
  expect(pathOf([]).runs).toEqual([]);
});

it('goes on with the truck that has it', () => {
  expect(pathOf([inSlot('HH1', 0, 4), onTruck(4, null, [1_000])]).truckId).toBe('T001');
  expect(pathOf([onTruck(4, 6, [1_000])]).truckId).toBe(null);
});
