import type { Records } from '../store/scene-store.ts';
import type { DrawnTruck, Stand } from './drawn-truck.ts';
import { emptyRoadSample, type RoadLine } from './road-line.ts';
import { type StationFrame, yawOf } from './station-frames.ts';
import { bayPosition, queuePosition, STATION_PLAN, yardPosition } from './station-plan.ts';
import { PACK_ON_TRUCK_X_M } from './truck-model.ts';
import { lastReport } from './truck-motion.ts';

/** A truck that queues or is served belongs to a station no further along the road than this. */
const STATION_REACH_M = 3_000;
/** Where a truck stands that no bay has named yet. */
const LANE_MIDDLE_X_M = 0;
/** Parked trucks within this distance share a yard. */
const YARD_REACH_M = 1_500;

/**
 * Gives every truck that stands a place of its own, by station (bay, queue) or in a yard beside the road, so that they
 * are not drawn into one another. Order is by id: nobody changes places while nothing changes.
 * @returns those that stand elsewhere than before
 */
export function assignStands(
  parked: Iterable<DrawnTruck>,
  records: Records,
  frames: ReadonlyMap<string, StationFrame>,
  road: RoadLine,
): DrawnTruck[] {
  const bayTrucks = new Map<string, { frame: StationFrame; xM: number }>();
  for (const station of records.stations.values()) {
    const frame = frames.get(station.id);
    if (frame === undefined) continue;
    for (const bay of station.bays) if (bay.truckId !== null) bayTrucks.set(bay.truckId, { frame, xM: bayPosition(frame, bay.id).xM });
  }
  const queued = new Map<string, number>();
  const yards: { chainageM: number; westbound: boolean; next: number }[] = [];
  const sample = emptyRoadSample();
  const moved: DrawnTruck[] = [];
  const give = (truck: DrawnTruck, stand: Stand | null): void => {
    if (!sameStand(truck.stand, stand)) moved.push(truck);
    truck.stand = stand;
  };
  for (const truck of [...parked].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const state = truck.view.vehicleState;
    if (truck.track === null) continue;
    const chainageM = lastReport(truck.track).chainageM;
    if (state === 'IN_BAY' || state === 'QUEUEING') {
      const bay = bayTrucks.get(truck.id);
      const frame = bay?.frame ?? stationNear(frames, truck, chainageM);
      if (frame === undefined) give(truck, null);
      else if (state === 'IN_BAY') give(truck, standIn(frame, (bay?.xM ?? LANE_MIDDLE_X_M) - PACK_ON_TRUCK_X_M, STATION_PLAN.laneZ));
      else {
        const place = queued.get(frame.id) ?? 0;
        queued.set(frame.id, place + 1);
        const { xM, zM } = queuePosition(place);
        give(truck, standIn(frame, xM, zM));
      }
      continue;
    }
    let yard = yards.find((known) => known.westbound === truck.westbound && Math.abs(known.chainageM - chainageM) < YARD_REACH_M);
    if (yard === undefined) {
      yard = { chainageM, westbound: truck.westbound, next: 0 };
      yards.push(yard);
    }
    const { xM, zM } = yardPosition(yard.next++);
    road.sample(yard.chainageM, sample);
    const yawRad = yawOf(sample.tangentX, sample.tangentZ, truck.westbound);
    give(truck, { xKm: sample.xKm, altKm: sample.altKm, zKm: sample.zKm, yawRad, offsetXM: xM, offsetZM: zM });
  }
  return moved;
}

/** It does not drive: it needs a place of its own. */
export function isParked({ track, view }: DrawnTruck): boolean {
  const state = view.vehicleState;
  return track !== null && state !== null && state !== 'DRIVING' && state !== 'STRANDED';
}

function sameStand(a: Stand | null, b: Stand | null): boolean {
  if (a === null || b === null) return a === b;
  return a.xKm === b.xKm && a.zKm === b.zKm && a.yawRad === b.yawRad && a.offsetXM === b.offsetXM && a.offsetZM === b.offsetZM;
}

function standIn(frame: StationFrame, offsetXM: number, offsetZM: number): Stand {
  return { xKm: frame.xKm, altKm: frame.altKm, zKm: frame.zKm, yawRad: frame.yawRad, offsetXM, offsetZM };
}

function stationNear(frames: ReadonlyMap<string, StationFrame>, truck: DrawnTruck, chainageM: number): StationFrame | undefined {
  const wanted = truck.view.destinationStationId === null ? undefined : frames.get(truck.view.destinationStationId);
  if (wanted !== undefined && Math.abs(wanted.chainageM - chainageM) < STATION_REACH_M) return wanted;
  let best: StationFrame | undefined;
  let bestM = STATION_REACH_M;
  for (const frame of frames.values()) {
    const distanceM = Math.abs(frame.chainageM - chainageM);
    if (distanceM < bestM) {
      bestM = distanceM;
      best = frame;
    }
  }
  return best;
}
