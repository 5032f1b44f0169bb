/**
 * How a truck moves between its reports. The scene is drawn a little in the past, between two reports; when the next report
 * is late the truck is dead-reckoned along the road, soon shown as stale, and after some minutes stands still.
 */
export interface TruckTrack {
  /** The last reports, oldest first, never empty: as many as the drawn instant may lie behind the newest. */
  readonly reports: TruckReport[];
  /** Usual time between reports, smoothed. */
  intervalMs: number;
}

export interface TruckReport {
  atMs: number;
  chainageM: number;
  /** Along growing chainage, signed. */
  speedMps: number;
}

/** A report this far from where the truck was thought to be, or this far after a long silence: it is put there at once. */
const SNAP_M = 4_000;
const SNAP_AFTER_SILENCE_M = 800;
const SILENCE_MS = 180_000;
/** The longest tunnels of a mountain road take this long; nothing is heard from in them, and nothing stops in them. */
const DEAD_RECKON_MS = 300_000;
const INTERVAL_MS_MIN = 1_000;
const INTERVAL_MS_MAX = 60_000;
const INTERVAL_MS_FIRST = 10_000;
/** Stale when nothing came for this many usual intervals. */
const STALE_INTERVALS = 4;
/** The delay is 30 s at most and reports come every 10 s: no older one is ever drawn. */
const REPORTS_KEPT = 6;

export function createTrack(report: TruckReport): TruckTrack {
  return { reports: [report], intervalMs: INTERVAL_MS_FIRST };
}

export function lastReport(track: TruckTrack): TruckReport {
  return track.reports[track.reports.length - 1] as TruckReport;
}

/**
 * Takes a report; one that is not newer than the last is ignored.
 * @returns true when the truck must be shown there at once rather than move there
 */
export function takeReport(track: TruckTrack, report: TruckReport): boolean {
  const last = lastReport(track);
  const elapsedMs = report.atMs - last.atMs;
  if (elapsedMs <= 0) return false;
  const missM = Math.abs(report.chainageM - chainageAt(track, report.atMs));
  const snap = missM > (elapsedMs > SILENCE_MS ? SNAP_AFTER_SILENCE_M : SNAP_M);
  if (snap) track.reports.length = 0;
  else {
    if (track.reports.length === REPORTS_KEPT) track.reports.shift();
    const bounded = Math.min(Math.max(elapsedMs, INTERVAL_MS_MIN), INTERVAL_MS_MAX);
    track.intervalMs += (bounded - track.intervalMs) * 0.3;
  }
  track.reports.push(report);
  return snap;
}

/** Part of a track in which a truck moves evenly: from where to where, and when. */
export interface Stretch {
  fromMs: number;
  untilMs: number;
  fromM: number;
  untilM: number;
}

export const emptyStretch = (): Stretch => ({ fromMs: 0, untilMs: 0, fromM: 0, untilM: 0 });

/** Writes the stretch that encloses an instant; one in which the truck stands may have no end or no beginning. */
export function writeStretch(track: TruckTrack, atMs: number, out: Stretch): void {
  const { reports } = track;
  let newer = lastReport(track);
  if (atMs >= newer.atMs) {
    const lostMs = newer.atMs + DEAD_RECKON_MS;
    const lostM = newer.chainageM + (newer.speedMps * DEAD_RECKON_MS) / 1000;
    if (atMs >= lostMs) setStretch(out, lostMs, Number.POSITIVE_INFINITY, lostM, lostM);
    else setStretch(out, newer.atMs, lostMs, newer.chainageM, lostM);
    return;
  }
  for (let i = reports.length - 2; i >= 0; i--) {
    const older = reports[i] as TruckReport;
    if (atMs >= older.atMs) return setStretch(out, older.atMs, newer.atMs, older.chainageM, newer.chainageM);
    newer = older;
  }
  setStretch(out, Number.NEGATIVE_INFINITY, newer.atMs, newer.chainageM, newer.chainageM);
}

function setStretch(out: Stretch, fromMs: number, untilMs: number, fromM: number, untilM: number): void {
  out.fromMs = fromMs;
  out.untilMs = untilMs;
  out.fromM = fromM;
  out.untilM = untilM;
}

/** @returns chainage in metres at an instant within the stretch */
export function chainageIn({ fromMs, untilMs, fromM, untilM }: Stretch, atMs: number): number {
  return fromM === untilM ? fromM : fromM + ((untilM - fromM) * (atMs - fromMs)) / (untilMs - fromMs);
}

const asked = emptyStretch();

/** @param atMs scope time to draw @returns chainage in metres */
export function chainageAt(track: TruckTrack, atMs: number): number {
  writeStretch(track, atMs, asked);
  return chainageIn(asked, atMs);
}

/** @returns scope time (now, not the delayed one that is drawn) after which the last report is old */
export function staleAfterMs(track: TruckTrack): number {
  return lastReport(track).atMs + Math.max(track.intervalMs, 10_000) * STALE_INTERVALS;
}

/** The drawn instant never runs faster or slower than scope time by more than this part while the delay changes. */
const DELAY_RATE_MAX = 0.25;

/**
 * How far behind the scope's clock the scene is drawn, so that nearly always two reports enclose the drawn instant: the
 * usual age of the older report when the newer one comes in. It glides, so that no truck jumps when it changes.
 */
export class DrawDelay {
  private wantedMs = 6_000;
  private currentMs = 6_000;

  get delayMs(): number {
    return this.currentMs;
  }

  /** @param reportAgeMs scope time at receipt minus the time of the report before; only of moving trucks */
  observe(reportAgeMs: number): void {
    const bounded = Math.min(Math.max(reportAgeMs * 1.08, 500), 30_000);
    // Growing quickly and shrinking slowly keeps trucks from running out of reports.
    const rate = bounded > this.wantedMs ? 0.08 : 0.01;
    this.wantedMs += (bounded - this.wantedMs) * rate;
  }

  /** @param elapsedMs scope time since the last frame */
  advance(elapsedMs: number): void {
    const stepMs = Math.max(elapsedMs, 0) * DELAY_RATE_MAX;
    this.currentMs += Math.min(Math.max(this.wantedMs - this.currentMs, -stepMs), stepMs);
  }
}
