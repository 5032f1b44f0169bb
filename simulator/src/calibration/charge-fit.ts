import { chargeDurationMs } from '@corridor/actors/pack/charge-curve';
import { assert } from '@corridor/protocols/assert';
import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import type { RecordedCharge } from './charge-history.ts';

/** What charges tell of a station: constant power first, as far as the charger goes, then what the cells take. */
export interface FittedCharging {
  /** Of one charger, into the pack [W]. */
  chargerPowerW: number;
  /** What the cells take, as a multiple of the product's curve by state of charge (1C up to 80 %, a tenth of it at the end). */
  taperRatio: number;
}

export interface PackCharged {
  /** Nominal content times state of health [Wh]. */
  capacityWh: number;
  /** Of the cells, where a charge does not tell it. */
  tempC: number;
}

/** Before anything was measured: the default charger of the corridor and the product's curve. */
export const ASSUMED_CHARGING: FittedCharging = { chargerPowerW: 240_000, taperRatio: 1 };
/** How far from that it may be, as standard deviation of the logarithm: what charges do not tell stays as it was assumed. */
const PRIOR_SIGMA: Readonly<Record<keyof FittedCharging, number>> = { chargerPowerW: 1, taperRatio: 0.3 };
/** Of a charge's duration that is left unexplained, as share of it. */
const CHARGE_SIGMA = 0.05;
/** Where the search begins: the duration has a kink where charger and cells take turns, which a single start may not get over. */
const STARTS = [0.25, 0.5, 1, 1.5].flatMap((power) => [0.6, 1, 1.5].map((taper) => [power, taper] as const));
const ITERATIONS = 12;

/** How long a charge takes [ms]. A curve that is so many times higher is passed in as many times less time, behind a charger that counts as less. */
export function predictedChargeMs(
  { fromSocPercent, toSocPercent, tempC }: Omit<RecordedCharge, 'stationId' | 'durationMs'>,
  { chargerPowerW, taperRatio }: FittedCharging,
  pack: PackCharged,
): number {
  const curveMs = chargeDurationMs({
    fromSocPercent,
    toSocPercent,
    capacityWh: pack.capacityWh,
    tempC: tempC ?? pack.tempC,
    chargerPowerW: chargerPowerW / taperRatio,
  });
  return curveMs / taperRatio;
}

/** Least squares of the relative errors of the durations (Levenberg-Marquardt). @param charges not empty; none at a temperature that forbids charging */
export function fitCharging(charges: readonly RecordedCharge[], pack: PackCharged): FittedCharging {
  assert(charges.length > 0, 'no charges to fit');
  const chargingOf = ([power = 0, taper = 0]: readonly number[]): FittedCharging => ({
    chargerPowerW: ASSUMED_CHARGING.chargerPowerW * Math.exp(power),
    taperRatio: ASSUMED_CHARGING.taperRatio * Math.exp(taper),
  });
  const sigmas = [PRIOR_SIGMA.chargerPowerW, PRIOR_SIGMA.taperRatio];
  // Rows: a charge each, then a prior each; all with a standard deviation of 1.
  const rows = charges.length + sigmas.length;
  const residual = (logs: readonly number[]) => {
    const charging = chargingOf(logs);
    return (row: number): number => {
      const charge = charges[row];
      if (charge) return (predictedChargeMs(charge, charging, pack) / charge.durationMs - 1) / CHARGE_SIGMA;
      const prior = row - charges.length;
      return (logs[prior] ?? 0) / (sigmas[prior] ?? 1);
    };
  };
  const fits = STARTS.map(([power, taper]) =>
    levenbergMarquardt({ x: Array.from({ length: rows }, (_, row) => row), y: Array.from({ length: rows }, () => 0) }, residual, {
      initialValues: [Math.log(power), Math.log(taper)],
      minValues: [Math.log(0.02), Math.log(0.1)],
      maxValues: [Math.log(20), Math.log(10)],
      gradientDifference: 1e-3,
      maxIterations: ITERATIONS,
    }),
  );
  const [best] = fits.sort((one, other) => one.parameterError - other.parameterError);
  assert(best !== undefined, 'nowhere to begin');
  return chargingOf(best.parameterValues);
}
