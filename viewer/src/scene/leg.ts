import type { RowField } from './row-buffer.ts';

/**
 * How an instance moves by itself: from its anchor (x km, alt km, z km, yaw rad) on, changing by so much per second, since an
 * instant and for so long. Written once for a stretch of some seconds, so that nothing is computed or uploaded in between.
 */
export const LEG_FIELDS = {
  iAnchor: { at: 0, size: 4 },
  iMotion: { at: 4, size: 4 },
  /** Since when, and for how long: seconds after the epoch that `uDrawnS` counts from. */
  iSpan: { at: 8, size: 2 },
} as const satisfies Record<string, RowField>;
export const LEG_SIZE = 10;

/** Where an instance stands now. What has no motion of its own stands at its anchor: absent attributes read as 0. */
export const LEG_GLSL = /* glsl */ `
  attribute vec4 iAnchor;
  attribute vec4 iMotion;
  attribute vec2 iSpan;
  uniform float uDrawnS;
  vec4 anchorNow() {
    return iAnchor + iMotion * clamp(uDrawnS - iSpan.x, 0.0, iSpan.y);
  }
`;

/** What a material that includes `LEG_GLSL` takes for attributes that a batch does not have. */
export const LEG_DEFAULTS = { iMotion: [0, 0, 0, 0], iSpan: [0, 0] };

/** The same function as the shader's, of the same floats. @param axis 0 x km, 1 alt km, 2 z km, 3 yaw rad */
export function legAt(floats: Float32Array, row: number, axis: number, drawnS: number): number {
  const at = row * LEG_SIZE;
  const since = Math.max(drawnS - (floats[at + LEG_FIELDS.iSpan.at] as number), 0);
  const forS = Math.min(since, floats[at + LEG_FIELDS.iSpan.at + 1] as number);
  return (floats[at + axis] as number) + (floats[at + LEG_FIELDS.iMotion.at + axis] as number) * forS;
}
