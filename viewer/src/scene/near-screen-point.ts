import { Matrix4, Vector3 } from 'three';
import type { DrawView } from './placed.ts';
import { symbolScale } from './symbol-scale.ts';

/** No point of the picture is further aside than it is deep. */
const ASIDE_MAX = 1;

/** Tells quickly of most things that they are nowhere near a point of the picture, by where their frame stands: some products each. */
export class NearScreenPoint {
  readonly #view: DrawView;
  readonly #widthPx: number;
  readonly #heightPx: number;
  readonly #xPx: number;
  readonly #yPx: number;
  readonly #radiusPx: number;
  /** World to clip space, by columns. */
  readonly #clip: readonly number[];
  readonly #eye: Vector3;

  /**
   * @param at CSS pixels of the picture
   * @param radiusPx within which what is drawn counts as there
   */
  constructor(
    { view, widthPx, heightPx }: { view: DrawView; widthPx: number; heightPx: number },
    at: { xPx: number; yPx: number },
    radiusPx: number,
  ) {
    const { camera } = view;
    this.#view = view;
    this.#widthPx = widthPx;
    this.#heightPx = heightPx;
    this.#xPx = at.xPx;
    this.#yPx = at.yPx;
    this.#radiusPx = radiusPx;
    this.#clip = [...new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse).elements];
    this.#eye = new Vector3().copy(camera.position);
  }

  /**
   * @param reachM no part of the thing is further from the origin of its frame, metres of its true size
   * @returns false only of what is not drawn there
   */
  mayShow(xKm: number, altKm: number, zKm: number, reachM: number): boolean {
    const view = this.#view;
    const yKm = altKm * view.exaggeration;
    const eye = this.#eye;
    const [dx, dy, dz] = [xKm - eye.x, yKm - eye.y, zKm - eye.z];
    const reachKm = (reachM * symbolScale(view, Math.sqrt(dx * dx + dy * dy + dz * dz))) / 1_000;
    const depthKm = this.#inClip(3, xKm, yKm, zKm);
    // Beside the camera nothing can be said of where it is in the picture; behind it, it is in none.
    if (depthKm <= reachKm) return depthKm > -reachKm;
    const reachPx = this.#radiusPx + (reachKm * (1 + ASIDE_MAX)) / (depthKm * view.kmPerPixelAtOneKm);
    const asidePx = ((this.#inClip(0, xKm, yKm, zKm) / depthKm) * 0.5 + 0.5) * this.#widthPx - this.#xPx;
    if (Math.abs(asidePx) >= reachPx) return false;
    const belowPx = (0.5 - (this.#inClip(1, xKm, yKm, zKm) / depthKm) * 0.5) * this.#heightPx - this.#yPx;
    return Math.abs(belowPx) < reachPx;
  }

  /** @param axis 0 across, 1 up, 3 depth */
  #inClip(axis: number, x: number, y: number, z: number): number {
    const m = this.#clip;
    return (m[axis] as number) * x + (m[axis + 4] as number) * y + (m[axis + 8] as number) * z + (m[axis + 12] as number);
  }
}
