import type { StationView } from '@corridor/protocols/http/scene';
import type { Records } from '../store/scene-store.ts';
import type { PlacedAt } from './placed.ts';
import { emptyRoadSample, type RoadLine } from './road-line.ts';

/** Where a station's own frame lies: origin on the middle of the road, x in driving direction, z to its right. */
export interface StationFrame extends PlacedAt {
  id: string;
  chainageM: number;
  slots: number;
  /** In the order of their numbers. */
  bayIds: readonly string[];
}

/** Heading of a driving direction as yaw about the vertical: 0 looks east, positive turns north. */
export function yawOf(tangentX: number, tangentZ: number, towardsGrowingChainage: boolean): number {
  const sign = towardsGrowingChainage ? 1 : -1;
  return Math.atan2(-tangentZ * sign, tangentX * sign);
}

/** Stations of both directions are drawn beside the westbound carriageway. */
export function frameOf(station: StationView, slots: number, road: RoadLine): StationFrame {
  const sample = emptyRoadSample();
  road.sample(station.chainageM, sample);
  return {
    id: station.id,
    xKm: sample.xKm,
    altKm: sample.altKm,
    zKm: sample.zKm,
    yawRad: yawOf(sample.tangentX, sample.tangentZ, station.direction !== 'EAST'),
    chainageM: station.chainageM,
    slots,
    bayIds: station.bays.map(({ id }) => id),
  };
}

export function framesOf(records: Records, road: RoadLine): Map<string, StationFrame> {
  const slotsAt = new Map<string, number>();
  for (const slot of records.slots.values()) slotsAt.set(slot.stationId, Math.max(slotsAt.get(slot.stationId) ?? 0, slot.evseId));
  const frames = new Map<string, StationFrame>();
  for (const station of records.stations.values()) frames.set(station.id, frameOf(station, slotsAt.get(station.id) ?? 0, road));
  return frames;
}

const REACH_KM = 0.3;
/** Two stations may face each other across the road: the favoured one is meant unless the other is this much nearer. */
const FAVOUR = 0.3;

/** The station looked at from near, when there is one. @param favouredId the selected one */
export function nearestStation(
  frames: ReadonlyMap<string, StationFrame>,
  xKm: number,
  zKm: number,
  favouredId: string | null,
): string | null {
  let best: string | null = null;
  let bestKm = REACH_KM;
  for (const frame of frames.values()) {
    const distanceKm = Math.hypot(frame.xKm - xKm, frame.zKm - zKm) * (frame.id === favouredId ? FAVOUR : 1);
    if (distanceKm >= bestKm) continue;
    bestKm = distanceKm;
    best = frame.id;
  }
  return best;
}
