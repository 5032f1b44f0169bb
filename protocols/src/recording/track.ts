import type { Track } from './recording.schema.ts';

/** @returns null for an empty track */
export function trackAt(track: Track, atMs: number): number | null {
  const [first] = track;
  if (first === undefined) return null;
  let before = first;
  for (const point of track) {
    if (point[0] > atMs) return before === point ? first[1] : between(before, point, atMs);
    before = point;
  }
  return before[1];
}

/** How fast it changes, per hour; 0 where it stands still. */
export function slopePerHour(track: Track, atMs: number): number {
  let before = track[0];
  for (const point of track) {
    if (point[0] > atMs) {
      if (before === undefined || before === point) return 0;
      return ((point[1] - before[1]) / (point[0] - before[0])) * HOUR_MS;
    }
    before = point;
  }
  return 0;
}

const HOUR_MS = 3_600_000;

const between = (one: Track[number], other: Track[number], atMs: number): number =>
  one[1] + ((other[1] - one[1]) * (atMs - one[0])) / (other[0] - one[0]);
