import type { BayView } from '@corridor/protocols/http/bay-view';
import { Vector3 } from 'three';
import type { PickScene } from './picking.ts';
import { type Offset, type ScenePoint, worldPoint } from './placed.ts';
import type { StationFrame } from './station-frames.ts';
import { bayPosition, craneOfBay, STATION_PLAN } from './station-plan.ts';

/** Half the width of a leg, the bridge and what hangs from it, with some room for the pointer. */
const CRANE_REACH_M = 2.2;
const CRANE_REACH_PX_MIN = 5;
const FLOOR_REACH_M = 3.2;
/** Whatever stands on the floor comes before it. */
const FLOOR_BEHIND = 0.6;
const point: ScenePoint = { position: new Vector3(), scale: 1 };
const [from, to] = [new Vector3(), new Vector3()];

/** The pointer on the screen, CSS pixels. */
interface Pointer {
  xPx: number;
  yPx: number;
}

/**
 * How well a bay is met: its crane (front leg, bridge, what hangs from it), and the floor of its lane while no truck is drawn there.
 * @param pxPerM size on the screen of a metre there
 * @returns 0 in the middle, 1 at the edge, more beside it
 */
export function bayScore(scene: PickScene, frame: StationFrame, bay: BayView, pointer: Pointer, pxPerM: number): number {
  const { railsZ, bridgeY, laneZ } = STATION_PLAN;
  const { xM, yM, zM } = craneOfBay(bay, frame.slots);
  const away = (a: Offset, b: Offset): number => pxBetween(scene, frame, a, b, pointer);
  const cranePx = Math.min(
    away({ xM, yM: 0, zM: railsZ[0] }, { xM, yM: bridgeY, zM: railsZ[0] }),
    away({ xM, yM: bridgeY, zM: railsZ[0] }, { xM, yM: bridgeY, zM: railsZ[1] }),
    away({ xM, yM: bridgeY, zM }, { xM, yM, zM }),
  );
  const ofCrane = cranePx / Math.max(CRANE_REACH_M * pxPerM, CRANE_REACH_PX_MIN);
  if (bay.truckId !== null && scene.trucks.get(bay.truckId)?.visible === true) return ofCrane;
  const floor = bayPosition(frame, bay.id);
  const halfM = floor.lengthM / 2 - FLOOR_REACH_M;
  const floorPx = away({ xM: floor.xM - halfM, yM: 0, zM: laneZ }, { xM: floor.xM + halfM, yM: 0, zM: laneZ });
  const ofFloor = floorPx / (FLOOR_REACH_M * pxPerM);
  return Math.min(ofCrane, FLOOR_BEHIND + (1 - FLOOR_BEHIND) * ofFloor);
}

/** From the pointer to a line between two points of a station's frame; Infinity when one is behind the camera. */
function pxBetween(
  { camera, view, widthPx, heightPx }: PickScene,
  frame: StationFrame,
  a: Offset,
  b: Offset,
  { xPx, yPx }: Pointer,
): number {
  worldPoint(frame, a, view, point);
  from.copy(point.position).project(camera);
  worldPoint(frame, b, view, point);
  to.copy(point.position).project(camera);
  if (from.z > 1 || to.z > 1) return Number.POSITIVE_INFINITY;
  const fromX = (from.x * 0.5 + 0.5) * widthPx;
  const fromY = (0.5 - from.y * 0.5) * heightPx;
  const alongX = (to.x * 0.5 + 0.5) * widthPx - fromX;
  const alongY = (0.5 - to.y * 0.5) * heightPx - fromY;
  const lengthSquared = alongX * alongX + alongY * alongY;
  const projected = lengthSquared === 0 ? 0 : ((xPx - fromX) * alongX + (yPx - fromY) * alongY) / lengthSquared;
  const part = Math.min(Math.max(projected, 0), 1);
  return Math.hypot(xPx - fromX - part * alongX, yPx - fromY - part * alongY);
}
