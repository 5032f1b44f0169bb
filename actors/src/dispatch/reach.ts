/**
 * Reach of a truck: what is in the pack must cover the peak of the cumulative energy along the way, not its sum,
 * because a descent gives back only after the summit has been paid for; and a reserve on top.
 */
export const RESERVE_RATIO_OF_NOMINAL = 0.1;

/** Content by the formula that is billed as well: SOC x SOH x nominal. @returns Wh */
export function packContentWh({
  socPercent,
  sohPercent,
  nominalWh,
}: {
  socPercent: number;
  sohPercent: number;
  nominalWh: number;
}): number {
  return (socPercent / 100) * (sohPercent / 100) * nominalWh;
}

/** @param peakWh greatest cumulative energy of the way, Wh, >= 0 */
export function requiredContentWh({ peakWh, nominalWh }: { peakWh: number; nominalWh: number }): number {
  return peakWh + RESERVE_RATIO_OF_NOMINAL * nominalWh;
}

export function canReach({ contentWh, peakWh, nominalWh }: { contentWh: number; peakWh: number; nominalWh: number }): boolean {
  return contentWh >= requiredContentWh({ peakWh, nominalWh });
}
