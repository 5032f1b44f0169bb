import type { TruckTrack } from '@corridor/protocols/http/truck-track';

const HOUR_MS = 3_600_000;
const STEP_MS = 60_000;
const ROAD_M = 520_000;
const SPEED_M_PER_STEP = 1_150;
/** Of each day one hour of rest, and half an hour in which nobody heard of the truck. */
const isResting = (atMs: number): boolean => Math.floor(atMs / HOUR_MS) % 4 === 2;
const isUnheard = (atMs: number): boolean => Math.floor(atMs / (HOUR_MS / 2)) % 8 === 7;

/** A truck that goes up and down the road. */
export function trackOf(truckId: string, hours: number, nowMs: number): TruckTrack {
  const fromMs = nowMs - hours * HOUR_MS;
  const at: string[] = [];
  const chainageM: number[] = [];
  let way = 180_000;
  for (let atMs = fromMs; atMs <= nowMs; atMs += STEP_MS) {
    if (!isResting(atMs)) way += SPEED_M_PER_STEP;
    if (isUnheard(atMs)) continue;
    const lap = way % (2 * ROAD_M);
    at.push(new Date(atMs).toISOString());
    chainageM.push(lap < ROAD_M ? lap : 2 * ROAD_M - lap);
  }
  return { truckId, from: new Date(fromMs).toISOString(), until: new Date(nowMs).toISOString(), widthMs: 0, at, chainageM };
}
