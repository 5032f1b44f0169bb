import type { TimeOfUseTariff } from '@corridor/protocols/network-file';
import type { PackLeg } from '../network/actor-event.ts';
import type { BillAmounts } from '../order/bill.ts';
import type { BillBasis } from '../order/bill-basis.ts';
import type { EnergyLot } from '../pack/energy-lot.ts';
import { swapAmounts } from '../rating/rate-swap.ts';
import { ratingTermsAt } from '../rating/rating-terms.ts';
import { openingRentRateOf } from '../rating/rent-rate.ts';
import { usageRefusal } from '../rating/swap-usage.ts';
import { periodPrice } from '../tariff/floating-price.ts';
import { localDateOf } from '../tariff/local-time.ts';
import type { Trial } from './draft-reference.ts';
import { isWithoutPackages } from './package-trial.ts';

export type Rerated = { ok: true; bill: BillAmounts } | { ok: false; reason: string };

/**
 * The bill of a past order under other agreements. What was measured stays; energy that was charged under a tariff of which a
 * draft is tried takes the draft's price of its period, the station's own PV its price in a draft of the station's rate, and packs of
 * an owner with a draft rate its rent. A draft that moves hours between periods cannot be followed here: a lot knows its period, not
 * its hour.
 * @param operatorId whose the station was when the order was billed; left out: whose it is
 */
export function rerateOrder(trial: Trial, basis: BillBasis, operatorId?: string): Rerated {
  const { stationId, carrierId, ratedAtMs: atMs, usage } = basis;
  const found = ratingTermsAt(trial.tried, { stationId, carrierId, atMs });
  if (!found.ok) return { ok: false, reason: found.reason };
  const terms = operatorId === undefined ? found.terms : { ...found.terms, operatorId };
  const unknown = basis.out === null ? null : usageRefusal(terms, usage);
  if (unknown !== null) return { ok: false, reason: unknown };
  const onDate = localDateOf(atMs);
  if (basis.out !== null && isWithoutPackages(trial, carrierId, onDate)) return { ok: false, reason: 'PACKAGE_NOT_BOUGHT' };
  const legOf = (leg: PackLeg) => legUnder(trial, leg, onDate);
  const legs = basis.out === null ? { out: null, in: legOf(basis.in) } : { out: legOf(basis.out), in: legOf(basis.in) };
  return { ok: true, bill: swapAmounts(terms, legs, usage) };
}

function legUnder(trial: Trial, leg: PackLeg, onDate: string): PackLeg {
  const { tariffs, stationRates, batteryRates } = trial.drafts;
  if (tariffs.length === 0 && stationRates.length === 0 && batteryRates.length === 0) return leg;
  const { packId, ownerId, sohPercent } = leg;
  const rate =
    batteryRates.find((draft) => draft.ownerId === ownerId && draft.packId === packId) ??
    batteryRates.find((draft) => draft.ownerId === ownerId && draft.packId === undefined);
  return {
    ...leg,
    lots: leg.lots.map((lot) => ({ ...lot, priceNanoYuanPerKwh: lotPriceUnder(trial, lot, onDate) })),
    rentNanoYuanPerKwh: rate === undefined ? leg.rentNanoYuanPerKwh : openingRentRateOf(rate, sohPercent),
  };
}

/**
 * PV energy at a price of its own says so itself: whether it had one is asked of the rate in force when it was charged. Where a draft takes
 * that price away, it costs what the grid's did on the day of the order: on which it was charged, the lot does not know.
 * @returns nano-yuan per kWh
 */
function lotPriceUnder({ before, drafts, tried }: Trial, lot: EnergyLot, onDate: string): bigint {
  const { stationId, source, priceNanoYuanPerKwh: pricedAt, pvRateId } = lot;
  if (source === 'PV') {
    const rate = drafts.stationRates.find((draft) => draft.stationId === stationId);
    if (rate?.pvNanoYuanPerKwh !== undefined) return BigInt(rate.pvNanoYuanPerKwh);
    if (pvRateId !== undefined) return rate === undefined ? pricedAt : (priceOfPeriod(tried.tariffOf(stationId, onDate), lot) ?? pricedAt);
  }
  const draft =
    drafts.tariffs.find((tariff) => tariff.stationId === stationId) ??
    drafts.tariffs.find((tariff) => tariff.stationId === undefined && tariff.gridRegion === before.station(stationId)?.gridRegion);
  return priceOfPeriod(draft, lot) ?? pricedAt;
}

/** @returns nano-yuan per kWh; null: there is none */
function priceOfPeriod(tariff: TimeOfUseTariff | undefined, { period }: EnergyLot): bigint | null {
  const price = tariff?.prices.find((each) => each.period === period);
  return tariff === undefined || price === undefined ? null : periodPrice(price, tariff.formula);
}
