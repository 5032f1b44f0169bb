import { describe, expect, it } from 'vitest';
import { racksInDetail, SLOTS_DRAWN_MAX, sameIds } from './rack-detail.ts';
import type { StationFrame } from './station-frames.ts';

const frames = new Map(
  Array.from({ length: 100 }, (_, n): [string, StationFrame] => {
    const id = `S${n}`;
    return [id, { id, xKm: n, altKm: 0, zKm: 0, yawRad: 0, chainageM: n * 1_000, slots: 100, bayIds: [] }];
  }),
);

describe('racks that are drawn slot by slot', () => {
  it('are all of them while they are few, however far one looks from', () => {
    expect(racksInDetail(frames, SLOTS_DRAWN_MAX, { xKm: 0, zKm: 0, focusKm: 500 })).toBe(null);
  });

  it('are those nearest to what is looked at while they are many, and none from afar', () => {
    const near = racksInDetail(frames, 10_000, { xKm: 50.2, zKm: 0, focusKm: 1 });
    expect(near?.size).toBe(SLOTS_DRAWN_MAX / 100);
    expect([near?.has('S50'), near?.has('S51'), near?.has('S36'), near?.has('S0')]).toEqual([true, true, true, false]);
    expect(racksInDetail(frames, 10_000, { xKm: 50, zKm: 0, focusKm: 100 })?.size).toBe(0);
  });

  it('are written anew only when they are others', () => {
    const some = new Set(['S1', 'S2']);
    expect([sameIds(null, null), sameIds(null, some), sameIds(some, new Set(['S2', 'S1'])), sameIds(some, new Set(['S1', 'S3']))]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});
