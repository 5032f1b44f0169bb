import type { PackStay, PackTrack } from '@corridor/protocols/http/pack-track';
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

/** A pack that is charged in one station, goes up and down the road for half of the time, and is charged in another. */
export function packTrackOf(packId: string, hours: number, nowMs: number): PackTrack {
  const ridden = trackOf('T042', hours / 2, nowMs - (hours / 4) * HOUR_MS);
  const charged = (id: string, from: string, until: string | null): PackStay => ({
    from,
    until,
    place: { kind: 'SLOT', id: `${id}-3` },
    stationId: id,
    plate: null,
    fromSocPercent: 31.5,
    untilSocPercent: 96,
    orderId: null,
    at: [],
    chainageM: [],
  });
  const from = new Date(nowMs - hours * HOUR_MS).toISOString();
  const ride: PackStay = {
    ...charged('T042', ridden.from, ridden.until),
    place: { kind: 'TRUCK', id: 'T042' },
    stationId: null,
    plate: '冀J10042D',
    orderId: 'BD1-71-pastpack',
    at: ridden.at,
    chainageM: ridden.chainageM,
  };
  return {
    packId,
    from,
    until: new Date(nowMs).toISOString(),
    widthMs: 60_000,
    stays: [charged('BD1', from, ridden.from), ride, charged('HH1', ridden.until, null)],
    truncated: false,
  };
}
