/**
 * Exact fractions, so that nothing is rounded but where the agreement says so. Written for this program alone: it computes what
 * the platform computed by other means.
 */
export interface Fraction {
  readonly over: bigint;
  /** > 0 */
  readonly under: bigint;
}

const ONE = 1n;

/** `12.50`, `-3`, `1e2` is none. @throws RangeError on what is no decimal */
export function fractionOf(text: string | number | bigint): Fraction {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(text));
  if (match === null) throw new RangeError(`${String(text)} is no decimal`);
  const [, sign, whole = '', decimals = ''] = match;
  const over = BigInt(whole + decimals);
  return reduced(sign === '-' ? -over : over, 10n ** BigInt(decimals.length));
}

export const ZERO: Fraction = { over: 0n, under: ONE };
export const plus = (a: Fraction, b: Fraction): Fraction => reduced(a.over * b.under + b.over * a.under, a.under * b.under);
export const minus = (a: Fraction, b: Fraction): Fraction => plus(a, { over: -b.over, under: b.under });
export const times = (a: Fraction, b: Fraction): Fraction => reduced(a.over * b.over, a.under * b.under);
/** @throws RangeError on a division by zero */
export function dividedBy(a: Fraction, b: Fraction): Fraction {
  if (b.over === 0n) throw new RangeError('division by zero');
  return b.over < 0n ? reduced(-a.over * b.under, a.under * -b.over) : reduced(a.over * b.under, a.under * b.over);
}
export const sumOf = (all: readonly Fraction[]): Fraction => all.reduce(plus, ZERO);

/** Nearest integer; a half goes away from zero, so that a credit is the mirror of a charge. */
export function rounded({ over, under }: Fraction): bigint {
  const size = over < 0n ? -over : over;
  const floor = size / under;
  const rest = size - floor * under;
  const nearest = rest + rest >= under ? floor + ONE : floor;
  return over < 0n ? -nearest : nearest;
}

function reduced(over: bigint, under: bigint): Fraction {
  let [a, b] = [over < 0n ? -over : over, under];
  while (b !== 0n) [a, b] = [b, a % b];
  return a <= ONE ? { over, under } : { over: over / a, under: under / a };
}
