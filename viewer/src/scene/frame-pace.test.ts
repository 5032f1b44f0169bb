import { expect, it } from 'vitest';
import { FramePace } from './frame-pace.ts';

/** Frames drawn in ten seconds on a device where a drawn frame takes `drawMs` and a left-out one 16 ms. */
function drawnIn10S(drawMs: number, busy = false): number {
  const pace = new FramePace();
  let atMs = 0;
  // What is learned first is not counted.
  let drawn = 0;
  while (atMs < 40_000) {
    const draws = !pace.skips(atMs, busy);
    if (draws && atMs >= 30_000) drawn++;
    atMs += draws ? drawMs : 16;
  }
  return drawn;
}

it('draws every frame with a GPU, and whenever the camera is moved', () => {
  expect(drawnIn10S(16)).toBeGreaterThan(600);
  expect(drawnIn10S(200, true)).toBe(50);
});

it('leaves half of the time to the panels on a device that draws slowly', () => {
  for (const drawMs of [120, 300, 900]) expect(drawnIn10S(drawMs) * drawMs).toBeLessThanOrEqual(5_500);
  expect(drawnIn10S(120)).toBeGreaterThan(30);
});
