import { PerspectiveCamera, Vector3 } from 'three';

/** A camera looking at a point of the ground: where, from how far, from which side and how steeply. */
export interface CameraPose {
  xKm: number;
  zKm: number;
  distanceKm: number;
  /** Direction the camera looks, clockwise from north. */
  bearingRad: number;
  /** 0 looks straight down. */
  tiltRad: number;
}

/** Room that panels cover, CSS pixels. */
export interface Insets {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface FitOptions {
  widthPx: number;
  heightPx: number;
  fovDeg: number;
  insets: Insets;
  tiltRad: number;
  /** Height factor of the scene, which depends on the distance. */
  exaggerationAt: (distanceKm: number) => number;
}

export interface GroundPoint {
  xKm: number;
  altKm: number;
  zKm: number;
}

/** Size of the window in CSS pixels, as an element says it. */
export interface WindowSize {
  clientWidth: number;
  clientHeight: number;
}

/** From how far something so wide fits between the panels. */
export function distanceToSeeKm(widthKm: number, { clientWidth, clientHeight }: WindowSize, insets: Insets, fovDeg: number): number {
  const freePx = Math.max(clientWidth - insets.left - insets.right, 80);
  return (widthKm * Math.max(clientHeight, 1)) / (freePx * 2 * Math.tan((fovDeg * Math.PI) / 360));
}

const FREE_PX_PER_SYMBOL_PX = 72;
const SYMBOL_PX_MIN = 6;
const SYMBOL_PX_MAX = 13;

/** Length of a truck's symbol: it shrinks with the room, so that the whole network stays readable on a phone under a sheet. */
export function symbolPxIn({ clientWidth, clientHeight }: WindowSize, insets: Insets): number {
  const freePx = Math.hypot(clientWidth - insets.left - insets.right, clientHeight - insets.top - insets.bottom);
  return Math.min(Math.max(freePx / FREE_PX_PER_SYMBOL_PX, SYMBOL_PX_MIN), SYMBOL_PX_MAX);
}

/** Bearings to try: the flatter the window, the less the corridor needs to turn; north-up wins ties. */
const BEARINGS_DEG = [-80, -70, -60, -50, -42, -34, -26, -18, -10, 0];
const TURN_COST_PER_DEGREE = 0.0022;
const ROUNDS = 14;

/** Places `camera` at the pose over ground of height `altKm` (already exaggerated). */
export function applyPose(camera: PerspectiveCamera, pose: CameraPose, altKm: number): void {
  const horizontal = Math.sin(pose.tiltRad) * pose.distanceKm;
  camera.position.set(
    pose.xKm - Math.sin(pose.bearingRad) * horizontal,
    altKm + Math.cos(pose.tiltRad) * pose.distanceKm,
    pose.zKm + Math.cos(pose.bearingRad) * horizontal,
  );
  camera.lookAt(pose.xKm, altKm, pose.zKm);
  camera.updateMatrixWorld();
}

/** The pose that shows all points as large as the free part of the window allows. */
export function fitPose(points: readonly GroundPoint[], options: FitOptions): CameraPose {
  let best: CameraPose | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const bearingDeg of BEARINGS_DEG) {
    const pose = fitAtBearing(points, options, (bearingDeg * Math.PI) / 180);
    const cost = pose.distanceKm * (1 + Math.abs(bearingDeg) * TURN_COST_PER_DEGREE);
    if (cost < bestCost) {
      bestCost = cost;
      best = pose;
    }
  }
  if (best === null) throw new RangeError('no bearing to try');
  return best;
}

function fitAtBearing(points: readonly GroundPoint[], options: FitOptions, bearingRad: number): CameraPose {
  const { widthPx, heightPx, insets } = options;
  const free = {
    width: Math.max(widthPx - insets.left - insets.right, 80),
    height: Math.max(heightPx - insets.top - insets.bottom, 80),
  };
  const camera = new PerspectiveCamera(options.fovDeg, widthPx / heightPx, 0.1, 10_000);
  // As the rig does: the point looked at stands in the middle of the free part.
  camera.setViewOffset(widthPx, heightPx, (insets.right - insets.left) / 2, (insets.bottom - insets.top) / 2, widthPx, heightPx);
  const xs = points.map((point) => point.xKm);
  const zs = points.map((point) => point.zKm);
  const pose: CameraPose = {
    xKm: (Math.min(...xs) + Math.max(...xs)) / 2,
    zKm: (Math.min(...zs) + Math.max(...zs)) / 2,
    distanceKm: 700,
    bearingRad,
    tiltRad: options.tiltRad,
  };
  const at = new Vector3();
  for (let round = 0; round < ROUNDS; round++) {
    applyPose(camera, pose, 0);
    const exaggeration = options.exaggerationAt(pose.distanceKm);
    let [left, right, top, bottom] = [
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ];
    for (const point of points) {
      at.set(point.xKm, point.altKm * exaggeration, point.zKm).project(camera);
      const x = (at.x * 0.5 + 0.5) * widthPx;
      const y = (0.5 - at.y * 0.5) * heightPx;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
    const kmPerPx = (2 * Math.tan((options.fovDeg * Math.PI) / 360) * pose.distanceKm) / heightPx;
    const rightKm = ((left + right) / 2 - (insets.left + free.width / 2)) * kmPerPx;
    const forwardKm = ((insets.top + free.height / 2 - (top + bottom) / 2) * kmPerPx) / Math.cos(pose.tiltRad);
    pose.xKm += Math.cos(bearingRad) * rightKm + Math.sin(bearingRad) * forwardKm;
    pose.zKm += Math.sin(bearingRad) * rightKm - Math.cos(bearingRad) * forwardKm;
    const grow = Math.max((right - left) / free.width, (bottom - top) / free.height);
    pose.distanceKm = Math.min(Math.max(pose.distanceKm * (1 + (grow - 1) * 0.7), 0.2), 3_000);
  }
  return pose;
}
