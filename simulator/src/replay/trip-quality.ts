import type { QualityFlag } from '@corridor/protocols/envelope';
import { GAP_S, type RecordedTrip } from './recorded-trip.ts';

/** A moving value that repeats for longer than this is frozen, s. */
const STUCK_S = 600;
const MPH_KMH = 1.609344;
/** Chance puts about a tenth of the values onto the steps of one mile per hour; this much more is a quantised sensor. */
const ON_STEP_RATIO = 0.3;

/** Quality flags of every sample of a recording, beside REPLAY. */
export function qualityFlags(trip: RecordedTrip): QualityFlag[][] {
  const quantised = isQuantised(trip);
  const interpolated = trip.socStartPercent !== null && trip.socEndPercent !== null;
  let sameSinceS = 0;
  return trip.samples.map((sample, index) => {
    const before = trip.samples[index - 1];
    const gap = before !== undefined && sample.atS - before.atS > GAP_S;
    if (!before || gap || before.speedKmh !== sample.speedKmh) sameSinceS = sample.atS;
    const flags: QualityFlag[] = ['REPLAY'];
    if (gap) flags.push('GAP');
    if (quantised) flags.push('QUANTISED');
    if (sample.speedKmh > 0 && sample.atS - sameSinceS > STUCK_S) flags.push('STUCK');
    if (interpolated && sample.socPercent === null) flags.push('INTERPOLATED');
    return flags;
  });
}

/** Speeds that cluster on whole miles per hour, rounded to whole km/h or not at all. */
export function isQuantised(trip: RecordedTrip): boolean {
  const moving = trip.samples.filter(({ speedKmh }) => speedKmh > 0);
  if (moving.length === 0) return false;
  const onStep = moving.filter(({ speedKmh }) => {
    const exact = Math.round(speedKmh / MPH_KMH) * MPH_KMH;
    return Math.abs(speedKmh - exact) < 0.05 || (Number.isInteger(speedKmh) && Math.abs(speedKmh - exact) < 0.6);
  }).length;
  return onStep / moving.length > ON_STEP_RATIO;
}
