/**
 * Power a lithium iron phosphate pack accepts: a C-rate by state of charge and a derating by cell temperature.
 * Calibrated to "about one hour" of recharging (assumption; docs/domain/physics.md).
 */
const RATE_STEPS: readonly { untilSocPercent: number; perHour: number }[] = [
  { untilSocPercent: 80, perHour: 1 },
  { untilSocPercent: 90, perHour: 0.7 },
  { untilSocPercent: 95, perHour: 0.45 },
  { untilSocPercent: 98, perHour: 0.25 },
  { untilSocPercent: 100, perHour: 0.1 },
];

/** Share of the DC energy at the terminals that becomes content of the pack. */
export const PACK_CHARGE_EFFICIENCY_RATIO = 0.98;
/** Share of AC energy that the charger passes on as DC. */
export const CHARGER_EFFICIENCY_RATIO = 0.95;

/** Share of the full charging power at a cell temperature, 0..1: nothing below freezing or above 55 °C. */
export function chargeDeratingRatio(tempC: number): number {
  if (tempC < 0 || tempC > 55) return 0;
  if (tempC < 10) return 0.3;
  if (tempC < 15) return 0.6;
  if (tempC <= 45) return 1;
  return 0.5;
}

export type ChargingPoint = {
  socPercent: number;
  /** Present capacity: nominal x SOH, Wh. */
  capacityWh: number;
  tempC: number;
  /** What the charger of the slot can give, W. */
  chargerPowerW: number;
};

/**
 * @returns W into the pack, 0 when full, too cold or too hot
 * @throws RangeError on NaN: a caller's bug
 */
export function acceptedPowerW({ socPercent, capacityWh, tempC, chargerPowerW }: ChargingPoint): number {
  if (Number.isNaN(socPercent) || Number.isNaN(tempC)) throw new RangeError(`socPercent=${socPercent} tempC=${tempC}`);
  const step = RATE_STEPS.find(({ untilSocPercent }) => socPercent < untilSocPercent);
  if (!step) return 0;
  return Math.min(chargerPowerW, step.perHour * capacityWh) * chargeDeratingRatio(tempC);
}

/**
 * Time to charge between two states of charge at full power and a fixed temperature.
 * @returns ms, Infinity when the temperature forbids charging
 */
export function chargeDurationMs(point: Omit<ChargingPoint, 'socPercent'> & { fromSocPercent: number; toSocPercent: number }): number {
  let durationMs = 0;
  let fromSocPercent = point.fromSocPercent;
  for (const { untilSocPercent } of RATE_STEPS) {
    const toSocPercent = Math.min(untilSocPercent, point.toSocPercent);
    if (toSocPercent <= fromSocPercent) continue;
    const powerW = acceptedPowerW({ ...point, socPercent: fromSocPercent });
    durationMs +=
      powerW === 0 ? Number.POSITIVE_INFINITY : ((((toSocPercent - fromSocPercent) / 100) * point.capacityWh) / powerW) * 3_600_000;
    fromSocPercent = toSocPercent;
  }
  return durationMs;
}
