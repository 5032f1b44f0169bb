import { type Camera, Vector3 } from 'three';
import type { Records } from '../store/scene-store.ts';
import type { Selected } from '../store/selection.ts';
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

/** What is drawn at a point of the screen: the nearest of slots (when large enough to see), trucks and stations. */
export function pickAt(scene: PickScene, xPx: number, yPx: number, radiusPx: number): Selected | null {
  const point: ScenePoint = { position: new Vector3(), scale: 1 };
  let best: Selected | null = null;
  let bestScore = 1;
  const offer = (kind: Selected['kind'], id: string, reachPx: number): void => {
    const projected = point.position.project(scene.camera);
    if (projected.z > 1) return;
    const dx = (projected.x * 0.5 + 0.5) * scene.widthPx - xPx;
    const dy = (0.5 - projected.y * 0.5) * scene.heightPx - yPx;
    const score = Math.hypot(dx, dy) / reachPx;
    if (score >= bestScore) return;
    bestScore = score;
    best = { kind, id };
  };
  const pxOf = (metres: number, distanceKm: number): number => (metres * point.scale) / 1000 / (distanceKm * scene.view.kmPerPixelAtOneKm);

  for (const truck of scene.trucks.drawn) {
    if (!truck.visible) continue;
    worldPoint(truck, truck.offset, scene.view, point);
    const lengthPx = pxOf(15, scene.camera.position.distanceTo(point.position));
    offer('truck', truck.id, Math.max(radiusPx, lengthPx * 0.4));
  }
  for (const frame of scene.frames.values()) {
    worldPoint(frame, { xM: 0, yM: 4, zM: 32 }, scene.view, point);
    const distanceKm = scene.camera.position.distanceTo(point.position);
    const slotPx = pxOf(STATION_PLAN.slotWidthM, distanceKm);
    offer('station', frame.id, Math.max(radiusPx * 1.4, pxOf(30, distanceKm)));
    if (slotPx < SLOT_PX_MIN) continue;
    for (let evseId = 1; evseId <= frame.slots; evseId++) {
      const { xM, zM } = slotPosition(evseId, frame.slots);
      worldPoint(frame, { xM, yM: 1.8, zM }, scene.view, point);
      offer('slot', `${frame.id}-${evseId}`, slotPx * 0.5);
    }
  }
  return best;
}
