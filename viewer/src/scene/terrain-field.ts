import type { Geometry } from '@corridor/protocols/http/scene';
import type { Projection } from './projection.ts';
import type { RoadLine } from './road-line.ts';

/** Heights on a regular grid of the scene's plane, with slopes; rows go south (+z), columns east (+x). */
export interface TerrainField {
  columns: number;
  rows: number;
  x0Km: number;
  z0Km: number;
  stepXKm: number;
  stepZKm: number;
  altKm: Float32Array;
  /** d(alt)/dx and d(alt)/dz, without exaggeration. */
  slopeX: Float32Array;
  slopeZ: Float32Array;
}

const REFINE = 4;
/** Within this distance the ground is the road's own level: a road that follows valley floors must not drown in 2 km pixels. */
const BED_KM = 1.3;
/** From here on the ground is untouched. */
const BANK_KM = 6.5;
const BED_DEPTH_KM = 0.004;
const SHORE_KM = 0.001;
/** What counts as a spike, and as low ground; the window in grid steps. */
const SPIKE_KM = 0.03;
const LOWLAND_KM = 0.015;
const SPIKE_REACH = 6;

/**
 * Makes the drawn ground from the published heights: cleared of spikes, smoothed once (the source snaps to steps),
 * refined to a quarter of the spacing, and blended to the road's level along the road.
 * @throws RangeError when the grid does not have rows x columns heights
 */
export function buildTerrainField(terrain: Geometry['terrain'], projection: Projection, road: RoadLine): TerrainField {
  if (terrain.altM.length !== terrain.rows * terrain.columns || terrain.rows < 2 || terrain.columns < 2) {
    throw new RangeError(`terrain has ${terrain.altM.length} heights for ${terrain.rows} x ${terrain.columns}`);
  }
  const { columns: coarseColumns, rows: coarseRows } = terrain;
  const coarse = smooth(withoutSpikes(flipRows(terrain), coarseColumns, coarseRows), coarseColumns, coarseRows);
  const columns = (terrain.columns - 1) * REFINE + 1;
  const rows = (terrain.rows - 1) * REFINE + 1;
  const north = terrain.lat0 + (terrain.rows - 1) * terrain.latStep;
  const x0Km = projection.xOf(terrain.lon0);
  const z0Km = projection.zOf(north);
  const field: TerrainField = {
    columns,
    rows,
    x0Km,
    z0Km,
    stepXKm: (projection.xOf(terrain.lon0 + terrain.lonStep) - x0Km) / REFINE,
    stepZKm: (projection.zOf(north - terrain.latStep) - z0Km) / REFINE,
    altKm: refine(coarse, terrain.columns, terrain.rows, columns, rows),
    slopeX: new Float32Array(columns * rows),
    slopeZ: new Float32Array(columns * rows),
  };
  layRoadBed(field, road);
  computeSlopes(field);
  return field;
}

/** @returns height in km above sea level at a point of the plane; outside the grid its edge */
export function terrainAltKmAt(field: TerrainField, xKm: number, zKm: number): number {
  const u = clamp((xKm - field.x0Km) / field.stepXKm, 0, field.columns - 1.001);
  const v = clamp((zKm - field.z0Km) / field.stepZKm, 0, field.rows - 1.001);
  const column = Math.floor(u);
  const row = Math.floor(v);
  const at = row * field.columns + column;
  const north = mix(field.altKm[at] as number, field.altKm[at + 1] as number, u - column);
  const south = mix(field.altKm[at + field.columns] as number, field.altKm[at + field.columns + 1] as number, u - column);
  return mix(north, south, v - row);
}

/** The wire has rows from south to north and metres; the scene wants north first and km. */
function flipRows(terrain: Geometry['terrain']): Float32Array {
  const out = new Float32Array(terrain.altM.length);
  for (let row = 0; row < terrain.rows; row++) {
    const source = (terrain.rows - 1 - row) * terrain.columns;
    for (let column = 0; column < terrain.columns; column++) {
      out[row * terrain.columns + column] = (terrain.altM[source + column] ?? 0) / 1000;
    }
  }
  return out;
}

/**
 * Height grids made of shrunken tiles have ridges of hundreds of metres along flat coasts. A height that stands out of
 * ground which is low all around it is replaced by the median of its surroundings.
 */
function withoutSpikes(values: Float32Array, columns: number, rows: number): Float32Array {
  const out = values.slice();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const own = values[at] as number;
      if (own < SPIKE_KM && own > -SPIKE_KM) continue;
      const window: SpikeWindow = {
        fromRow: Math.max(row - SPIKE_REACH, 0),
        untilRow: Math.min(row + SPIKE_REACH, rows - 1),
        fromColumn: Math.max(column - SPIKE_REACH, 0),
        untilColumn: Math.min(column + SPIKE_REACH, columns - 1),
      };
      if (isLowland(values, columns, window)) out[at] = medianIn(values, columns, window);
    }
  }
  return out;
}

interface SpikeWindow {
  fromRow: number;
  untilRow: number;
  fromColumn: number;
  untilColumn: number;
}

