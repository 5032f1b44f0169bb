import { CalibrationError } from './calibrate-trips.ts';
import type { Calibrated } from './calibrated.ts';
import { ASSUMED_CHARGING, type FittedCharging, fitCharging, type PackCharged, predictedChargeMs } from './charge-fit.ts';
import type { RecordedCharge } from './charge-history.ts';
import { COUNT_MIN, fitDurations } from './duration-fit.ts';
import { roundedOf } from './rounded-duration.ts';

/** A scenario takes the product's curve over only where it tells charges as well as this; else the durations themselves. */
const ERROR_PERCENT_MAX = 10;
const TAPER_OFF_MAX = 0.05;
/** A page with more is slow and tells no more. */
const POINTS_MAX = 300;

interface Errors {
  meanAbsolutePercent: number;
  biasPercent: number;
  worstPercent: number;
  /** Of the variance of the durations, how much is explained; below 0: less than by their mean. */
  explainedRatio: number;
}

interface ChargingFound {
  stationId: string;
  charges: readonly RecordedCharge[];
  fitted: FittedCharging;
  /** Of the charger alone, at the same power from beginning to end: what one would do without a curve [W]. */
  constantPowerW: number;
  errors: Readonly<Record<'fitted' | 'assumed' | 'constant', Errors>>;
  takesCurve: boolean;
}

/** Charger and taper, station by station. @throws CalibrationError when no station has enough charges, or cells were at a temperature that forbids charging */
export function calibrateCharges(charges: readonly RecordedCharge[], pack: PackCharged): Calibrated {
  const cold = charges.find((charge) => !Number.isFinite(predictedChargeMs(charge, ASSUMED_CHARGING, pack)));
  if (cold) throw new CalibrationError(`a charge at ${cold.stationId} with cells of ${cold.tempC ?? pack.tempC} °C: 0 to 55 are charged`);
  const stations = [...Map.groupBy(charges, ({ stationId }) => stationId)]
    .filter(([, own]) => own.length >= COUNT_MIN)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([stationId, own]) => foundAt(stationId, own, pack));
  if (stations.length === 0) throw new CalibrationError(`no station has ${COUNT_MIN} charges: nothing can be fitted`);
  return {
    title: `Charging at ${stations.length} stations, from ${charges.length} charges`,
    sections: stations.map((found) => sectionOf(found, pack)),
    fragment: {
      stations: stations.map(({ stationId, takesCurve, fitted, charges: own }) => ({
        id: stationId,
        ...(takesCurve
          ? { chargerPowerW: Number(fitted.chargerPowerW.toPrecision(3)) }
          : { chargeTime: roundedOf(fitDurations(own.map(({ durationMs }) => durationMs)).chosen) }),
      })),
    },
  };
}

function foundAt(stationId: string, charges: readonly RecordedCharge[], pack: PackCharged): ChargingFound {
  const fitted = fitCharging(charges, pack);
  // The least squares of the relative errors, as above.
  const perWatt = charges.map((charge) => (contentWh(charge, pack) * 3_600_000) / charge.durationMs);
  const constantPowerW = perWatt.reduce((sum, each) => sum + each * each, 0) / perWatt.reduce((sum, each) => sum + each, 0);
  const errors = {
    fitted: errorsOf(charges, (charge) => predictedChargeMs(charge, fitted, pack)),
    assumed: errorsOf(charges, (charge) => predictedChargeMs(charge, ASSUMED_CHARGING, pack)),
    constant: errorsOf(charges, (charge) => (contentWh(charge, pack) * 3_600_000) / constantPowerW),
  };
  const takesCurve = errors.fitted.meanAbsolutePercent <= ERROR_PERCENT_MAX && Math.abs(fitted.taperRatio - 1) <= TAPER_OFF_MAX;
  return { stationId, charges, fitted, constantPowerW, errors, takesCurve };
}

const contentWh = ({ fromSocPercent, toSocPercent }: RecordedCharge, { capacityWh }: PackCharged): number =>
  ((toSocPercent - fromSocPercent) / 100) * capacityWh;

function errorsOf(charges: readonly RecordedCharge[], predictMs: (charge: RecordedCharge) => number): Errors {
  const ratios = charges.map((charge) => predictMs(charge) / charge.durationMs - 1);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanMs = mean(charges.map(({ durationMs }) => durationMs));
  const variance = mean(charges.map(({ durationMs }) => (durationMs - meanMs) ** 2));
  const left = mean(charges.map((charge) => (predictMs(charge) - charge.durationMs) ** 2));
  return {
    meanAbsolutePercent: 100 * mean(ratios.map(Math.abs)),
    biasPercent: 100 * mean(ratios),
    worstPercent: 100 * Math.max(...ratios.map(Math.abs)),
    explainedRatio: variance === 0 ? 0 : 1 - left / variance,
  };
}

function sectionOf(
  { stationId, charges, fitted, constantPowerW, errors, takesCurve }: ChargingFound,
  pack: PackCharged,
): Calibrated['sections'][number] {
  const row = (name: string, of: Errors) => [
    name,
    ...[of.meanAbsolutePercent, of.biasPercent, of.worstPercent].map((value) => value.toFixed(1)),
    of.explainedRatio.toFixed(3),
  ];
  const every = Math.ceil(charges.length / POINTS_MAX);
  return {
    title: `Station ${stationId}`,
    notes: [
      `${charges.length} charges: a charger gives ${kw(fitted.chargerPowerW)} kW, and the cells take ${fitted.taperRatio.toFixed(2)} times what is assumed.`,
      takesCurve
        ? 'Taken over: the power of a charger.'
        : 'Taken over: the durations themselves, because a scenario has no other curve of the cells.',
    ],
    table: {
      head: ['model', 'mean absolute %', 'bias %', 'worst %', 'explained'],
      rows: [
        row('fitted', errors.fitted),
        row(`assumed, ${kw(ASSUMED_CHARGING.chargerPowerW)} kW`, errors.assumed),
        row(`constant ${kw(constantPowerW)} kW`, errors.constant),
      ],
    },
    charts: [
      {
        title: 'Duration of charges',
        alongName: 'measured min',
        upName: 'predicted min',
        points: charges
          .filter((_, index) => index % every === 0)
          .map((charge) => [charge.durationMs / 60_000, predictedChargeMs(charge, fitted, pack) / 60_000] as const),
      },
    ],
  };
}

const kw = (w: number): string => (w / 1000).toFixed(0);
