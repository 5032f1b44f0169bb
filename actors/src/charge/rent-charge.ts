/// <reference lib="esnext.temporal" />
import { decimalText, kwhText, yuanText } from '../ledger/decimal-text.ts';
import type { Reference } from '../network/reference.ts';
import { perCase } from '../rating/mode-charge.ts';
import { monthlyRentFen } from '../rating/monthly-rent.ts';
import { commissionOf } from '../rating/rating-terms.ts';
import { STATED_TAX_RATES } from '../rating/stated-tax-rates.ts';
import { type Charge, chargeOf } from './charge.ts';

/** A truck with the pack that it had when the month ended. */
export interface RentedTruck {
  readonly truckId: string;
  readonly carrierId: string;
  readonly packId: string;
  /** Nominal content of that pack [Wh]. */
  readonly nominalWh: number;
  /** Local days of the truck with its carrier; null: from before, or to after, the month. */
  readonly fromDate: string | null;
  readonly untilDate: string | null;
  /** 1, and one more each time that it came back to its carrier within the month. */
  readonly stay: number;
}

/** @param stay within the month; the first one is not named */
export const rentChargeId = (contractId: string, truckId: string, month: string, stay: number): string =>
  `rent:${contractId}:${truckId}:${month}${stay === 1 ? '' : `:${stay}`}`;

/** Months from one to another, both included, `2026-11`. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = [];
  for (let month = Temporal.PlainYearMonth.from(first); month.toString() <= last; month = month.add({ months: 1 })) {
    months.push(month.toString());
  }
  return months;
}

/**
 * Rent of one truck for a month that is over, a charge for each contract that was in force on a day of it: by the nominal content of
 * its pack, in proportion to the days. Goes to the issuer of the offer.
 * @param month `2026-11`
 */
export function rentChargesOf(reference: Reference, truck: RentedTruck, month: string): Charge[] {
  const { daysInMonth } = Temporal.PlainYearMonth.from(month);
  const dates = Array.from({ length: daysInMonth }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`).filter(
    (date) => date >= (truck.fromDate ?? date) && date <= (truck.untilDate ?? date),
  );
  const byContract = Map.groupBy(dates, (date) => reference.contractOf(truck.carrierId, date)?.id);
  return [...byContract.values()].flatMap((days) => rentOf(reference, truck, { month, days, daysInMonth }));
}

function rentOf(
  reference: Reference,
  { truckId, carrierId, packId, nominalWh, stay }: RentedTruck,
  { month, days, daysInMonth }: { month: string; days: readonly string[]; daysInMonth: number },
): Charge[] {
  const contract = reference.contractOf(carrierId, days[0] ?? month);
  if (contract?.billing?.mode !== 'MONTHLY_RENT') return [];
  const { billing } = contract;
  const amountFen = monthlyRentFen(billing, { nominalWh, days: days.length, daysOfMonth: daysInMonth });
  if (amountFen === 0n) return [];
  const price = decimalText(BigInt(billing.feeNanoYuanPerKwhMonth), 9, 2);
  const line = {
    component: 'MODE_ADJUSTMENT',
    leg: 'NONE',
    description: `Battery rent, ${month}, truck ${truckId}`,
    ...perCase(amountFen),
    taxRateBasisPoints: (contract.tax ?? STATED_TAX_RATES).MODE_ADJUSTMENT,
    beneficiaryId: billing.issuerId,
    period: null,
    packId: null,
    derivation: () =>
      `pack ${packId}: ${kwhText(BigInt(nominalWh))} kWh x ${price} yuan/kWh and month x ${days.length} of ${daysInMonth} days = ${yuanText(amountFen)} yuan; contract ${contract.id}`,
  } as const;
  const about = { kind: 'MONTHLY_RENT', carrierId, truckId, stationId: null, orderId: null, contractId: contract.id } as const;
  const basis = { month, days: days.length, daysOfMonth: daysInMonth, packId, nominalWh };
  const terms = { platformId: reference.platformId, commission: commissionOf(contract) };
  return [chargeOf({ ...about, chargeId: rentChargeId(contract.id, truckId, month, stay), basis }, [line], terms)];
}
