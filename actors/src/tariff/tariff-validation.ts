import type { TimeOfUseTariff } from '@corridor/protocols/network-file';
import type { TariffPeriodKind } from '@corridor/protocols/tariff-period';

/** Why a tariff cannot be registered. */
export type TariffFinding =
  | { kind: 'GAP'; month: number; hour: number; text: string }
  | { kind: 'OVERLAP'; month: number; hour: number; periods: readonly TariffPeriodKind[]; text: string }
  | { kind: 'EMPTY_RANGE'; period: TariffPeriodKind; text: string }
  | { kind: 'PRICE_MISSING' | 'PRICE_TWICE'; period: TariffPeriodKind; text: string }
  | { kind: 'DATE_INVALID'; text: string };

const HOURS = 24;
const MONTHS = 12;

/** Every hour of every month belongs to exactly one period, and every period used has exactly one price. Empty: valid. */
export function tariffFindings(tariff: TimeOfUseTariff): TariffFinding[] {
  return [...dateFindings(tariff), ...rangeFindings(tariff), ...coverFindings(tariff), ...priceFindings(tariff)];
}

function dateFindings({ effectiveFrom }: TimeOfUseTariff): TariffFinding[] {
  const parsed = new Date(`${effectiveFrom}T00:00:00Z`);
  const valid = !Number.isNaN(parsed.getTime()) && parsed.toISOString().slice(0, 10) === effectiveFrom;
  return valid ? [] : [{ kind: 'DATE_INVALID', text: `effective date ${effectiveFrom} is no date` }];
}

function rangeFindings(tariff: TimeOfUseTariff): TariffFinding[] {
  const found: TariffFinding[] = [];
  for (const { hours } of tariff.seasons) {
    for (const { period, ranges } of hours) {
      for (const [from, to] of ranges) {
        if (to <= from) found.push({ kind: 'EMPTY_RANGE', period, text: `${period} has hours from ${from} to ${to}` });
      }
    }
  }
  return found;
}

function coverFindings(tariff: TimeOfUseTariff): TariffFinding[] {
  const found: TariffFinding[] = [];
  for (let month = 1; month <= MONTHS; month += 1) {
    for (let hour = 0; hour < HOURS; hour += 1) {
      const periods = periodsAt(tariff, month, hour);
      if (periods.length === 0) found.push({ kind: 'GAP', month, hour, text: `month ${month}, hour ${hour}: no period` });
      if (periods.length > 1) {
        found.push({ kind: 'OVERLAP', month, hour, periods, text: `month ${month}, hour ${hour}: ${periods.join(' and ')}` });
      }
    }
  }
  return found;
}

function periodsAt(tariff: TimeOfUseTariff, month: number, hour: number): TariffPeriodKind[] {
  const periods: TariffPeriodKind[] = [];
  for (const { months, hours } of tariff.seasons) {
    for (const repeated of months) {
      if (repeated !== month) continue;
      for (const { period, ranges } of hours) {
        for (const [from, to] of ranges) if (from <= hour && hour < to) periods.push(period);
      }
    }
  }
  return periods;
}

function priceFindings(tariff: TimeOfUseTariff): TariffFinding[] {
  const found: TariffFinding[] = [];
  const used = new Set(tariff.seasons.flatMap(({ hours }) => hours.map(({ period }) => period)));
  for (const period of used) {
    const prices = tariff.prices.filter((price) => price.period === period).length;
    if (prices === 0) found.push({ kind: 'PRICE_MISSING', period, text: `${period} has no price` });
    if (prices > 1) found.push({ kind: 'PRICE_TWICE', period, text: `${period} has ${prices} prices` });
  }
  return found;
}
