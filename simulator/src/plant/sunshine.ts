import { violated } from '@corridor/protocols/assert';
/** Share of the extraterrestrial radiation that reaches the ground under a clear sky, by its strength. */
export type ClearSky = { stepWPerM2: number; transmittance: Float64Array };

const BINS = 20;
const SOLAR_CONSTANT_W_PER_M2 = 1361;
/** Module, inverter and soiling losses together (assumption). */
const PERFORMANCE_RATIO = 0.85;
/** Radiation at which a module gives its peak power. */
const STANDARD_RADIATION_W_PER_M2 = 1000;
const DAY_MS = 86_400_000;

/** Reads `utc_start,toa,ghi` (Wh/m² in 15 min). @throws TypeError on a damaged file */
export function parseClearSky(csv: string): ClearSky {
  const stepWPerM2 = SOLAR_CONSTANT_W_PER_M2 / BINS;
  const sums = new Float64Array(BINS);
  const counts = new Float64Array(BINS);
  for (const line of csv.trim().split(/\r?\n/).slice(1)) {
    const [, toa, ghi] = line.split(',').map(Number);
    if (toa === undefined || ghi === undefined || !(toa > 0) || !(ghi >= 0)) throw new TypeError(`clear-sky row "${line}"`);
    const bin = Math.min(BINS - 1, Math.floor((toa * 4) / stepWPerM2));
    sums[bin] = (sums[bin] ?? 0) + ghi / toa;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const transmittance = new Float64Array(BINS);
  // The record is of March: for a higher sun than it saw, the last known ratio holds.
  for (let bin = 0; bin < BINS; bin += 1) {
    transmittance[bin] = counts[bin] ? (sums[bin] ?? 0) / (counts[bin] ?? 1) : (transmittance[bin - 1] ?? 0);
  }
  return { stepWPerM2, transmittance };
}

/** Extraterrestrial radiation on a horizontal plane. @returns W/m², 0 at night */
export function extraterrestrialWPerM2({ atMs, lat, lon }: { atMs: number; lat: number; lon: number }): number {
  const dayOfYear = Math.floor(atMs / DAY_MS - Date.UTC(new Date(atMs).getUTCFullYear(), 0, 1) / DAY_MS) + 1;
  const declination = -0.4093 * Math.cos((2 * Math.PI * (dayOfYear + 10)) / 365.25);
  const utcHours = (atMs % DAY_MS) / 3_600_000;
  const hourAngle = ((utcHours - 12) * 15 + lon) * (Math.PI / 180);
  const latitude = lat * (Math.PI / 180);
  const cosZenith = Math.sin(latitude) * Math.sin(declination) + Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
  const distanceFactor = 1 + 0.033 * Math.cos((2 * Math.PI * dayOfYear) / 365);
  return Math.max(0, SOLAR_CONSTANT_W_PER_M2 * distanceFactor * cosZenith);
}

/**
 * Power of a flat PV roof.
 * @param cloudRatio 1 = clear sky, 0 = none gets through
 * @returns W AC, 0..peakW
 */
export function pvPowerW(
  sky: ClearSky,
  { atMs, lat, lon, peakW, cloudRatio }: { atMs: number; lat: number; lon: number; peakW: number; cloudRatio: number },
): number {
  const toa = extraterrestrialWPerM2({ atMs, lat, lon });
  const transmittance =
    sky.transmittance[Math.min(BINS - 1, Math.floor(toa / sky.stepWPerM2))] ?? violated(`no transmittance at ${toa} W/m²`);
  return Math.min(peakW, ((peakW * toa * transmittance) / STANDARD_RADIATION_W_PER_M2) * PERFORMANCE_RATIO * cloudRatio);
}
