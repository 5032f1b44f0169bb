/**
 * How a truck moves between its reports. The scene is drawn a little in the past, between the last two reports; when the
 * next report is late the truck is dead-reckoned along the road for a while, then stands still and counts as stale.
 */
export interface TruckTrack {
  fromMs: number;
  fromM: number;
  toMs: number;
  toM: number;
  /** Along growing chainage, signed. */
  speedMps: number;
  /** Usual time between reports, smoothed. */
  intervalMs: number;
}

export interface TruckReport {
  atMs: number;
  chainageM: number;
  speedMps: number;
}

/** A report further away than any truck drives between two reports: the truck is put there at once. */
const SNAP_M = 4_000;
const SNAP_MS = 180_000;
const DEAD_RECKON_MS = 30_000;
const INTERVAL_MS_MIN = 1_000;
const INTERVAL_MS_MAX = 60_000;
/** Stale when nothing came for this many usual intervals. */
const STALE_INTERVALS = 4;

export function createTrack(report: TruckReport): TruckTrack {
  return {
    fromMs: report.atMs,
    fromM: report.chainageM,
    toMs: report.atMs,
    toM: report.chainageM,
    speedMps: report.speedMps,
    intervalMs: 10_000,
  };
}

/**
 * Takes a report; one that is not newer than the last is ignored.
 * @returns true when the truck must be shown there at once rather than move there
 */
export function takeReport(track: TruckTrack, report: TruckReport): boolean {
  const elapsedMs = report.atMs - track.toMs;
  if (elapsedMs <= 0) return false;
  const snap = elapsedMs > SNAP_MS || Math.abs(report.chainageM - track.toM) > SNAP_M;
  track.fromMs = snap ? report.atMs : track.toMs;
  track.fromM = snap ? report.chainageM : track.toM;
  track.toMs = report.atMs;
  track.toM = report.chainageM;
  track.speedMps = report.speedMps;
  if (!snap) {
    const bounded = Math.min(Math.max(elapsedMs, INTERVAL_MS_MIN), INTERVAL_MS_MAX);
    track.intervalMs += (bounded - track.intervalMs) * 0.3;
  }
  return snap;
}

/** @param atMs scope time to draw @returns chainage in metres */
export function chainageAt(track: TruckTrack, atMs: number): number {
  if (atMs <= track.fromMs) return track.fromM;
  if (atMs < track.toMs) {
    return track.fromM + ((track.toM - track.fromM) * (atMs - track.fromMs)) / (track.toMs - track.fromMs);
  }
  const reckonMs = Math.min(atMs - track.toMs, DEAD_RECKON_MS);
  return track.toM + (track.speedMps * reckonMs) / 1000;
}

/** @param nowMs scope time now (not the delayed time that is drawn) */
export function isStale(track: TruckTrack, nowMs: number): boolean {
  return nowMs - track.toMs > Math.max(track.intervalMs, 10_000) * STALE_INTERVALS;
}

/**
 * How far behind the scope's clock the scene is drawn, so that nearly always two reports enclose the drawn instant: the
 * usual age of the older report when the newer one comes in.
 */
export class DrawDelay {
  private smoothedMs = 6_000;

  get delayMs(): number {
    return this.smoothedMs;
  }

  /** @param reportAgeMs scope time at receipt minus the time of the report before; only of moving trucks */
  observe(reportAgeMs: number): void {
    const bounded = Math.min(Math.max(reportAgeMs * 1.08, 500), 30_000);
    // Growing quickly and shrinking slowly keeps trucks from running out of reports.
    const rate = bounded > this.smoothedMs ? 0.08 : 0.01;
    this.smoothedMs += (bounded - this.smoothedMs) * rate;
  }
}
