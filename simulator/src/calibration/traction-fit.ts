import type { TractionParameters } from '@corridor/actors/truck/traction';
import { assert } from '@corridor/protocols/assert';
import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { distanceM, type RecordedTrip } from '../replay/recorded-trip.ts';
import { cumulativeWh, RECORDED_TRUCK } from '../replay/trip-energy.ts';

/** What a model of consumption makes of a trip [Wh]. */
export type TripModel = (trip: RecordedTrip) => number;

/** A trip whose energy was measured. */
export type MeasuredTrip = RecordedTrip & { measuredWh: number };

export const isMeasured = (trip: RecordedTrip): trip is MeasuredTrip => trip.measuredWh !== null && trip.measuredWh > 0;

/** Parameters that a trip's speeds and its energy tell something of; the others stay as assumed. */
const FITTED = ['rollingResistance', 'dragAreaM2', 'auxPowerW'] as const;
type Fitted = (typeof FITTED)[number];

/**
 * How far a truck may be from the assumed one, as standard deviation of the ratio. Trips of much the same speeds cannot tell rolling from
 * drag: what they do not tell is left as it was assumed, instead of a tyre without resistance behind a wall.
 */
const PRIOR_SIGMA: Readonly<Record<Fitted, number>> = { rollingResistance: 0.2, dragAreaM2: 0.15, auxPowerW: 0.5 };
/** Of a trip's energy that wind, grade and load leave unexplained, as share of it. */
const TRIP_SIGMA = 0.05;
const RATIO_MIN = 0.2;
const RATIO_MAX = 5;
/** The energy is nearly linear in the parameters: more change nothing that one could see. */
const ITERATIONS = 2;

export interface FittedTruck {
  massKg: number;
  parameters: TractionParameters;
}

/**
 * The product's traction model with the parameters that fit best, by least squares of the relative errors (Levenberg-Marquardt).
 * @param assumed the truck before anything was measured; its mass stays, because mass and rolling resistance are one product
 */
export function fitTraction(trips: readonly MeasuredTrip[], assumed: FittedTruck = RECORDED_TRUCK): FittedTruck {
  assert(trips.length > 0, 'no trips to fit');
  const truckOf = (ratios: readonly number[]): FittedTruck => ({
    massKg: assumed.massKg,
    parameters: {
      ...assumed.parameters,
      ...Object.fromEntries(FITTED.map((name, index) => [name, assumed.parameters[name] * (ratios[index] ?? 1)])),
    },
  });
  // Rows: a trip each, then a prior each; all with a standard deviation of 1.
  const { parameterValues } = levenbergMarquardt(
    {
      x: Array.from({ length: trips.length + FITTED.length }, (_, row) => row),
      y: [...trips.map(() => 1 / TRIP_SIGMA), ...FITTED.map((name) => 1 / PRIOR_SIGMA[name])],
    },
    (ratios) => {
      const truck = truckOf(ratios);
      return (row) => {
        const trip = trips[row];
        if (trip) return energyWh(trip, truck) / trip.measuredWh / TRIP_SIGMA;
        const prior = row - trips.length;
        const name = FITTED[prior];
        assert(name !== undefined, `no row ${row}`);
        return (ratios[prior] ?? 1) / PRIOR_SIGMA[name];
      };
    },
    {
      initialValues: FITTED.map(() => 1),
      minValues: FITTED.map(() => RATIO_MIN),
      maxValues: FITTED.map(() => RATIO_MAX),
      gradientDifference: 1e-4,
      maxIterations: ITERATIONS,
    },
  );
  return truckOf(parameterValues);
}

export const tractionModel =
  (truck: FittedTruck): TripModel =>
  (trip) =>
    energyWh(trip, truck);

/** The same Wh/m on every trip: what one would do without a model of the truck. */
export function constantConsumption(trips: readonly MeasuredTrip[]): { whPerM: number; model: TripModel } {
  const ratios = trips.map((trip) => distanceM(trip) / trip.measuredWh);
  // The least squares of the relative errors, as above.
  const whPerM = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.reduce((sum, ratio) => sum + ratio * ratio, 0);
  return { whPerM, model: (trip) => whPerM * distanceM(trip) };
}

function energyWh(trip: RecordedTrip, truck: FittedTruck): number {
  return cumulativeWh(trip, truck).at(-1) ?? 0;
}
