import { readFileSync } from 'node:fs';
import { tariffFindings } from '@corridor/actors/tariff/tariff-validation';
import type { PeriodHours, PeriodPrice, PriceFormula, TariffHoliday } from '@corridor/protocols/agreement/tariff-price';
import { assert } from '@corridor/protocols/assert';
import type { GridRegion, TimeOfUseTariff } from '@corridor/protocols/network-file';
import { TARIFF_PERIODS, type TariffPeriodKind } from '@corridor/protocols/tariff-period';
import { parse } from 'csv-parse/sync';

const folder = new URL('../../../data/tariffs/', import.meta.url);
type Row = Record<string, string>;
const rowsOf = (name: string): Row[] => parse(readFileSync(new URL(name, folder)), { columns: true });
const isUnconfirmed = (row: Row) => row['unconfirmed'] === 'yes';
const DAY_MS = 86_400_000;

/** `1-6 12-15` -> [[1, 6], [12, 15]] */
const rangesOf = (text: string): PeriodHours['ranges'] =>
  text.split(' ').map((range) => {
    const [from, to] = range.split('-').map(Number);
    assert(from !== undefined && to !== undefined, `hours ${range}`);
    return [from, to];
  });

const hoursOf = (row: Row): PeriodHours[] =>
  TARIFF_PERIODS.filter((period) => (row[period] ?? '') !== '').map((period) => ({ period, ranges: rangesOf(row[period] ?? '') }));

/** `0.398598` -> `398598000`: exact, since the text has nine decimals at most. */
function nanoYuanText(yuan: string): string {
  const [whole = '', fraction = ''] = yuan.split('.');
  assert(/^\d+$/.test(whole) && /^\d{0,9}$/.test(fraction), `price ${yuan}`);
  return BigInt(`${whole}${fraction.padEnd(9, '0')}`).toString();
}
const basisPoints = (text: string): number => Math.round(Number(text) * 10_000);

interface PriceList {
  prices: PeriodPrice[];
  formula?: PriceFormula;
  source: string;
  unconfirmed: boolean;
}

/** Prices by period of one list of `data/tariffs/price-lists.csv`. */
export function priceListOf(name: string): PriceList {
  const row = rowsOf('price-lists.csv').find((each) => each['price_list'] === name);
  assert(row !== undefined, `no price list ${name}`);
  const prices = TARIFF_PERIODS.map((period): PeriodPrice => {
    const text = row[period] ?? '';
    return text.startsWith('x')
      ? { period, factorBasisPoints: basisPoints(text.slice(1)) }
      : { period, priceNanoYuanPerKwh: nanoYuanText(text) };
  });
  const { fixed_yuan_per_kwh: fixed = '', base_yuan_per_kwh: base = '', efficiency = '', source = '' } = row;
  const given = { prices, source, unconfirmed: isUnconfirmed(row) };
  if (fixed === '') return given;
  const formula = { fixedNanoYuanPerKwh: nanoYuanText(fixed), baseNanoYuanPerKwh: nanoYuanText(base) };
  return { ...given, formula: efficiency === '' ? formula : { ...formula, efficiencyBasisPoints: basisPoints(efficiency) } };
}

function datesBetween(from: string, to: string): string[] {
  const dates: string[] = [];
  for (let atMs = Date.parse(from); atMs <= Date.parse(to); atMs += DAY_MS) dates.push(new Date(atMs).toISOString().slice(0, 10));
  assert(dates.length > 0, `no days from ${from} to ${to}`);
  return dates;
}

/** Holidays of a version that are not over when it begins. */
function holidaysOf(version: Row): TariffHoliday[] {
  return rowsOf('holiday-hours.csv')
    .filter((row) => row['tariff_id'] === version['tariff_id'])
    .flatMap((rule) => {
      const names = (rule['holidays'] ?? '').split('|');
      return rowsOf('holidays.csv')
        .filter(({ name = '', to = '' }) => to >= (version['effective_from'] ?? '') && names.some((start) => name.startsWith(start)))
        .map(({ name = '', from = '', to = '', ...row }) => ({
          name,
          dates: datesBetween(from, to),
          isWholeDay: false,
          hours: hoursOf(rule),
          source: `${rule['source']}; dates: ${row['source']}`,
          unconfirmed: isUnconfirmed(rule) || isUnconfirmed(row),
        }));
    });
}

function tariffOf(version: Row): TimeOfUseTariff {
  const { tariff_id: id = '', grid_region: region = '', effective_from: effectiveFrom = '', price_list: list = '', source = '' } = version;
  const { prices, formula, source: pricesFrom } = priceListOf(list);
  const seasons = rowsOf('hours.csv')
    .filter((row) => row['tariff_id'] === id)
    .map((row) => ({
      months: (row['months'] ?? '').split(' ').map(Number),
      hours: hoursOf(row),
      ...(row['source'] === '' ? {} : { source: row['source'] ?? '' }),
      ...(isUnconfirmed(row) ? { unconfirmed: true } : {}),
    }));
  const holidays = holidaysOf(version);
  const used = new Set<TariffPeriodKind>([...seasons, ...holidays].flatMap(({ hours }) => hours.map(({ period }) => period)));
  const tariff: TimeOfUseTariff = {
    id,
    gridRegion: region as GridRegion,
    effectiveFrom,
    seasons,
    ...(holidays.length === 0 ? {} : { holidays }),
    prices: prices.filter(({ period }) => used.has(period)),
    ...(formula === undefined ? {} : { formula }),
    source: `${source}; prices: ${pricesFrom}`,
    // Hours, ratios and prices were read second hand; the rows say more.
    unconfirmed: true,
  };
  const [first] = tariffFindings(tariff);
  assert(first === undefined, `tariff ${id}: ${first?.text}`);
  return tariff;
}

/** Tariff versions of `data/tariffs`, checked. @throws InvariantError on a gap, an overlap or what is no figure: mend the file */
export const timeOfUseTariffs = (): TimeOfUseTariff[] => rowsOf('versions.csv').map(tariffOf);
