import { UNKNOWN } from './quantity.ts';

/** Fen as text, as it comes on the wire: `¥1,234.56`, `−¥13.59`; never through a float. Unknown or unreadable is `—`. */
export function yuan(fen: string | null | undefined): string {
  const amount = fenOf(fen);
  if (amount === null) return UNKNOWN;
  const size = amount < 0n ? -amount : amount;
  const whole = (size / 100n).toString().replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const cents = (size % 100n).toString().padStart(2, '0');
  return `${amount < 0n ? '−' : ''}¥${whole}.${cents}`;
}

/** Sums amounts; null when one of them is unreadable. */
export function sumFen(amounts: readonly string[]): string | null {
  let total = 0n;
  for (const amount of amounts) {
    const fen = fenOf(amount);
    if (fen === null) return null;
    total += fen;
  }
  return total.toString();
}

/** Nano-yuan per unit as yuan with the decimals it needs, at least two: `0.2910`. */
export function unitPrice(nanoYuan: string | null | undefined): string {
  if (nanoYuan === null || nanoYuan === undefined || !/^-?\d{1,24}$/.test(nanoYuan)) return UNKNOWN;
  const value = BigInt(nanoYuan);
  const size = value < 0n ? -value : value;
  const decimals = (size % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '').padEnd(2, '0');
  return `${value < 0n ? '−' : ''}¥${size / 1_000_000_000n}.${decimals}`;
}

function fenOf(fen: string | null | undefined): bigint | null {
  return fen !== null && fen !== undefined && /^-?\d{1,24}$/.test(fen) ? BigInt(fen) : null;
}
