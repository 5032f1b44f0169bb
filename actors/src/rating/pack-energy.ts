import { violated } from '@corridor/protocols/assert';
import { divideHalfUp } from '../ledger/fen-arithmetic.ts';

/** Percentages count to a millionth of a percent, so that what was written as a decimal is multiplied as one. */
const MILLIONTHS = 1_000_000;

function percentMillionths(percent: number, name: string): bigint {
  if (!(percent >= 0 && percent <= 100)) violated(`${name} ${percent} %`);
  return BigInt(Math.round(percent * MILLIONTHS));
}

/**
 * Energy content of a pack at hand-over, what is billed: `soc/100 x soh/100 x nominal`, half up to the Wh.
 * @param socPercent 0..100   @param sohPercent 0..100   @param nominalWh integer >= 0   @returns Wh
 */
export function packEnergyWh(pack: { socPercent: number; sohPercent: number; nominalWh: number }): number {
  if (!(Number.isSafeInteger(pack.nominalWh) && pack.nominalWh >= 0)) violated(`nominal content ${pack.nominalWh} Wh`);
  const scaled = percentMillionths(pack.socPercent, 'SOC') * percentMillionths(pack.sohPercent, 'SOH') * BigInt(pack.nominalWh);
  return Number(divideHalfUp(scaled, BigInt(100 * MILLIONTHS) ** 2n));
}
