import { type Camera, Vector3 } from 'three';
import type { Records } from '../store/scene-store.ts';
import type { Selected } from '../store/selection.ts';
import { bayScore } from './bay-picking.ts';
import { NearScreenPoint } from './near-screen-point.ts';
import { type DrawView, type ScenePoint, worldPoint } from './placed.ts';
import type { StationFrame } from './station-frames.ts';
import { STATION_PLAN, slotPosition } from './station-plan.ts';
import type { TruckLayer } from './truck-layer.ts';

export interface PickScene {
  camera: Camera;
  widthPx: number;
  heightPx: number;
  view: DrawView;
  frames: ReadonlyMap<string, StationFrame>;
  trucks: TruckLayer;
  records: Records;
}

/** A finger is wider than a mouse pointer. */
export const PICK_PX = { mouse: 12, touch: 26 } as const;
const SLOT_PX_MIN = 9;
/** A station is larger than a truck: so much, and at least so far around its middle, it is pointed at. */
const STATION_RADIUS = 1.4;
const STATION_RADIUS_M = 30;
const STATION_MIDDLE = { xM: 0, yM: 4, zM: 32 } as const;
/** Where parts of a station can be told apart, it is meant only beside all of them. */
const STATION_BEHIND = 0.99;

/** What is drawn at a point of the screen: the nearest of slots and bays (when large enough to see), trucks and stations. */
export function pickAt(scene: PickScene, xPx: number, yPx: number, radiusPx: number): Selected | null {
  const point: ScenePoint = { position: new Vector3(), scale: 1 };
  let best: Selected | null = null;
  let bestScore = 1;
  const take = (kind: Selected['kind'], id: string, score: number): void => {
    if (score >= bestScore) return;
    bestScore = score;
    best = { kind, id };
  };
  const offer = (kind: Selected['kind'], id: string, reachPx: number, scoreMin = 0): void => {
    const projected = point.position.project(scene.camera);
    if (projected.z > 1) return;
    const dx = (projected.x * 0.5 + 0.5) * scene.widthPx - xPx;
    const dy = (0.5 - projected.y * 0.5) * scene.heightPx - yPx;
    const score = Math.hypot(dx, dy) / reachPx;
    if (score < 1) take(kind, id, Math.max(score, scoreMin));
  };
  const pxOf = (metres: number, distanceKm: number): number => (metres * point.scale) / 1000 / (distanceKm * scene.view.kmPerPixelAtOneKm);

  const under = new NearScreenPoint(scene, { xPx, yPx }, radiusPx * STATION_RADIUS);
  for (const truck of scene.trucks.near(under)) {
    worldPoint(truck, truck.offset, scene.view, point);
    const lengthPx = pxOf(15, scene.camera.position.distanceTo(point.position));
    offer('truck', truck.id, Math.max(radiusPx, lengthPx * 0.4));
  }
  for (const frame of scene.frames.values()) {
    if (!under.mayShow(frame.xKm, frame.altKm, frame.zKm, stationReachM(frame))) continue;
    worldPoint(frame, STATION_MIDDLE, scene.view, point);
    const distanceKm = scene.camera.position.distanceTo(point.position);
    const slotPx = pxOf(STATION_PLAN.slotWidthM, distanceKm);
    const pxPerM = slotPx / STATION_PLAN.slotWidthM;
    const isNear = slotPx >= SLOT_PX_MIN;
    offer('station', frame.id, Math.max(radiusPx * STATION_RADIUS, pxOf(STATION_RADIUS_M, distanceKm)), isNear ? STATION_BEHIND : 0);
    if (!isNear) continue;
    for (const bay of scene.records.stations.get(frame.id)?.bays ?? [])
      take('bay', bay.id, bayScore(scene, frame, bay, { xPx, yPx }, pxPerM));
    for (let evseId = 1; evseId <= frame.slots; evseId++) {
      const { xM, zM } = slotPosition(evseId, frame.slots);
      worldPoint(frame, { xM, yM: 1.8, zM }, scene.view, point);
      offer('slot', `${frame.id}-${evseId}`, slotPx * 0.5);
    }
  }
  return best;
}

/** From the origin of a station's frame to the furthest point at which one still points at it or its rack. */
function stationReachM({ slots }: StationFrame): number {
  const rackM = slotPosition(slots, slots).zM + STATION_PLAN.slabX[1];
  return Math.max(rackM, STATION_MIDDLE.zM + STATION_RADIUS_M) + STATION_PLAN.bridgeY;
}
