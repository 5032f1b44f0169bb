import { parse } from 'csv-parse/sync';
import type { Direction } from './direction.ts';
import { isTunnel } from './tunnels.ts';

/** A road as columns over chainage, from the port westwards; WGS-84. */
export type RoadProfile = {
  chainageM: Float64Array;
  lat: Float64Array;
  lon: Float64Array;
  altM: Float64Array;
  roads: readonly string[];
  startM: number;
  endM: number;
};

/** What of a road its grades come from. */
export type RoadHeights = Pick<RoadProfile, 'chainageM' | 'altM' | 'startM' | 'endM'>;

export type RoadPosition = {
  chainageM: number;
  lat: number;
  lon: number;
  altM: number;
  /** Rise over run in the direction of driving. */
  gradeRatio: number;
  /** Course over ground in the direction of driving, 0 = north, clockwise. */
  headingDeg: number;
  road: string;
  tunnel: boolean;
};

export class RoadProfileError extends Error {
  readonly code = 'ROAD_PROFILE_INVALID';
}

/**
 * Reads `km,lat,lon,road,…,elev_road_est_m,…`, one row about every kilometre.
 * @throws RoadProfileError naming the row that is not a number or not in order
 */
export function parseRoadProfile(csv: string): RoadProfile {
  const rows: Record<string, string>[] = parse(csv, { columns: true, skip_empty_lines: true });
  if (rows.length < 2) throw new RoadProfileError('a road needs two points or more');
  const column = (name: string, factor = 1) =>
    Float64Array.from(rows, (row, index) => {
      const value = Number(row[name]) * factor;
      if (row[name] === '' || !Number.isFinite(value)) throw new RoadProfileError(`row ${index + 2}: ${name} is "${row[name]}"`);
      return value;
    });
  const chainageM = column('km', 1000);
  for (let index = 1; index < chainageM.length; index += 1) {
    if (!(at(chainageM, index) > at(chainageM, index - 1))) throw new RoadProfileError(`row ${index + 2}: km does not grow`);
  }
  return {
    chainageM,
    lat: column('lat'),
    lon: column('lon'),
    altM: column('elev_road_est_m'),
    roads: rows.map((row) => row['road'] ?? ''),
    startM: at(chainageM, 0),
    endM: at(chainageM, chainageM.length - 1),
  };
}

/** Value of a typed array at an index known to exist. */
function at(values: Float64Array, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`index ${index} of ${values.length}`);
  return value;
}

/** Index of the segment that holds a chainage, by bisection. */
function segmentAt(road: RoadHeights, chainageM: number): number {
  let low = 0;
  let high = road.chainageM.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(road.chainageM, middle) <= chainageM) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Cubic Hermite over a segment with slopes by central differences: the value and its derivative have no steps. */
function smooth(road: RoadHeights, values: Float64Array, segment: number, chainageM: number): { value: number; slope: number } {
  const last = values.length - 1;
  const slopeAt = (index: number) => {
    const before = Math.max(0, index - 1);
    const after = Math.min(last, index + 1);
    return (at(values, after) - at(values, before)) / (at(road.chainageM, after) - at(road.chainageM, before));
  };
  const fromM = at(road.chainageM, segment);
  const lengthM = at(road.chainageM, segment + 1) - fromM;
  const t = (chainageM - fromM) / lengthM;
  const y0 = at(values, segment);
  const y1 = at(values, segment + 1);
  const d0 = slopeAt(segment) * lengthM;
  const d1 = slopeAt(segment + 1) * lengthM;
  const a = 2 * y0 - 2 * y1 + d0 + d1;
  const b = -3 * y0 + 3 * y1 - 2 * d0 - d1;
  return { value: ((a * t + b) * t + d0) * t + y0, slope: ((3 * a * t + 2 * b) * t + d0) / lengthM };
}

/** Where on earth a chainage is; chainages beyond the ends are held at the ends. */
export function positionAt(road: RoadProfile, chainageM: number, direction: Direction = 'WEST'): RoadPosition {
  const clampedM = Math.min(road.endM, Math.max(road.startM, chainageM));
  const segment = segmentAt(road, clampedM);
  const lat = smooth(road, road.lat, segment, clampedM);
  const lon = smooth(road, road.lon, segment, clampedM);
  const alt = smooth(road, road.altM, segment, clampedM);
  const sign = direction === 'WEST' ? 1 : -1;
  const east = lon.slope * Math.cos((lat.value * Math.PI) / 180) * sign;
  const headingDeg = ((Math.atan2(east, lat.slope * sign) * 180) / Math.PI + 360) % 360;
  return {
    chainageM: clampedM,
    lat: lat.value,
    lon: lon.value,
    altM: alt.value,
    gradeRatio: alt.slope * sign,
    headingDeg,
    road: road.roads[segment] ?? '',
    tunnel: isTunnel(clampedM),
  };
}

/** Rise over run at a chainage in the direction of driving; what the physics needs without the rest of a position. */
export function gradeRatioAt(road: RoadHeights, chainageM: number, direction: Direction): number {
  const clampedM = Math.min(road.endM, Math.max(road.startM, chainageM));
  return smooth(road, road.altM, segmentAt(road, clampedM), clampedM).slope * (direction === 'WEST' ? 1 : -1);
}
