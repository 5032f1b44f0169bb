import { expect, it } from 'vitest';
import { LabelDue } from './label-due.ts';

const WRITTEN_EVERY_MS = 400;

/** The frames, of the given length, in which labels are placed. */
function placedIn(frameMs: number, frames: number): number[] {
  const due = new LabelDue();
  const placed: number[] = [];
  let writtenAtMs = Number.NEGATIVE_INFINITY;
  for (let frame = 0; frame < frames; frame++) {
    const nowMs = frame * frameMs;
    if (nowMs - writtenAtMs >= WRITTEN_EVERY_MS) {
      writtenAtMs = nowMs;
      due.written();
    }
    if (due.isDue(nowMs)) placed.push(frame);
  }
  return placed;
}

it('places labels the frame after they were written, and every 200 ms', () => {
  expect(placedIn(50, 20)).toEqual([1, 5, 9, 13, 17]);
});

it('places labels also where they are written anew in each frame, because frames take that long', () => {
  expect(placedIn(500, 8)).toEqual([1, 3, 5, 7]);
});

it('places labels at once when that is asked for', () => {
  const due = new LabelDue();
  expect(due.isDue(1_000)).toBe(true);
  expect(due.isDue(1_016)).toBe(false);
  due.hurry();
  expect(due.isDue(1_032)).toBe(true);
});
