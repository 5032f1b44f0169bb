import { assert, violated } from '@corridor/protocols/assert';
import { type Fen, fen } from './fen.ts';

/** Nano-yuan in one fen. */
export const NANO_YUAN_PER_FEN = 10_000_000n;
/** Wh x nano-yuan per kWh in one fen. */
const WH_NANO_YUAN_PER_FEN = 1_000n * NANO_YUAN_PER_FEN;
const WH_NANO_YUAN_PER_FEN_NUMBER = Number(WH_NANO_YUAN_PER_FEN);
/** Products up to this are whole numbers that stay so when they are doubled and a divisor is added: the fee of a pack is far below. */
const DOUBLED_EXACTLY_MAX = Number.MAX_SAFE_INTEGER / 4;
const BASIS_POINTS = 10_000n;

const magnitude = (value: bigint) => (value < 0n ? -value : value);

/**
 * Quotient rounded once: half up on the magnitude, then the sign, so that a credit is the mirror of a charge.
 * @param denominator > 0
 */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (!(denominator > 0n)) violated(`denominator ${denominator}`);
  const rounded = (2n * magnitude(numerator) + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/**
 * Fee for energy at a price, rounded once.
 * @param energyWh signed: negative is a credit   @param priceNanoYuanPerKwh >= 0
 */
export function energyFeeFen(energyWh: bigint, priceNanoYuanPerKwh: bigint): Fen {
  if (!(priceNanoYuanPerKwh >= 0n)) violated(`price ${priceNanoYuanPerKwh} nano-yuan/kWh`);
  const product = Number(energyWh) * Number(priceNanoYuanPerKwh);
  if (!(Math.abs(product) <= DOUBLED_EXACTLY_MAX)) return fen(divideHalfUp(energyWh * priceNanoYuanPerKwh, WH_NANO_YUAN_PER_FEN));
  const fee = exactQuotient(2 * Math.abs(product) + WH_NANO_YUAN_PER_FEN_NUMBER, 2 * WH_NANO_YUAN_PER_FEN_NUMBER);
  return fen(BigInt(product < 0 ? -fee : fee));
}

/** Quotient towards zero of whole numbers, exactly. @param numerator safe integer >= 0 @param denominator safe integer > 0 */
function exactQuotient(numerator: number, denominator: number): number {
  const quotient = Math.floor(numerator / denominator);
  // The division itself may round up to the next whole number.
  return quotient * denominator > numerator ? quotient - 1 : quotient;
}

/** Share of a signed amount. @param basisPoints 0..10,000 = 0..100 % */
export function basisPointsOf(amountFen: Fen, basisPoints: number): Fen {
  if (!(Number.isInteger(basisPoints) && basisPoints >= 0 && basisPoints <= 10_000)) violated(`basis points ${basisPoints}`);
  return fen(divideHalfUp(amountFen * BigInt(basisPoints), BASIS_POINTS));
}

export const sumFen = (amounts: Iterable<Fen>): Fen => {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return fen(total);
};

export const negateFen = (amountFen: Fen): Fen => fen(0n - amountFen);

/**
 * What to hold for a quote: quote x (1 + margin), rounded up to a full step. At least one step, also for a quote that is
 * zero or a credit, so that every order of a carrier is seen by its account before the swap.
 * @param stepFen > 0
 */
export function holdForQuote(quote: { quotedFen: Fen; marginBasisPoints: number; stepFen: Fen }): Fen {
  if (!(quote.stepFen > 0n)) violated(`step of hold ${quote.stepFen}`);
  if (quote.quotedFen <= 0n) return quote.stepFen;
  const scaled = quote.quotedFen * (BASIS_POINTS + BigInt(quote.marginBasisPoints));
  const unit = quote.stepFen * BASIS_POINTS;
  return fen(((scaled + unit - 1n) / unit) * quote.stepFen);
}

/**
 * Splits a total in proportion to weights, exactly: each part is the quotient towards zero, and the rest goes unit by unit
 * to the largest remainders, at a tie to the larger weight, then to the earlier part.
 * @param total signed   @param weights >= 0, not all 0 unless the total is 0
 */
export function splitByLargestRemainder(total: bigint, weights: readonly bigint[]): bigint[] {
  for (const weight of weights) assert(weight >= 0n, `weight ${weight}`);
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  if (whole === 0n) {
    assert(total === 0n, `nothing to split ${total} by`);
    return weights.map(() => 0n);
  }
  const size = magnitude(total);
  const parts = weights.map((weight) => (size * weight) / whole);
  const rest = size - parts.reduce((sum, part) => sum + part, 0n);
  const order = weights
    .map((weight, index) => ({ index, weight, remainder: (size * weight) % whole }))
    .sort((a, b) => compare(b.remainder, a.remainder) || compare(b.weight, a.weight) || a.index - b.index);
  for (const { index } of order.slice(0, Number(rest))) parts[index] = (parts[index] ?? 0n) + 1n;
  return total < 0n ? parts.map((part) => -part) : parts;
}

/**
 * As `splitByLargestRemainder`, of whole numbers. Energy of packs is so small that numbers hold every product exactly, in a tenth of the time
 * of big integers; what is larger, from a register gone wrong, is split in those.
 * @param total integer >= 0   @param weights integers >= 0, not all 0 unless the total is 0
 */
export function splitNumbersByLargestRemainder(total: number, weights: readonly number[]): number[] {
  let whole = 0;
  for (const weight of weights) whole += weight;
  const isExact = total >= 0 && Number.isSafeInteger(whole) && Number.isSafeInteger(total * whole);
  if (!isExact || whole === 0) return splitByLargestRemainder(BigInt(total), weights.map(BigInt)).map(Number);
  const parts: number[] = [];
  const remainders: number[] = [];
  let rest = total;
  for (const weight of weights) {
    if (!(weight >= 0)) violated(`weight ${weight}`);
    const part = exactQuotient(total * weight, whole);
    parts.push(part);
    remainders.push(total * weight - part * whole);
    rest -= part;
  }
  for (; rest > 0; rest -= 1) addOne(parts, remainders, weights);
  return parts;
}

/** To the part with the largest remainder, which has had its share then. */
function addOne(parts: number[], remainders: number[], weights: readonly number[]): void {
  let best = 0;
  for (let index = 1; index < parts.length; index += 1) {
    const lead = (remainders[index] ?? 0) - (remainders[best] ?? 0);
    if (lead > 0 || (lead === 0 && (weights[index] ?? 0) > (weights[best] ?? 0))) best = index;
  }
  parts[best] = (parts[best] ?? 0) + 1;
  remainders[best] = -1;
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
