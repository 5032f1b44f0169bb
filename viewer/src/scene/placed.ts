import type { Camera, Vector3 } from 'three';
import { type ScaleView, symbolScale } from './symbol-scale.ts';

/** A frame on the ground: where something stands and which way it faces. */
export interface PlacedAt {
  xKm: number;
  altKm: number;
  zKm: number;
  yawRad: number;
}

/** Metres in such a frame: forward, up, to the right. */
export interface Offset {
  xM: number;
  yM: number;
  zM: number;
}

/** What decides where a shader draws a placed thing. */
export interface DrawView extends ScaleView {
  exaggeration: number;
  camera: Camera;
}

/** Where an object of the scene is drawn, and the factor on its true size there. */
export interface ScenePoint {
  position: Vector3;
  scale: number;
}

/** The point where the shaders draw `offset` of a frame; writes into `out`. */
export function worldPoint(at: PlacedAt, offset: Offset, view: DrawView, out: ScenePoint): void {
  out.position.set(at.xKm, at.altKm * view.exaggeration, at.zKm);
  out.scale = symbolScale(view, view.camera.position.distanceTo(out.position));
  const cos = Math.cos(at.yawRad);
  const sin = Math.sin(at.yawRad);
  const unit = out.scale / 1000;
  out.position.x += (cos * offset.xM + sin * offset.zM) * unit;
  out.position.y += offset.yM * unit;
  out.position.z += (cos * offset.zM - sin * offset.xM) * unit;
}
