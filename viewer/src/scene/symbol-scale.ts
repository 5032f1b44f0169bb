/**
 * Everything that operates (trucks, stations and all their parts) is drawn at its true size from near and never smaller
 * on the screen than a symbol from afar: one factor for all of them, so that a truck still fits its bay.
 */
export const TRUCK_LENGTH_M = 17;

export interface ScaleView {
  /** Length of a truck's symbol on the screen at least this many pixels. */
  symbolPx: number;
  /** Kilometres a pixel covers at 1 km from the camera. */
  kmPerPixelAtOneKm: number;
  /** From the camera to what it looks at. */
  focusKm: number;
}

/** Part of the focus distance in the effective distance: some perspective stays, far symbols do not drown near ones. */
const FOCUS_SHARE = 0.4;

/** @returns factor >= 1 on true size for an object `distanceKm` from the camera */
export function symbolScale(view: ScaleView, distanceKm: number): number {
  const effectiveKm = distanceKm + (view.focusKm - distanceKm) * FOCUS_SHARE;
  return Math.max(1, (view.symbolPx * view.kmPerPixelAtOneKm * effectiveKm * 1000) / TRUCK_LENGTH_M);
}

/** The same function for shaders; needs the uniforms uSymbolPx, uKmPerPixel and uFocusKm. */
export const SYMBOL_SCALE_GLSL = /* glsl */ `
  uniform float uSymbolPx;
  uniform float uKmPerPixel;
  uniform float uFocusKm;
  float symbolScale(float distanceKm) {
    float effectiveKm = mix(distanceKm, uFocusKm, ${FOCUS_SHARE.toFixed(2)});
    return max(1.0, uSymbolPx * uKmPerPixel * effectiveKm * ${(1000 / TRUCK_LENGTH_M).toFixed(6)});
  }
`;
