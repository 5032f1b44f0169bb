import type { QualityFlag } from '@corridor/protocols/envelope';
import { intervalM, type RecordedTrip } from './recorded-trip.ts';
import { cumulativeWh } from './trip-energy.ts';
import { qualityFlags } from './trip-quality.ts';

/** One report of a replayed trip. */
export type PlannedReport = {
  /** Time since the report before, as recorded but for shortened gaps, s. */
  afterS: number;
  speedKmh: number;
  /** Since the trip began. */
  distanceM: number;
  socPercent: number | null;
  socSource: 'BMS' | 'INTERPOLATED' | 'NONE';
  q: QualityFlag[];
};

/** Reports are at least this far apart in the recording, s. */
const REPORT_S = 10;

/**
 * What a T-box would have said on the trip. The state of charge between its two measurements falls in proportion to the
 * modelled energy, as it would have: a straight line in time would charge the battery while the truck stands.
 * @param gapSMax longer silences of the logger are shortened to this
 * @param everyS least distance of reports, s
 */
export function planTrip(trip: RecordedTrip, { gapSMax, everyS = REPORT_S }: { gapSMax: number; everyS?: number }): PlannedReport[] {
  const energyWh = cumulativeWh(trip);
  const wholeWh = energyWh.at(-1) ?? 0;
  const flags = qualityFlags(trip);
  const reports: PlannedReport[] = [];
  let distanceM = 0;
  let waitedS = 0;
  let pending = new Set<QualityFlag>();
  for (const [index, sample] of trip.samples.entries()) {
    const before = trip.samples[index - 1];
    if (before) {
      distanceM += intervalM(before, sample);
      waitedS += Math.min(gapSMax, sample.atS - before.atS);
    }
    for (const flag of flags[index] ?? []) pending.add(flag);
    const last = index === trip.samples.length - 1;
    if (before && waitedS < everyS && !last) continue;
    reports.push({
      afterS: waitedS,
      speedKmh: sample.speedKmh,
      distanceM,
      ...socAt(trip, sample.socPercent, wholeWh > 0 ? (energyWh[index] ?? 0) / wholeWh : 0),
      q: [...pending],
    });
    waitedS = 0;
    pending = new Set();
  }
  return reports;
}

function socAt(trip: RecordedTrip, measured: number | null, usedRatio: number): Pick<PlannedReport, 'socPercent' | 'socSource'> {
  if (measured !== null) return { socPercent: measured, socSource: 'BMS' };
  const { socStartPercent: start, socEndPercent: end } = trip;
  if (start === null || end === null) return { socPercent: null, socSource: 'NONE' };
  const socPercent = start + (end - start) * Math.min(1, Math.max(0, usedRatio));
  return { socPercent: Math.round(socPercent * 10) / 10, socSource: 'INTERPOLATED' };
}
