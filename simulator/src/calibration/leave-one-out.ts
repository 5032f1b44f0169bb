import { constantConsumption, fitTraction, type MeasuredTrip, tractionModel } from './traction-fit.ts';

/** A trip, and what models say of it that were fitted to all others. */
export interface LeftOutTrip {
  trip: MeasuredTrip;
  /** By the traction model [Wh]. */
  tractionWh: number;
  /** By distance alone [Wh]. */
  constantWh: number;
}

export function leaveOneOut(trips: readonly MeasuredTrip[]): LeftOutTrip[] {
  return trips.map((trip, left) => {
    const others = trips.filter((_, index) => index !== left);
    return {
      trip,
      tractionWh: tractionModel(fitTraction(others))(trip),
      constantWh: constantConsumption(others).model(trip),
    };
  });
}

/** Errors relative to what was measured, in percent; each trip counts the same. */
export interface ErrorFigures {
  trips: number;
  meanAbsolutePercent: number;
  biasPercent: number;
  worstPercent: number;
}

export function errorFigures(leftOut: readonly LeftOutTrip[], model: 'tractionWh' | 'constantWh'): ErrorFigures {
  const errors = leftOut.map((entry) => (entry[model] / entry.trip.measuredWh - 1) * 100);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    trips: errors.length,
    meanAbsolutePercent: mean(errors.map(Math.abs)),
    biasPercent: mean(errors),
    worstPercent: Math.max(...errors.map(Math.abs)),
  };
}
