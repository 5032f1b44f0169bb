import type { PackLeg } from '../network/actor-event.ts';
import type { SwapLegs } from '../rating/rate-swap.ts';
import type { RatingTerms } from '../rating/rating-terms.ts';
import type { SwapUsage } from '../rating/swap-usage.ts';
import type { Rated } from './order.context.ts';

/** Everything that a rating is made of. */
export interface RatedBy {
  terms: RatingTerms;
  legs: SwapLegs;
  usage: SwapUsage;
  omitsDerivations: boolean;
}

/** Quotes whose rating is kept until their bill; beyond, the oldest is made anew. */
const QUOTES_MAX = 4_096;
const quotes = new Map<string, { by: RatedBy; rated: Rated }>();

/** Rates a quote, and keeps its rating for the bill. Kept here and not in the order, whose snapshot would carry two packs' lots. */
export function rateForQuote(orderId: string, by: RatedBy, rate: (by: RatedBy) => Rated): Rated {
  const rated = rate(by);
  if (quotes.size >= QUOTES_MAX) for (const oldest of quotes.keys()) if (quotes.delete(oldest)) break;
  quotes.set(orderId, { by, rated });
  return rated;
}

/** Rates a bill. As a rule its packs hold what was quoted minutes before: then everything that it is made of is the same, and so is it. */
export function rateForBill(orderId: string, by: RatedBy, rate: (by: RatedBy) => Rated): Rated {
  const quote = quotes.get(orderId);
  if (quote === undefined) return rate(by);
  quotes.delete(orderId);
  return isSame(quote.by, by) ? quote.rated : rate(by);
}

const isSame = (one: RatedBy, other: RatedBy): boolean =>
  one.omitsDerivations === other.omitsDerivations &&
  areSameTerms(one.terms, other.terms) &&
  areSameUsage(one.usage, other.usage) &&
  isSameLeg(one.legs.in, other.legs.in) &&
  (one.legs.out === null || other.legs.out === null ? one.legs.out === other.legs.out : isSameLeg(one.legs.out, other.legs.out));

/** Taxes and commission are those of the contract. */
const areSameTerms = (one: RatingTerms, other: RatingTerms): boolean =>
  one.contract === other.contract &&
  one.stationRate === other.stationRate &&
  one.atMs === other.atMs &&
  one.stationId === other.stationId &&
  one.operatorId === other.operatorId &&
  one.platformId === other.platformId &&
  one.priceNow.tariffId === other.priceNow.tariffId &&
  one.priceNow.period === other.priceNow.period &&
  one.priceNow.priceNanoYuanPerKwh === other.priceNow.priceNanoYuanPerKwh;

const areSameUsage = (one: SwapUsage, other: SwapUsage): boolean =>
  one.distanceSinceSwapM === other.distanceSinceSwapM &&
  one.readyPacks === other.readyPacks &&
  one.waitedMs === other.waitedMs &&
  one.packageGrant === other.packageGrant;

/** Lots are never changed in place: the same list is the same lots. */
const isSameLeg = (one: PackLeg, other: PackLeg): boolean =>
  one.lots === other.lots &&
  one.packId === other.packId &&
  one.typeCode === other.typeCode &&
  one.ownerId === other.ownerId &&
  one.socPercent === other.socPercent &&
  one.sohPercent === other.sohPercent &&
  one.nominalWh === other.nominalWh &&
  one.energyWh === other.energyWh &&
  one.rentNanoYuanPerKwh === other.rentNanoYuanPerKwh;
