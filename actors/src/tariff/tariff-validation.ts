import type { PeriodHours, TariffHoliday } from '@corridor/protocols/agreement/tariff-price';
import type { TimeOfUseTariff } from '@corridor/protocols/network-file';
import type { TariffPeriodKind } from '@corridor/protocols/tariff-period';

/** Where an hour is wrong: in every such month, or on the dates of a holiday. */
type Place = { month: number; hour: number } | { holiday: string; hour: number };

/** Why a tariff cannot be registered. */
export type TariffFinding =
  | ({ kind: 'GAP'; text: string } & Place)
  | ({ kind: 'OVERLAP'; periods: readonly TariffPeriodKind[]; text: string } & Place)
  | { kind: 'EMPTY_RANGE'; period: TariffPeriodKind; text: string }
  | { kind: 'PRICE_MISSING' | 'PRICE_TWICE' | 'FORMULA_MISSING'; period: TariffPeriodKind; text: string }
  | { kind: 'HOLIDAY_TWICE'; date: string; text: string }
  | { kind: 'DATE_INVALID'; text: string };

const HOURS = 24;
const MONTHS = 12;

/**
 * Every hour of every month and of every holiday belongs to exactly one period, every date to one holiday at most, and every
 * period used has exactly one price. Empty: valid.
 */
export function tariffFindings(tariff: TimeOfUseTariff): TariffFinding[] {
  return [
    ...dateFindings(tariff),
    ...rangeFindings(tariff),
    ...monthFindings(tariff),
    ...(tariff.holidays ?? []).flatMap(holidayFindings),
    ...priceFindings(tariff),
  ];
}

const isDate = (text: string): boolean => {
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().slice(0, 10) === text;
};

function dateFindings({ effectiveFrom, holidays = [] }: TimeOfUseTariff): TariffFinding[] {
  const found: TariffFinding[] = [];
  if (!isDate(effectiveFrom)) found.push({ kind: 'DATE_INVALID', text: `effective date ${effectiveFrom} is no date` });
  const seen = new Set<string>();
  for (const { name, dates } of holidays) {
    for (const date of dates) {
      if (!isDate(date)) found.push({ kind: 'DATE_INVALID', text: `${date} of ${name} is no date` });
      if (seen.has(date)) found.push({ kind: 'HOLIDAY_TWICE', date, text: `${date} is a holiday twice, also of ${name}` });
      seen.add(date);
    }
  }
  return found;
}

/** Hours that a tariff states, wherever: of its months and of its holidays. */
const allHours = ({ seasons, holidays = [] }: TimeOfUseTariff): PeriodHours[] => [...seasons, ...holidays].flatMap(({ hours }) => hours);

function rangeFindings(tariff: TimeOfUseTariff): TariffFinding[] {
  const found: TariffFinding[] = [];
  for (const { period, ranges } of allHours(tariff)) {
    for (const [from, to] of ranges) {
      if (to <= from) found.push({ kind: 'EMPTY_RANGE', period, text: `${period} has hours from ${from} to ${to}` });
    }
  }
  return found;
}

function monthFindings(tariff: TimeOfUseTariff): TariffFinding[] {
  const found: TariffFinding[] = [];
  for (let month = 1; month <= MONTHS; month += 1) {
    const rows = tariff.seasons.flatMap(({ months, hours }) => months.filter((each) => each === month).flatMap(() => hours));
    for (let hour = 0; hour < HOURS; hour += 1) {
      const periods = periodsAt(rows, hour);
      const text = `month ${month}, hour ${hour}`;
      if (periods.length === 0) found.push({ kind: 'GAP', month, hour, text: `${text}: no period` });
      if (periods.length > 1) found.push({ kind: 'OVERLAP', month, hour, periods, text: `${text}: ${periods.join(' and ')}` });
    }
  }
  return found;
}

function holidayFindings({ name, isWholeDay, hours }: TariffHoliday): TariffFinding[] {
  const found: TariffFinding[] = [];
  for (let hour = 0; hour < HOURS; hour += 1) {
    const periods = periodsAt(hours, hour);
    const text = `holiday ${name}, hour ${hour}`;
    if (periods.length === 0 && isWholeDay) found.push({ kind: 'GAP', holiday: name, hour, text: `${text}: no period` });
    if (periods.length > 1) found.push({ kind: 'OVERLAP', holiday: name, hour, periods, text: `${text}: ${periods.join(' and ')}` });
  }
  return found;
}

const periodsAt = (rows: readonly PeriodHours[], hour: number): TariffPeriodKind[] =>
  rows.flatMap(({ period, ranges }) => ranges.filter(([from, to]) => from <= hour && hour < to).map(() => period));

function priceFindings(tariff: TimeOfUseTariff): TariffFinding[] {
  const found: TariffFinding[] = [];
  for (const period of new Set(allHours(tariff).map((each) => each.period))) {
    const prices = tariff.prices.filter((price) => price.period === period);
    const [first] = prices;
    if (first === undefined) found.push({ kind: 'PRICE_MISSING', period, text: `${period} has no price` });
    else if (prices.length > 1) found.push({ kind: 'PRICE_TWICE', period, text: `${period} has ${prices.length} prices` });
    else if ('factorBasisPoints' in first && tariff.formula === undefined) {
      found.push({ kind: 'FORMULA_MISSING', period, text: `${period} has a factor, and the tariff no formula` });
    }
  }
  return found;
}
