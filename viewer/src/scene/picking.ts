import { type Camera, Matrix4, Vector3 } from 'three';
import type { Records } from '../store/scene-store.ts';
import type { Selected } from '../store/selection.ts';
import { bayScore } from './bay-picking.ts';
import type { DrawnTruck } from './drawn-truck.ts';
import { type DrawView, type ScenePoint, worldPoint } from './placed.ts';
import type { StationFrame } from './station-frames.ts';
import { STATION_PLAN, slotPosition } from './station-plan.ts';
import { symbolScale } from './symbol-scale.ts';
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
/** Where parts of a station can be told apart, it is meant only beside all of them. */
const STATION_BEHIND = 0.99;
/** A corner of the picture is at most this much further away than it is deep. */
const FAR_ASIDE = 1.3;
const toClip = new Matrix4();

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

  const mayBeUnder = underPointer(scene, xPx, yPx, radiusPx);
  for (const truck of scene.trucks.drawn) {
    if (!truck.visible || !mayBeUnder(truck)) continue;
    worldPoint(truck, truck.offset, scene.view, point);
    const lengthPx = pxOf(15, scene.camera.position.distanceTo(point.position));
    offer('truck', truck.id, Math.max(radiusPx, lengthPx * 0.4));
  }
  for (const frame of scene.frames.values()) {
    worldPoint(frame, { xM: 0, yM: 4, zM: 32 }, scene.view, point);
    const distanceKm = scene.camera.position.distanceTo(point.position);
    const slotPx = pxOf(STATION_PLAN.slotWidthM, distanceKm);
    const pxPerM = slotPx / STATION_PLAN.slotWidthM;
    const isNear = slotPx >= SLOT_PX_MIN;
    offer('station', frame.id, Math.max(radiusPx * 1.4, pxOf(30, distanceKm)), isNear ? STATION_BEHIND : 0);
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

/** Half a truck, and more. */
const TRUCK_REACH_M = 20;

/** Tells quickly of most trucks that they are nowhere near a point of the screen: of ten thousand each costs a few products. */
function underPointer(
  { camera, widthPx, heightPx, view }: PickScene,
  xPx: number,
  yPx: number,
  radiusPx: number,
): (truck: DrawnTruck) => boolean {
  const m = toClip.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse).elements;
  return (truck) => {
    const { xKm: x, zKm: z, offset } = truck;
    const y = truck.altKm * view.exaggeration;
    const depthKm = m[3] * x + m[7] * y + m[11] * z + m[15];
    const reachM = Math.abs(offset.xM) + Math.abs(offset.zM) + TRUCK_REACH_M;
    const reachKm = (reachM * symbolScale(view, Math.abs(depthKm) * FAR_ASIDE)) / 1_000;
    // Beside or behind the camera nothing can be said of where it is on the screen.
    if (depthKm < reachKm * 2) return true;
    const reachPx = radiusPx + (reachKm * 2) / (depthKm * view.kmPerPixelAtOneKm);
    const dx = ((m[0] * x + m[4] * y + m[8] * z + m[12]) / depthKm) * 0.5 + 0.5;
    const dy = 0.5 - ((m[1] * x + m[5] * y + m[9] * z + m[13]) / depthKm) * 0.5;
    return Math.abs(dx * widthPx - xPx) < reachPx && Math.abs(dy * heightPx - yPx) < reachPx;
  };
}
