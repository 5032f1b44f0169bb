import { violated } from '@corridor/protocols/assert';
import { divideHalfUp } from '../ledger/fen-arithmetic.ts';

/** Percentages count to a millionth of a percent, so that what was written as a decimal is multiplied as one. */
const MILLIONTHS = 1_000_000;

function percentMillionths(percent: number, name: string): number {
  if (!(percent >= 0 && percent <= 100)) violated(`${name} ${percent} %`);
  return Math.round(percent * MILLIONTHS);
}

/** Millionths of a percent, twice, in the whole. */
const WHOLE = (100 * MILLIONTHS) ** 2;
/** Up to this content [Wh] a product of floating numbers is off by less than `DOUBT` Wh. */
const FLOATING_MAX_WH = 100_000_000;
const DOUBT = 1e-6;

/**
 * Energy content of a pack at hand-over, what is billed: `soc/100 x soh/100 x nominal`, half up to the Wh.
 * @param socPercent 0..100   @param sohPercent 0..100   @param nominalWh integer >= 0   @returns Wh
 */
export function packEnergyWh(pack: { socPercent: number; sohPercent: number; nominalWh: number }): number {
  if (!(Number.isSafeInteger(pack.nominalWh) && pack.nominalWh >= 0)) violated(`nominal content ${pack.nominalWh} Wh`);
  const soc = percentMillionths(pack.socPercent, 'SOC');
  const soh = percentMillionths(pack.sohPercent, 'SOH');
  // Big integers take ten times as long, and are needed only where the last digits decide how it is rounded.
  const energyWh = (soc * soh * pack.nominalWh) / WHOLE;
  const wholeWh = Math.floor(energyWh);
  if (pack.nominalWh <= FLOATING_MAX_WH && Math.abs(energyWh - wholeWh - 0.5) > DOUBT) return Math.round(energyWh);
  return Number(divideHalfUp(BigInt(soc) * BigInt(soh) * BigInt(pack.nominalWh), BigInt(WHOLE)));
}
