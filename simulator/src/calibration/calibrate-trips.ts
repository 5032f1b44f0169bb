import type { RecordedTrip } from '../replay/recorded-trip.ts';
import { distanceM } from '../replay/recorded-trip.ts';
import { RECORDED_TRUCK } from '../replay/trip-energy.ts';
import type { Calibrated } from './calibrated.ts';
import { errorFigures, type LeftOutTrip, leaveOneOut } from './leave-one-out.ts';
import { constantConsumption, fitTraction, isMeasured } from './traction-fit.ts';

/** Fewer cannot be left out one by one. */
const TRIPS_MIN = 5;

export class CalibrationError extends Error {
  readonly code = 'CALIBRATION_REFUSED';
}

/** @throws CalibrationError when too few trips have a measured energy */
export function calibrateTrips(recorded: readonly RecordedTrip[], { withDoubtful }: { withDoubtful: boolean }): Calibrated {
  const measured = recorded.filter(isMeasured);
  const trips = measured.filter(({ doubts }) => withDoubtful || doubts.length === 0);
  if (trips.length < TRIPS_MIN)
    throw new CalibrationError(`${trips.length} trips with a measured energy are too few: ${TRIPS_MIN} are needed`);
  const truck = fitTraction(trips);
  const leftOut = leaveOneOut(trips);
  const traction = errorFigures(leftOut, 'tractionWh');
  const constant = errorFigures(leftOut, 'constantWh');
  const { parameters, massKg } = truck;
  const spreadRatio = Math.sqrt(3 * meanOf(leftOut.map(({ trip, tractionWh }) => (tractionWh / trip.measuredWh - 1) ** 2)));
  const parameterRow = (name: 'rollingResistance' | 'dragAreaM2' | 'auxPowerW', digits: number) => [
    name,
    RECORDED_TRUCK.parameters[name].toFixed(digits),
    parameters[name].toFixed(digits),
  ];
  return {
    title: `Traction model fitted to ${trips.length} trips; ${measured.length - trips.length} doubtful ones left aside`,
    sections: [
      {
        title: 'Parameters',
        notes: [`At ${massKg / 1000} t, on a level road: the mass is assumed, and rolling resistance stands for both.`],
        table: {
          head: ['', 'assumed', 'fitted'],
          rows: [parameterRow('rollingResistance', 5), parameterRow('dragAreaM2', 2), parameterRow('auxPowerW', 0)],
        },
        charts: [],
      },
      {
        title: 'Errors of trips that were left out, one by one',
        notes: [],
        table: {
          head: ['model', 'mean absolute %', 'bias %', 'worst %'],
          rows: [
            ['traction', percent(traction.meanAbsolutePercent), percent(traction.biasPercent), percent(traction.worstPercent)],
            [
              `constant ${constantConsumption(trips).whPerM.toFixed(3)} kWh/km`,
              percent(constant.meanAbsolutePercent),
              percent(constant.biasPercent),
              percent(constant.worstPercent),
            ],
          ],
        },
        charts: (['tractionWh', 'constantWh'] as const).map((model) => ({
          title: model === 'tractionWh' ? 'Traction model' : 'Constant consumption',
          alongName: 'measured kWh/km',
          upName: 'predicted kWh/km',
          points: leftOut.map((entry) => [entry.trip.measuredWh / distanceM(entry.trip), entry[model] / distanceM(entry.trip)] as const),
        })),
      },
      tripSection(leftOut),
    ],
    fragment: {
      traction: {
        rollingResistance: Number(parameters.rollingResistance.toPrecision(3)),
        dragAreaM2: Number(parameters.dragAreaM2.toPrecision(3)),
        auxPowerW: Math.round(parameters.auxPowerW),
      },
      legVariationRatio: Number(Math.min(0.5, spreadRatio).toFixed(3)),
    },
  };
}

const tripSection = (leftOut: readonly LeftOutTrip[]): Calibrated['sections'][number] => ({
  title: 'Trips',
  notes: [],
  table: {
    head: ['truck/trip', 'km', 'measured kWh', 'traction kWh', 'error %', 'constant kWh', 'error %'],
    rows: leftOut.map(({ trip, tractionWh, constantWh }) => [
      `${trip.truck}/${trip.trip}`,
      (distanceM(trip) / 1000).toFixed(1),
      kwh(trip.measuredWh),
      kwh(tractionWh),
      percent((tractionWh / trip.measuredWh - 1) * 100),
      kwh(constantWh),
      percent((constantWh / trip.measuredWh - 1) * 100),
    ]),
  },
  charts: [],
});

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (value: number): string => value.toFixed(1);
const kwh = (wh: number): string => (wh / 1000).toFixed(1);
