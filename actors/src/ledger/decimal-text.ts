import { violated } from '@corridor/protocols/assert';

/**
 * A scaled integer as a decimal for people: exact, no exponent, no float.
 * @param scale decimals of the integer: 2 for fen as yuan, 3 for Wh as kWh   @param decimalsMin trailing zeros kept
 */
export function decimalText(value: bigint, scale: number, decimalsMin = scale): string {
  if (!(scale >= decimalsMin && decimalsMin >= 0)) violated(`scale ${scale}, at least ${decimalsMin} decimals`);
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  let fraction = digits.slice(digits.length - scale);
  while (fraction.length > decimalsMin && fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** 28900n -> `289.00`. */
export const yuanText = (amountFen: bigint): string => decimalText(amountFen, 2);
/** 46699n -> `46.699`. */
export const kwhText = (energyWh: bigint): string => decimalText(energyWh, 3);
/** 291000000n -> `0.291`; at least two decimals. */
export const priceText = (priceNanoYuan: bigint): string => decimalText(priceNanoYuan, 9, 2);
