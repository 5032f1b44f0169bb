import { isDeepStrictEqual } from 'node:util';
import type { Bill } from '@corridor/actors/order/bill';
import { rateSwap, type SwapLegs } from '@corridor/actors/rating/rate-swap';
import type { RatingTerms } from '@corridor/actors/rating/rating-terms';
import type { SwapUsage } from '@corridor/actors/rating/swap-usage';

/** Breaches of what holds for every bill, in words. */
export function billFindings(orderId: string, bill: Bill): string[] {
  const sum = (amounts: readonly bigint[]) => amounts.reduce((total, each) => total + each, 0n);
  const { payableFen } = bill;
  const figures: [string, bigint, bigint][] = [
    ['lines', sum(bill.lines.map(({ amountFen }) => amountFen)), payableFen],
    ['gross shares', sum(bill.shares.map(({ grossFen }) => grossFen)), payableFen],
    ['nets', sum(bill.shares.map(({ netFen }) => netFen)), payableFen],
    ['commissions', sum(bill.shares.map(({ commissionFen }) => commissionFen)), 0n],
  ];
  return figures.filter(([, is, due]) => is !== due).map(([what, is, due]) => `${what} of order ${orderId} sum to ${is} of ${due} fen`);
}

/** The bill computed again from what it was made of must be the bill. */
export function isBilledAgain(bill: Bill, terms: RatingTerms, legs: SwapLegs, usage: SwapUsage): boolean {
  return isDeepStrictEqual(rateSwap(terms, legs, usage), bill);
}
