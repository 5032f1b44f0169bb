import { expect, it } from 'vitest';
import { FirstFrames } from './first-frames.ts';

it('waits for the first records, but not for ever', () => {
  const frames = new FirstFrames();
  expect([1_000, 1_016, 1_799].map((atMs) => frames.waits(atMs, false))).toEqual([true, true, true]);
  expect(frames.waits(1_800, false)).toBe(false);
  expect(new FirstFrames().waits(1_000, true)).toBe(false);
});

it('has all pixels from the second picture with something in it', () => {
  const frames = new FirstFrames();
  expect([false, true, true, false].map((hasRecords) => frames.pixelPart(hasRecords))).toEqual([0.5, 0.5, 1, 1]);
  // Records that went, as before a recording, are no new beginning.
  expect(frames.waits(9_000, false)).toBe(false);
});
