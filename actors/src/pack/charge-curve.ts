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

/** A part of a charge during which the pack accepts the same power. */
export interface ChargeStep {
  /** Into the pack, W. */
  powerW: number;
  durationMs: number;
}

type Charge = Omit<ChargingPoint, 'socPercent'> & { fromSocPercent: number; toSocPercent: number };

/** A charge between two states of charge at a fixed temperature, step by step. A step at 0 W lasts for ever. */
export function chargeSteps(charge: Charge): ChargeStep[] {
  const steps: ChargeStep[] = [];
  let { fromSocPercent } = charge;
  for (const { untilSocPercent } of RATE_STEPS) {
    const toSocPercent = Math.min(untilSocPercent, charge.toSocPercent);
    if (toSocPercent <= fromSocPercent) continue;
    const powerW = acceptedPowerW({
      socPercent: fromSocPercent,
      capacityWh: charge.capacityWh,
      tempC: charge.tempC,
      chargerPowerW: charge.chargerPowerW,
    });
    const wh = ((toSocPercent - fromSocPercent) / 100) * charge.capacityWh;
    steps.push({ powerW, durationMs: powerW === 0 ? Number.POSITIVE_INFINITY : (wh / powerW) * 3_600_000 });
    fromSocPercent = toSocPercent;
  }
  return steps;
}

/**
 * Time to charge between two states of charge at full power and a fixed temperature.
 * @returns ms, Infinity when the temperature forbids charging
 */
export const chargeDurationMs = (charge: Charge): number => chargeSteps(charge).reduce((sum, { durationMs }) => sum + durationMs, 0);
