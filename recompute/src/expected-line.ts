import type { Leg } from './bundle.ts';
import { dividedBy, fractionOf, rounded, times } from './fraction.ts';

/** A line as it has to be: what it is made of, and its amount. */
export interface ExpectedLine {
  readonly component: string;
  readonly leg: string;
  readonly period: string | null;
  readonly packId: string | null;
  readonly quantity: bigint;
  readonly unitPriceNanoYuan: bigint;
  readonly amountFen: bigint;
}

const NANO_YUAN_PER_FEN = fractionOf(10_000_000);
const WH_PER_KWH = fractionOf(1_000);
const HUNDRED = fractionOf(100);

/** Content of a pack: SOC x SOH x nominal, half up to the Wh. */
export const contentWh = (leg: Leg): bigint =>
  rounded(
    times(times(dividedBy(fractionOf(leg.socPercent), HUNDRED), dividedBy(fractionOf(leg.sohPercent), HUNDRED)), fractionOf(leg.nominalWh)),
  );

/** kWh x price, half up to the fen. */
export const feeFen = (quantityWh: bigint, priceNanoYuan: bigint): bigint =>
  rounded(dividedBy(times(dividedBy(fractionOf(quantityWh), WH_PER_KWH), fractionOf(priceNanoYuan)), NANO_YUAN_PER_FEN));
