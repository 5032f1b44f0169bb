/// <reference lib="esnext.temporal" />
import { type RentedTruck, rentChargesOf } from '../charge/rent-charge.ts';
import type { Reference } from '../network/reference.ts';
import { TARIFF_ZONE } from '../tariff/local-time.ts';
import type { Trial } from './draft-reference.ts';
import { isWithoutPackages } from './package-trial.ts';
import type { BesideTried } from './rerate-totals.ts';

/** Days of one local month, both included, `2026-11-01`. */
export interface DaysOfMonth {
  /** `2026-11` */
  readonly month: string;
  readonly fromDate: string;
  readonly untilDate: string;
}

/** Local days that begin in a span, by month. @param fromMs included @param untilMs not included */
export function daysBegunIn(fromMs: number, untilMs: number): DaysOfMonth[] {
  const first = firstDayFrom(fromMs);
  const last = firstDayFrom(untilMs).subtract({ days: 1 });
  const months: DaysOfMonth[] = [];
  for (let from = first; Temporal.PlainDate.compare(from, last) <= 0; ) {
    const monthEnd = from.with({ day: from.daysInMonth });
    const until = Temporal.PlainDate.compare(monthEnd, last) < 0 ? monthEnd : last;
    months.push({ month: from.toPlainYearMonth().toString(), fromDate: from.toString(), untilDate: until.toString() });
    from = monthEnd.add({ days: 1 });
  }
  return months;
}

function firstDayFrom(atMs: number): Temporal.PlainDate {
  const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(TARIFF_ZONE);
  const date = local.toPlainDate();
  return local.startOfDay().epochMilliseconds === atMs ? date : date.add({ days: 1 });
}

/**
 * Whether a carrier pays rent by the month on one of the days, with or without the drafts.
 * @returns UNKNOWN: it does, and on some of them its swaps cannot be compared, because the draft sells packages that nobody bought
 */
export function paysRentByMonth(trial: Trial, carrierId: string, { fromDate, untilDate }: DaysOfMonth): 'YES' | 'NO' | 'UNKNOWN' {
  let pays = false;
  let isUnknown = false;
  for (let day = Temporal.PlainDate.from(fromDate); day.toString() <= untilDate; day = day.add({ days: 1 })) {
    const date = day.toString();
    isUnknown ||= isWithoutPackages(trial, carrierId, date);
    pays ||= isByMonth(trial.before, carrierId, date) || isByMonth(trial.tried, carrierId, date);
  }
  if (!pays) return 'NO';
  return isUnknown ? 'UNKNOWN' : 'YES';
}

const isByMonth = (reference: Reference, carrierId: string, date: string): boolean =>
  reference.contractOf(carrierId, date)?.billing?.mode === 'MONTHLY_RENT';

/** Rents of a truck as they were due and as they would have been, for some days of a month: of all of them, what it is charged for the month. */
export function rentsTried({ before, tried }: Trial, truck: RentedTruck, { month, fromDate, untilDate }: DaysOfMonth): BesideTried {
  const within: RentedTruck = {
    ...truck,
    fromDate: truck.fromDate !== null && truck.fromDate > fromDate ? truck.fromDate : fromDate,
    untilDate: truck.untilDate !== null && truck.untilDate < untilDate ? truck.untilDate : untilDate,
  };
  const { carrierId, truckId } = truck;
  return { carrierId, truckId, stationId: null, before: rentChargesOf(before, within, month), after: rentChargesOf(tried, within, month) };
}
