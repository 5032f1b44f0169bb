import type { Camera } from 'three';
import { Vector3 } from 'three';
import type { CameraAddress } from '../store/view-address.ts';
import type { Projection } from './projection.ts';
import type { CameraPose } from './view-fit.ts';

const DEG = 180 / Math.PI;

export function addressOfPose(pose: CameraPose, projection: Projection): CameraAddress {
  const turn = (pose.bearingRad * DEG) % 360;
  return {
    latDeg: projection.latOf(pose.zKm),
    lonDeg: projection.lonOf(pose.xKm),
    distanceKm: pose.distanceKm,
    bearingDeg: turn > 180 ? turn - 360 : turn <= -180 ? turn + 360 : turn,
    tiltDeg: pose.tiltRad * DEG,
  };
}

export function poseOfAddress(camera: CameraAddress, projection: Projection): CameraPose {
  return {
    xKm: projection.xOf(camera.lonDeg),
    zKm: projection.zOf(camera.latDeg),
    distanceKm: camera.distanceKm,
    bearingRad: camera.bearingDeg / DEG,
    tiltRad: camera.tiltDeg / DEG,
  };
}

/** Corners of what is seen of the ground, from the lower left on: x and z in km. */
export type Footprint = Float64Array;
export const emptyFootprint = (): Footprint => new Float64Array(8);

/** Beyond so many times the distance to what is looked at, the ground is in the fog. */
const REACH = 2.5;
const CORNERS = [-1, -1, 1, -1, 1, 1, -1, 1];
const ray = new Vector3();

/** Writes where the corners of the window meet level ground of height `yKm`; above the horizon, where the fog ends. */
export function writeFootprint(out: Footprint, camera: Camera, { yKm, focusKm }: { yKm: number; focusKm: number }): void {
  for (let corner = 0; corner < CORNERS.length; corner += 2) {
    ray
      .set(CORNERS[corner] as number, CORNERS[corner + 1] as number, 0.5)
      .unproject(camera)
      .sub(camera.position)
      .normalize();
    const down = Math.max(-ray.y, 1e-6);
    const reachKm = Math.min((camera.position.y - yKm) / down, focusKm * REACH);
    out[corner] = camera.position.x + ray.x * reachKm;
    out[corner + 1] = camera.position.z + ray.z * reachKm;
  }
}
