import type { CellVoltageTable } from './open-circuit-voltage.ts';

/** Standard deviation of a measured cell voltage [V] (assumption: what converters of cell monitors are specified for). */
const SENSOR_SIGMA_V = 0.001;
/**
 * How far a cell may still be from its open-circuit voltage when the current has just ended [V], and how fast that fades [ms]
 * (assumptions: the quick part of the relaxation of LFP cells; it goes on for hours below what the sensor sees).
 */
const RELAXING_SIGMA_V = 0.01;
const RELAXING_MS = 600_000;
/** Resistance by which the small current of a rest still moves a cell [Ω] (assumption: an upper bound of large LFP cells). */
const CELL_RESISTANCE_OHM = 0.0005;

export interface RestVoltage {
  /** Mean of the extreme cells. */
  readonly cellV: number;
  readonly restedMs: number;
  readonly currentA: number;
}
export interface SocBelief {
  readonly socPercent: number;
  readonly sigmaPercent: number;
}

/**
 * State of charge that the voltage of a resting cell tells, and how well: in the flat middle of the curve a millivolt is several percent.
 * Mean and standard deviation over all states of charge, each as likely beforehand, weighted by how well it explains the voltage.
 */
export function socOfRest(table: CellVoltageTable, { cellV, restedMs, currentA }: RestVoltage): SocBelief {
  const sigmaV = Math.hypot(SENSOR_SIGMA_V, RELAXING_SIGMA_V * Math.exp(-restedMs / RELAXING_MS), CELL_RESISTANCE_OHM * currentA);
  // The nearest voltage weighs 1, so that a voltage outside the table has a weight at all.
  const nearestV = table.reduce((least, ocvV) => Math.min(least, Math.abs(ocvV - cellV)), Number.POSITIVE_INFINITY);
  let [weights, sum, squares] = [0, 0, 0];
  table.forEach((ocvV, index) => {
    const socPercent = (index / (table.length - 1)) * 100;
    const weight = Math.exp((nearestV ** 2 - (ocvV - cellV) ** 2) / (2 * sigmaV ** 2));
    weights += weight;
    sum += weight * socPercent;
    squares += weight * socPercent ** 2;
  });
  const socPercent = sum / weights;
  const stepPercent = 100 / (table.length - 1);
  // No better than the steps of the table.
  return { socPercent, sigmaPercent: Math.hypot(Math.sqrt(Math.max(0, squares / weights - socPercent ** 2)), stepPercent / 2) };
}
