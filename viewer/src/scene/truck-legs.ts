import type { DrawnTruck } from './drawn-truck.ts';
import { LEG_FIELDS, LEG_SIZE, legAt } from './leg.ts';
import type { NearScreenPoint } from './near-screen-point.ts';
import { emptyRoadSample, type RoadLine } from './road-line.ts';
import type { RowBuffer } from './row-buffer.ts';
import { yawOf } from './station-frames.ts';
import { chainageAt, chainageIn, emptyStretch, type TruckTrack, writeStretch } from './truck-motion.ts';

/** Seconds are told to the shader as 32-bit floats: so far from the epoch they are exact to 0.1 ms. */
const EPOCH_MS_MAX = 1_000_000;
const MOTION_AT = LEG_FIELDS.iMotion.at;
const SPAN_AT = LEG_FIELDS.iSpan.at;
/** A leg of no length would move infinitely fast. */
const LEG_MS_MIN = 1;

/**
 * The legs of all trucks: from where a truck is, straight and evenly, to where its track or the road bends next. Nothing is
 * done for a truck until then. Rows are those of the batch.
 */
export class TruckLegs {
  /** Scope time that is drawn now. */
  drawnMs = Number.NaN;
  readonly #rows: RowBuffer;
  readonly #road: RoadLine;
  readonly #uniform: { value: number };
  /** Scope time during which a row's leg holds. */
  #fromMs = new Float64Array(0);
  #untilMs = new Float64Array(0);
  #epochMs = Number.NaN;
  readonly #stretch = emptyStretch();
  readonly #from = emptyRoadSample();
  readonly #to = emptyRoadSample();

  /** @param drawnS told to the shaders: seconds since the epoch of the legs */
  constructor(rows: RowBuffer, road: RoadLine, drawnS: { value: number }) {
    this.#rows = rows;
    this.#road = road;
    this.#uniform = drawnS;
  }

