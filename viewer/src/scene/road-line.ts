import type { Geometry } from '@corridor/protocols/http/scene';
import type { Projection } from './projection.ts';

/** Where a point of the road lies; filled in place so that the frame loop does not allocate. */
export interface RoadSample {
  xKm: number;
  zKm: number;
  altKm: number;
  /** Unit vector towards growing chainage. */
  tangentX: number;
  tangentZ: number;
  tunnel: boolean;
}

export const emptyRoadSample = (): RoadSample => ({ xKm: 0, zKm: 0, altKm: 0, tangentX: -1, tangentZ: 0, tunnel: false });

const STEP_M = 200;
/** 1 m: between samples the road is straight, and so near to one it hardly turns. */
const PASSED_PART = 1 / STEP_M;
/** The published points are joined by straight chords of up to 15 km; a blur of this half-width rounds their kinks. */
const PLAN_BLUR_STEPS = 5;
const ALTITUDE_BLUR_STEPS = 4;

/**
 * The road as evenly spaced samples along its chainage: position in O(1). Indexes are clamped, so every read of an array
 * below is inside it (`as number` states that to the compiler).
 */
export class RoadLine {
  readonly startM: number;
  readonly endM: number;
  readonly stepM = STEP_M;
  readonly count: number;
  readonly xKm: Float64Array;
  readonly zKm: Float64Array;
  readonly altKm: Float64Array;
  readonly tangentX: Float64Array;
  readonly tangentZ: Float64Array;
  readonly tunnel: Uint8Array;

  /** @param road at least two points in order of chainage; @throws RangeError otherwise */
  constructor(road: Geometry['road'], projection: Projection) {
    const first = road[0];
    const last = road.at(-1);
    if (first === undefined || last === undefined || !(last.chainageM > first.chainageM)) {
      throw new RangeError(`road of ${road.length} points has no length`);
    }
    this.startM = first.chainageM;
    this.endM = last.chainageM;
    this.count = Math.floor((this.endM - this.startM) / STEP_M) + 1;
    this.xKm = new Float64Array(this.count);
    this.zKm = new Float64Array(this.count);
    this.altKm = new Float64Array(this.count);
    this.tunnel = new Uint8Array(this.count);
    this.resample(road, projection);
    blur(this.xKm, PLAN_BLUR_STEPS);
    blur(this.zKm, PLAN_BLUR_STEPS);
    blur(this.altKm, ALTITUDE_BLUR_STEPS);
    this.tangentX = new Float64Array(this.count);
    this.tangentZ = new Float64Array(this.count);
    this.computeTangents();
  }

  /** Writes the point at `chainageM` into `out`; outside the road its nearer end. */
  sample(chainageM: number, out: RoadSample): void {
    const position = Math.min(Math.max((chainageM - this.startM) / STEP_M, 0), this.count - 1);
    const low = Math.min(Math.floor(position), this.count - 2);
    const part = position - low;
    const high = low + 1;
    out.xKm = lerp(this.xKm[low] as number, this.xKm[high] as number, part);
    out.zKm = lerp(this.zKm[low] as number, this.zKm[high] as number, part);
    out.altKm = lerp(this.altKm[low] as number, this.altKm[high] as number, part);
    const tangentX = lerp(this.tangentX[low] as number, this.tangentX[high] as number, part);
    const tangentZ = lerp(this.tangentZ[low] as number, this.tangentZ[high] as number, part);
    const length = Math.sqrt(tangentX * tangentX + tangentZ * tangentZ) || 1;
    out.tangentX = tangentX / length;
    out.tangentZ = tangentZ / length;
    out.tunnel = this.tunnel[part < 0.5 ? low : high] === 1;
  }

  /** @returns chainage in metres of the next sample in a direction, also beyond the ends; one that is nearly reached counts as passed */
  nextSampleM(chainageM: number, growing: boolean): number {
    const position = (chainageM - this.startM) / STEP_M;
    const next = growing ? Math.floor(position + PASSED_PART) + 1 : Math.ceil(position - PASSED_PART) - 1;
    return this.startM + next * STEP_M;
  }

  /** Rise over run towards growing chainage at a sample, of the published heights, which tell the mean of kilometres. @param i 0..count-1 */
  gradeRatioAt(i: number): number {
    const before = Math.max(i - 1, 0);
    const after = Math.min(i + 1, this.count - 1);
    return (((this.altKm[after] as number) - (this.altKm[before] as number)) * 1_000) / ((after - before) * STEP_M);
  }

  /** @returns chainage in metres of the sample nearest to a point of the plane */
  nearestChainageM(xKm: number, zKm: number): number {
    let best = 0;
    let bestSquared = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.count; i++) {
      const dx = (this.xKm[i] as number) - xKm;
      const dz = (this.zKm[i] as number) - zKm;
      const squared = dx * dx + dz * dz;
      if (squared < bestSquared) {
        bestSquared = squared;
        best = i;
      }
    }
    return this.startM + best * STEP_M;
  }

  private resample(road: Geometry['road'], projection: Projection): void {
    let segment = 0;
    for (let i = 0; i < this.count; i++) {
      const chainageM = this.startM + i * STEP_M;
      while (segment < road.length - 2 && (road[segment + 1]?.chainageM ?? Number.POSITIVE_INFINITY) <= chainageM) segment++;
      const from = road[segment];
      const to = road[segment + 1];
      if (from === undefined || to === undefined) throw new RangeError(`road ends before chainage ${chainageM}`);
      const part = (chainageM - from.chainageM) / Math.max(to.chainageM - from.chainageM, 1e-6);
      this.xKm[i] = lerp(projection.xOf(from.lon), projection.xOf(to.lon), part);
      this.zKm[i] = lerp(projection.zOf(from.lat), projection.zOf(to.lat), part);
      this.altKm[i] = lerp(from.altM, to.altM, part) / 1000;
      this.tunnel[i] = from.tunnel ? 1 : 0;
    }
  }

  private computeTangents(): void {
    for (let i = 0; i < this.count; i++) {
      const before = Math.max(i - 1, 0);
      const after = Math.min(i + 1, this.count - 1);
      const dx = (this.xKm[after] as number) - (this.xKm[before] as number);
      const dz = (this.zKm[after] as number) - (this.zKm[before] as number);
      const length = Math.hypot(dx, dz) || 1;
      this.tangentX[i] = dx / length;
      this.tangentZ[i] = dz / length;
    }
  }
}

function lerp(from: number, to: number, part: number): number {
  return from + (to - from) * part;
}

/** Two passes of a running mean; the window shrinks towards both ends, which therefore stay where they are. */
function blur(values: Float64Array, halfWidth: number): void {
  for (let pass = 0; pass < 2; pass++) {
    const prefix = new Float64Array(values.length + 1);
    for (let i = 0; i < values.length; i++) prefix[i + 1] = (prefix[i] as number) + (values[i] as number);
    for (let i = 0; i < values.length; i++) {
      const reach = Math.min(halfWidth, i, values.length - 1 - i);
      values[i] = ((prefix[i + reach + 1] as number) - (prefix[i - reach] as number)) / (2 * reach + 1);
    }
  }
}
