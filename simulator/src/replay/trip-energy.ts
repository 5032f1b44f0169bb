import { type TractionParameters, tractionPowerW } from '@corridor/actors/truck/traction';
import { distanceM, GAP_S, type RecordedTrip } from './recorded-trip.ts';

/**
 * The truck of a recording in the model. Payload and aerodynamics are not recorded: these are assumptions for a loaded
 * streamlined class 8 combination, the same for all trips and not fitted to them.
 */
export const RECORDED_TRUCK: { massKg: number; parameters: TractionParameters } = {
  massKg: 30_000,
  parameters: {
    rollingResistance: 0.0055,
    dragAreaM2: 4.6,
    airDensityKgPerM3: 1.2,
    driveEfficiencyRatio: 0.85,
    motorPowerWMax: 800_000,
    regenPowerWMax: 500_000,
    auxPowerW: 3_000,
    // Speed changes are in the recording itself.
    unevenDrivingFactor: 1,
  },
};

const GRAVITY_M_PER_S2 = 9.81;

/**
 * Energy at the battery on a level road by sample, from the beginning, Wh. Acceleration enters as the grade that costs the
 * same force, so that the one traction model serves.
 */
export function cumulativeWh(trip: RecordedTrip, truck = RECORDED_TRUCK): Float64Array {
  const total = new Float64Array(trip.samples.length);
  for (let index = 1; index < trip.samples.length; index += 1) {
    const from = trip.samples[index - 1];
    const to = trip.samples[index];
    if (!from || !to) continue;
    const seconds = to.atS - from.atS;
    let wh = 0;
    if (seconds <= GAP_S) {
      const speedMps = (from.speedKmh + to.speedKmh) / 2 / 3.6;
      const acceleration = (to.speedKmh - from.speedKmh) / 3.6 / seconds;
      const powerW = tractionPowerW({ massKg: truck.massKg, speedMps, gradeRatio: acceleration / GRAVITY_M_PER_S2 }, truck.parameters);
      wh = ((powerW + truck.parameters.auxPowerW) * seconds) / 3600;
    }
    total[index] = (total[index - 1] ?? 0) + wh;
  }
  return total;
}

export type TripComparison = {
  truck: string;
  trip: string;
  distanceKm: number;
  hours: number;
  gaps: number;
  measuredWh: number | null;
  modelledWh: number;
  /** Modelled against measured, signed; null without a measurement. */
  errorPercent: number | null;
  doubts: readonly string[];
};

export function compareTrip(trip: RecordedTrip): TripComparison {
  const modelledWh = cumulativeWh(trip).at(-1) ?? 0;
  const gaps = trip.samples.filter(({ atS }, index) => atS - (trip.samples[index - 1]?.atS ?? atS) > GAP_S).length;
  return {
    truck: trip.truck,
    trip: trip.trip,
    distanceKm: distanceM(trip) / 1000,
    hours: (trip.samples.at(-1)?.atS ?? 0) / 3600,
    gaps,
    measuredWh: trip.measuredWh,
    modelledWh,
    errorPercent: trip.measuredWh ? (modelledWh / trip.measuredWh - 1) * 100 : null,
    doubts: trip.doubts,
  };
}

export type ErrorSummary = {
  trips: number;
  distanceKm: number;
  biasPercent: number;
  meanAbsolutePercent: number;
  measuredWhPerKm: number;
  modelledWhPerKm: number;
};

/** Means over trips weighted by distance; null when nothing was measured. */
export function summarise(comparisons: readonly TripComparison[]): ErrorSummary | null {
  const known = comparisons.filter((trip) => trip.errorPercent !== null && trip.measuredWh !== null);
  const distanceKm = known.reduce((sum, trip) => sum + trip.distanceKm, 0);
  if (distanceKm === 0) return null;
  const mean = (value: (trip: TripComparison) => number) =>
    known.reduce((sum, trip) => sum + value(trip) * trip.distanceKm, 0) / distanceKm;
  return {
    trips: known.length,
    distanceKm,
    biasPercent: mean((trip) => trip.errorPercent ?? 0),
    meanAbsolutePercent: mean((trip) => Math.abs(trip.errorPercent ?? 0)),
    measuredWhPerKm: known.reduce((sum, trip) => sum + (trip.measuredWh ?? 0), 0) / distanceKm,
    modelledWhPerKm: known.reduce((sum, trip) => sum + trip.modelledWh, 0) / distanceKm,
  };
}