  /** Goes to an instant, also back. */
  goTo(drawnMs: number): void {
    this.drawnMs = drawnMs;
    if (!(Math.abs(drawnMs - this.#epochMs) < EPOCH_MS_MAX)) {
      this.#epochMs = drawnMs;
      this.#untilMs.fill(Number.NEGATIVE_INFINITY);
    }
    this.#uniform.value = Math.fround((drawnMs - this.#epochMs) / 1000);
  }

  /** A row that is new, or whose truck does something else from now on. */
  end(row: number): void {
    if (row >= this.#untilMs.length) this.#grow(row + 1);
    this.#untilMs[row] = Number.NEGATIVE_INFINITY;
  }

  /** Ends a row's leg when it goes on after an instant. */
  endAfter(row: number, atMs: number): void {
    if ((this.#untilMs[row] as number) > atMs) this.end(row);
  }

  /** @returns the first row from `row` on whose leg does not hold now, or `count` */
  nextEnded(row: number, count: number): number {
    const drawnMs = this.drawnMs;
    let at = row;
    while (at < count && drawnMs >= (this.#fromMs[at] as number) && drawnMs < (this.#untilMs[at] as number)) at++;
    return at;
  }

  /** Sends a row along the road by its track. */
  drive(row: number, track: TruckTrack, westbound: boolean): void {
    const stretch = this.#stretch;
    const drawnMs = this.drawnMs;
    writeStretch(track, drawnMs, stretch);
    const chainageM = chainageIn(stretch, drawnMs);
    const mPerMs = stretch.fromM === stretch.untilM ? 0 : (stretch.untilM - stretch.fromM) / (stretch.untilMs - stretch.fromMs);
    this.#road.sample(chainageM, this.#from);
    const { xKm, altKm, zKm, tangentX, tangentZ } = this.#from;
    const yawRad = yawOf(tangentX, tangentZ, westbound);
    this.#rows.set4(row, LEG_FIELDS.iAnchor.at, xKm, altKm, zKm, yawRad);
    if (mPerMs === 0) {
      this.#stand(row);
      this.#hold(row, stretch.fromMs, stretch.untilMs);
      return;
    }
    const bendMs = drawnMs + (this.#road.nextSampleM(chainageM, mPerMs > 0) - chainageM) / mPerMs;
    const untilMs = Math.max(Math.min(stretch.untilMs, bendMs), drawnMs + LEG_MS_MIN);
    const lengthS = (untilMs - drawnMs) / 1000;
    const to = this.#to;
    this.#road.sample(chainageM + mPerMs * (untilMs - drawnMs), to);
    const turnRad = turnBetween(yawRad, yawOf(to.tangentX, to.tangentZ, westbound));
    this.#rows.set3(row, LEG_FIELDS.iMotion.at, (to.xKm - xKm) / lengthS, (to.altKm - altKm) / lengthS, (to.zKm - zKm) / lengthS);
    this.#rows.set3(row, LEG_FIELDS.iMotion.at + 3, turnRad / lengthS, this.#uniform.value, lengthS);
    this.#hold(row, drawnMs, untilMs);
  }

  /** Puts a truck between road and stand, or where its slip leaves it, for this frame; on its stand until further notice. */
  glide({ row, stand, standing, slipM, westbound }: DrawnTruck, track: TruckTrack): void {
    this.#stand(row);
    if (stand !== null && standing === 1) {
      this.#rows.set4(row, LEG_FIELDS.iAnchor.at, stand.xKm, stand.altKm, stand.zKm, stand.yawRad);
      this.#hold(row, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
      return;
    }
    this.#road.sample(chainageAt(track, this.drawnMs) + slipM, this.#from);
    const { xKm, altKm, zKm, tangentX, tangentZ } = this.#from;
    const yawRad = yawOf(tangentX, tangentZ, westbound);
    const part = stand === null ? 0 : standing;
    const to = stand ?? { xKm, altKm, zKm, yawRad };
    this.#rows.set4(
      row,
      LEG_FIELDS.iAnchor.at,
      xKm + (to.xKm - xKm) * part,
      altKm + (to.altKm - altKm) * part,
      zKm + (to.zKm - zKm) * part,
      yawRad + turnBetween(yawRad, to.yawRad) * part,
    );
    this.end(row);
  }

  /** Where a row is now, as the shader draws it. @param axis 0 x km, 1 alt km, 2 z km, 3 yaw rad */
  now(row: number, axis: number): number {
    return legAt(this.#rows.floats, row, axis, this.#uniform.value);
  }

  /** Rows whose anchor lies within a square of the plane; a leg is short. Writes into `out`. */
  writeAround(out: number[], count: number, { xKm, zKm, reachKm }: { xKm: number; zKm: number; reachKm: number }): void {
    const { floats } = this.#rows;
    out.length = 0;
    for (let row = 0, at = 0; row < count; row++, at += LEG_SIZE) {
      if (Math.abs((floats[at] as number) - xKm) > reachKm || Math.abs((floats[at + 2] as number) - zKm) > reachKm) continue;
      out.push(row);
    }
  }

  /**
   * Rows that may be drawn near a point of the picture: one loop over the floats, since of ten thousand nearly all are elsewhere.
   * Writes into `out`.
   */
  writeNear(out: number[], count: number, point: NearScreenPoint, reachM: number): void {
    const { floats } = this.#rows;
    const drawnS = this.#uniform.value;
    out.length = 0;
    for (let row = 0, at = 0; row < count; row++, at += LEG_SIZE) {
      const since = Math.max(drawnS - (floats[at + SPAN_AT] as number), 0);
      const forS = Math.min(since, floats[at + SPAN_AT + 1] as number);
      const xKm = (floats[at] as number) + (floats[at + MOTION_AT] as number) * forS;
      const altKm = (floats[at + 1] as number) + (floats[at + MOTION_AT + 1] as number) * forS;
      const zKm = (floats[at + 2] as number) + (floats[at + MOTION_AT + 2] as number) * forS;
      if (point.mayShow(xKm, altKm, zKm, reachM)) out.push(row);
    }
  }

  #stand(row: number): void {
    this.#rows.set3(row, LEG_FIELDS.iMotion.at, 0, 0, 0);
    this.#rows.set3(row, LEG_FIELDS.iMotion.at + 3, 0, 0, 0);
  }

  #hold(row: number, fromMs: number, untilMs: number): void {
    this.#fromMs[row] = fromMs;
    this.#untilMs[row] = untilMs;
  }

  #grow(rows: number): void {
    const size = Math.max(rows, this.#untilMs.length * 2, 128);
    const [fromMs, untilMs] = [this.#fromMs, this.#untilMs];
    this.#fromMs = new Float64Array(size);
    this.#untilMs = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    this.#fromMs.set(fromMs);
    this.#untilMs.set(untilMs);
  }
}

/** The short way round, radians in [-pi, pi). */
export function turnBetween(fromRad: number, toRad: number): number {
  const turn = (toRad - fromRad + Math.PI) % (2 * Math.PI);
  return (turn < 0 ? turn + 2 * Math.PI : turn) - Math.PI;
}
