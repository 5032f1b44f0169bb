import type { TrackPath, TrackPoint } from '../store/track-store.ts';

/** A piece of a track between two reports. */
export interface TrackPiece {
  readonly from: TrackPoint;
  readonly to: TrackPoint;
  /** Nothing was heard between: where the truck was is likely, not known. */
  readonly guessed: boolean;
}

/** Two reports further apart than this leave a piece unknown [scope ms]; the longest tunnel takes five minutes. */
const HEARD_WITHIN_MS = 600_000;
const WIDTHS_MAX = 4;
/** Nearer than this it stood: a fix wanders so far [m]. */
const STANDING_M = 60;
/** No truck is faster [m/s]: it was put there. */
const SPEED_MPS_MAX = 150 / 3.6;

type Runs = Pick<TrackPath, 'runs'>;

/** The pieces in which a truck moved, in their order. */
export function piecesOf({ runs, widthMs }: Runs & Pick<TrackPath, 'widthMs'>): TrackPiece[] {
  return runs.flatMap((points) => piecesOfRun(points, widthMs));
}

function piecesOfRun(points: readonly TrackPoint[], widthMs: number): TrackPiece[] {
  const heardWithinMs = Math.max(HEARD_WITHIN_MS, WIDTHS_MAX * widthMs);
  const pieces: TrackPiece[] = [];
  let from = points[0];
  for (const to of points) {
    if (from === undefined) break;
    const movedM = Math.abs(to.chainageM - from.chainageM);
    const elapsedMs = to.atMs - from.atMs;
    if (elapsedMs <= 0 || movedM < STANDING_M) {
      // It sets out when it moves, not when it came.
      if (elapsedMs > 0) from = { atMs: to.atMs, chainageM: from.chainageM };
      continue;
    }
    if ((movedM * 1_000) / elapsedMs <= SPEED_MPS_MAX) pieces.push({ from, to, guessed: elapsedMs > heardWithinMs });
    from = to;
  }
  return pieces;
}

/** An instant of a track, and until when the truck stood there. */
export interface TrackMark {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly chainageM: number;
}

const MINUTE_MS = 60_000;
const MARK_STEPS_MS = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 5_760].map((minutes) => minutes * MINUTE_MS);
const MARKS_MAX = 9;
/** Hours are those of the corridor's local day, UTC+8 all year. */
const ZONE_MS = 8 * 60 * MINUTE_MS;
/** Marks nearer than this are one: it stood, or crept in a queue [m]. */
const TOGETHER_M = 500;

/** Whole times along a track, few enough to be read; where it stood, one mark with both times. */
export function marksOf(path: Runs): TrackMark[] {
  const spanMs = spanOf(path);
  const stepMs = MARK_STEPS_MS.find((step) => spanMs / step <= MARKS_MAX) ?? spanMs;
  return path.runs.flatMap((points) => marksOfRun(points, stepMs));
}

/** From the first point to the last [ms]. */
export function spanOf({ runs }: Runs): number {
  const [first, last] = [runs.at(0)?.at(0), runs.at(-1)?.at(-1)];
  return first === undefined || last === undefined ? 0 : last.atMs - first.atMs;
}

function marksOfRun(points: readonly TrackPoint[], stepMs: number): TrackMark[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return [];
  const marks: TrackMark[] = [];
  let at = 0;
  for (let atMs = Math.ceil((first.atMs + ZONE_MS) / stepMs) * stepMs - ZONE_MS; atMs <= last.atMs; atMs += stepMs) {
    while ((points[at + 1]?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) at++;
    const [before, after] = [points[at], points[at + 1]];
    if (before === undefined) break;
    const part = after === undefined ? 0 : (atMs - before.atMs) / (after.atMs - before.atMs);
    const chainageM = before.chainageM + ((after ?? before).chainageM - before.chainageM) * part;
    const known = marks.at(-1);
    if (known !== undefined && Math.abs(known.chainageM - chainageM) < TOGETHER_M) marks[marks.length - 1] = { ...known, untilMs: atMs };
    else marks.push({ fromMs: atMs, untilMs: atMs, chainageM });
  }
  return marks;
}