/** Whether the median of the window is low: counted, as to sort the surroundings of every mountain took most of the time to the first picture. */
function isLowland(values: Float32Array, columns: number, { fromRow, untilRow, fromColumn, untilColumn }: SpikeWindow): boolean {
  let below = 0;
  let low = 0;
  for (let r = fromRow; r <= untilRow; r++) {
    for (let c = fromColumn; c <= untilColumn; c++) {
      const value = values[r * columns + c] as number;
      if (value <= -LOWLAND_KM) below++;
      else if (value < LOWLAND_KM) low++;
    }
  }
  const middle = ((untilRow - fromRow + 1) * (untilColumn - fromColumn + 1)) >> 1;
  return below <= middle && below + low > middle;
}

function medianIn(values: Float32Array, columns: number, { fromRow, untilRow, fromColumn, untilColumn }: SpikeWindow): number {
  const width = untilColumn - fromColumn + 1;
  const around = new Float32Array((untilRow - fromRow + 1) * width);
  for (let r = fromRow; r <= untilRow; r++) {
    const start = r * columns + fromColumn;
    around.set(values.subarray(start, start + width), (r - fromRow) * width);
  }
  around.sort();
  return around[around.length >> 1] as number;
}

/** 3 x 3 binomial filter. */
function smooth(values: Float32Array, columns: number, rows: number): Float32Array {
  const out = new Float32Array(values.length);
  const weights = [1, 2, 1] as const;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let dr = -1; dr <= 1; dr++) {
        const r = clamp(row + dr, 0, rows - 1);
        for (let dc = -1; dc <= 1; dc++) {
          const c = clamp(column + dc, 0, columns - 1);
          sum += (values[r * columns + c] as number) * (weights[dr + 1] as number) * (weights[dc + 1] as number);
        }
      }
      out[row * columns + column] = sum / 16;
    }
  }
  return out;
}

/** Bicubic (Catmull-Rom) at half steps. */
function refine(coarse: Float32Array, fromColumns: number, fromRows: number, columns: number, rows: number): Float32Array {
  const out = new Float32Array(columns * rows);
  const line = new Float32Array(4);
  for (let row = 0; row < rows; row++) {
    const r = Math.min(Math.floor(row / REFINE), fromRows - 2);
    const v = row / REFINE - r;
    for (let column = 0; column < columns; column++) {
      const c = Math.min(Math.floor(column / REFINE), fromColumns - 2);
      const u = column / REFINE - c;
      for (let k = 0; k < 4; k++) {
        const base = clamp(r + k - 1, 0, fromRows - 1) * fromColumns;
        line[k] = cubic(
          coarse[base + clamp(c - 1, 0, fromColumns - 1)] as number,
          coarse[base + c] as number,
          coarse[base + c + 1] as number,
          coarse[base + clamp(c + 2, 0, fromColumns - 1)] as number,
          u,
        );
      }
      out[row * columns + column] = cubic(line[0] as number, line[1] as number, line[2] as number, line[3] as number, v);
    }
  }
  return out;
}

function layRoadBed(field: TerrainField, road: RoadLine): void {
  const { columns, rows, x0Km, z0Km, stepXKm, stepZKm, altKm } = field;
  const nearestKm2 = new Float32Array(altKm.length).fill(Number.POSITIVE_INFINITY);
  const bedKm = new Float32Array(altKm.length);
  const reachColumns = Math.ceil(BANK_KM / stepXKm);
  const reachRows = Math.ceil(BANK_KM / stepZKm);
  for (let i = 0; i < road.count; i += 2) {
    const x = road.xKm[i] as number;
    const z = road.zKm[i] as number;
    // A road by the sea stays on dry land.
    const bed = Math.max((road.altKm[i] as number) - BED_DEPTH_KM, Math.min(road.altKm[i] as number, SHORE_KM));
    const column = Math.round((x - x0Km) / stepXKm);
    const row = Math.round((z - z0Km) / stepZKm);
    for (let r = Math.max(row - reachRows, 0); r <= Math.min(row + reachRows, rows - 1); r++) {
      const dz = z0Km + r * stepZKm - z;
      for (let c = Math.max(column - reachColumns, 0); c <= Math.min(column + reachColumns, columns - 1); c++) {
        const dx = x0Km + c * stepXKm - x;
        const squared = dx * dx + dz * dz;
        const at = r * columns + c;
        if (squared >= (nearestKm2[at] as number)) continue;
        nearestKm2[at] = squared;
        bedKm[at] = bed;
      }
    }
  }
  for (let at = 0; at < altKm.length; at++) {
    const distance = Math.sqrt(nearestKm2[at] as number);
    if (distance >= BANK_KM) continue;
    const part = clamp((distance - BED_KM) / (BANK_KM - BED_KM), 0, 1);
    altKm[at] = mix(bedKm[at] as number, altKm[at] as number, part * part * (3 - 2 * part));
  }
}

function computeSlopes(field: TerrainField): void {
  const { columns, rows, altKm } = field;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const west = Math.max(column - 1, 0);
      const east = Math.min(column + 1, columns - 1);
      const north = Math.max(row - 1, 0);
      const south = Math.min(row + 1, rows - 1);
      const rise = (altKm[row * columns + east] as number) - (altKm[row * columns + west] as number);
      const drop = (altKm[south * columns + column] as number) - (altKm[north * columns + column] as number);
      field.slopeX[at] = rise / ((east - west) * field.stepXKm);
      field.slopeZ[at] = drop / ((south - north) * field.stepZKm);
    }
  }
}

function cubic(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

function mix(from: number, to: number, part: number): number {
  return from + (to - from) * part;
}
