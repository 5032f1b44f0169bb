import { expect, it } from 'vitest';
import { rateSwap } from '../rating/rate-swap.ts';
import { UNKNOWN_USAGE } from '../rating/swap-usage.ts';
import { contract, issued, returned, returnedWith, terms } from '../rating/worked-example.fixture.ts';
import type { Rated } from './order.context.ts';
import { type RatedBy, rateForBill, rateForQuote } from './quoted-rating.ts';

const quoted: RatedBy = { terms, legs: { out: issued, in: returned }, usage: UNKNOWN_USAGE, omitsDerivations: false };
const rate = (by: RatedBy): Rated => ({ ok: true, bill: rateSwap(by.terms, by.legs, by.usage) });

it('bills what was quoted without rating it again, once', () => {
  const quote = rateForQuote('O1', quoted, rate);
  const measured = { ...quoted, legs: { out: { ...issued }, in: { ...returned } } };
  const bill = rateForBill('O1', measured, rate);
  expect(bill).toBe(quote);
  expect(bill).toEqual(rate(measured));
  expect(rateForBill('O1', measured, rate)).not.toBe(quote);
});

it.each<[string, RatedBy]>([
  ['another pack in', { ...quoted, legs: { out: issued, in: { ...returned, packId: 'LFP282-0148' } } }],
  ['another content', { ...quoted, legs: { out: issued, in: returnedWith(19) } }],
  ['other lots of the same energy', { ...quoted, legs: { out: { ...issued, lots: issued.lots.toReversed() }, in: returned } }],
  ['another owner', { ...quoted, legs: { out: { ...issued, ownerId: 'BO1' }, in: returned } }],
  ['another rent', { ...quoted, legs: { out: { ...issued, rentNanoYuanPerKwh: 1n }, in: returned } }],
  ['no pack out', { ...quoted, legs: { out: null, in: returned } }],
  ['another use', { ...quoted, usage: { ...UNKNOWN_USAGE, readyPacks: 3 } }],
  ['another contract', { ...quoted, terms: { ...terms, contract: { ...contract } } }],
  ['another price', { ...quoted, terms: { ...terms, priceNow: { ...terms.priceNow, priceNanoYuanPerKwh: 1n } } }],
  ['words for those who read', { ...quoted, omitsDerivations: true }],
])('rates a bill anew for %s', (_, measured) => {
  const quote = rateForQuote('O2', quoted, rate);
  const bill = rateForBill('O2', measured, rate);
  expect(bill).not.toBe(quote);
  expect(bill).toEqual(rate(measured));
});

it('keeps the ratings of the newest quotes only', () => {
  const quote = rateForQuote('FIRST', quoted, rate);
  const last = Array.from({ length: 5_000 }, (_, index) => rateForQuote(`N${index}`, quoted, () => quote)).at(-1);
  expect(rateForBill('FIRST', quoted, rate)).not.toBe(quote);
  expect(rateForBill('N4999', quoted, rate)).toBe(last);
});
