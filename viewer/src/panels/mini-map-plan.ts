import type { RoadLine } from '../scene/road-line.ts';

/** How the plane of the scene lies on a small map: km to CSS pixels, north up. */
export interface MiniMapPlan {
  widthPx: number;
  heightPx: number;
  pxPerKm: number;
  /** Pixel of the scene's origin. */
  xPx: number;
  zPx: number;
}

const MARGIN_PX = 12;
const HEIGHT_PX = { min: 64, max: 168 } as const;

/** The whole road within a map of that width; as high as the road needs, within reason. */
export function planOf(road: Pick<RoadLine, 'count' | 'xKm' | 'zKm'>, widthPx: number): MiniMapPlan {
  let [west, east, north, south] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < road.count; i++) {
    const [x, z] = [road.xKm[i] as number, road.zKm[i] as number];
    west = Math.min(west, x);
    east = Math.max(east, x);
    north = Math.min(north, z);
    south = Math.max(south, z);
  }
  const wide = Math.max(east - west, 1e-3);
  const high = Math.max(south - north, 1e-3);
  const pxPerKm = Math.min((widthPx - 2 * MARGIN_PX) / wide, (HEIGHT_PX.max - 2 * MARGIN_PX) / high);
  const heightPx = Math.round(Math.min(Math.max(high * pxPerKm + 2 * MARGIN_PX, HEIGHT_PX.min), HEIGHT_PX.max));
  return {
    widthPx,
    heightPx,
    pxPerKm,
    xPx: widthPx / 2 - ((west + east) / 2) * pxPerKm,
    zPx: heightPx / 2 - ((north + south) / 2) * pxPerKm,
  };
}

/** Point of the plane under a pixel of the map. */
export function groundAt(plan: MiniMapPlan, xPx: number, yPx: number): { xKm: number; zKm: number } {
  return { xKm: (xPx - plan.xPx) / plan.pxPerKm, zKm: (yPx - plan.zPx) / plan.pxPerKm };
}
