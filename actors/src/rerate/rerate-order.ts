import type { TimeOfUseTariff } from '@corridor/protocols/network-file';
import type { PackLeg } from '../network/actor-event.ts';
import type { Reference } from '../network/reference.ts';
import type { BillAmounts } from '../order/bill.ts';
import type { BillBasis } from '../order/bill-basis.ts';
import type { EnergyLot } from '../pack/energy-lot.ts';
import { swapAmounts } from '../rating/rate-swap.ts';
import { ratingTermsAt } from '../rating/rating-terms.ts';
import { openingRentRateOf } from '../rating/rent-rate.ts';
import { usageRefusal } from '../rating/swap-usage.ts';
import { periodPrice } from '../tariff/floating-price.ts';
import type { Drafts } from './draft-reference.ts';

export type Rerated = { ok: true; bill: BillAmounts } | { ok: false; reason: string };

/**
 * The bill of a past order under other agreements. What was measured stays; energy that was charged under a tariff of which a
 * draft is tried takes the draft's price of its period, and packs of an owner with a draft rate its rent. A draft that moves hours between
 * periods cannot be followed here: a lot knows its period, not its hour.
 * @param reference with the drafts in force (`withDrafts`)
 */
export function rerateOrder(reference: Reference, drafts: Drafts, basis: BillBasis): Rerated {
  const { stationId, carrierId, ratedAtMs: atMs, usage } = basis;
  const found = ratingTermsAt(reference, { stationId, carrierId, atMs });
  if (!found.ok) return { ok: false, reason: found.reason };
  const unknown = basis.out === null ? null : usageRefusal(found.terms, usage);
  if (unknown !== null) return { ok: false, reason: unknown };
  const legOf = (leg: PackLeg) => legUnder(reference, drafts, leg);
  const legs = basis.out === null ? { out: null, in: legOf(basis.in) } : { out: legOf(basis.out), in: legOf(basis.in) };
  return { ok: true, bill: swapAmounts(found.terms, legs, usage) };
}

function legUnder(reference: Reference, drafts: Drafts, leg: PackLeg): PackLeg {
  if (drafts.tariffs.length === 0 && drafts.batteryRates.length === 0) return leg;
  const { packId, ownerId, sohPercent } = leg;
  const rate =
    drafts.batteryRates.find((draft) => draft.ownerId === ownerId && draft.packId === packId) ??
    drafts.batteryRates.find((draft) => draft.ownerId === ownerId && draft.packId === undefined);
  return {
    ...leg,
    lots: leg.lots.map((lot) => lotUnder(reference, drafts.tariffs, lot)),
    rentNanoYuanPerKwh: rate === undefined ? leg.rentNanoYuanPerKwh : openingRentRateOf(rate, sohPercent),
  };
}

function lotUnder(reference: Reference, tariffs: readonly TimeOfUseTariff[], lot: EnergyLot): EnergyLot {
  const draft =
    tariffs.find(({ stationId }) => stationId === lot.stationId) ??
    tariffs.find(({ stationId, gridRegion }) => stationId === undefined && gridRegion === reference.station(lot.stationId)?.gridRegion);
  const price = draft?.prices.find(({ period }) => period === lot.period);
  const priceNanoYuanPerKwh = draft === undefined || price === undefined ? null : periodPrice(price, draft.formula);
  return priceNanoYuanPerKwh === null ? lot : { ...lot, priceNanoYuanPerKwh };
}
