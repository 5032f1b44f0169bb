import type { PeriodHours } from '@corridor/protocols/agreement/tariff-price';
import { assert, violated } from '@corridor/protocols/assert';
import type { TimeOfUseTariff } from '@corridor/protocols/network-file';
import type { TariffPeriodKind } from '@corridor/protocols/tariff-period';
import { periodPrice } from './floating-price.ts';
import { HOUR_MS, type LocalHour, localHourOf } from './local-time.ts';
import { tariffFindings } from './tariff-validation.ts';

/** Price of the energy in a pack at an instant, and where it comes from. */
export interface PricedPeriod {
  period: TariffPeriodKind;
  priceNanoYuanPerKwh: bigint;
  tariffId: string;
}

/** The version in force at a station on a local date; undefined: none. See `Reference.tariffOf`. */
export type TariffLookup = (stationId: string, onDate: string) => TimeOfUseTariff | undefined;

const HOURS = 24;
const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
type Day = readonly PricedPeriod[];
interface HourTable {
  /** January first. */
  months: readonly Day[];
  /** By local date; undefined where an hour is that of its month. */
  holidays: ReadonlyMap<string, readonly (PricedPeriod | undefined)[]>;
}
/** A tariff is immutable once registered, so the table is made once. */
const compiled = new WeakMap<TimeOfUseTariff, HourTable>();

/** @throws InvariantError when the tariff has a gap or an overlap: it is checked when it is registered */
export function pricedPeriodOf(tariff: TimeOfUseTariff, { date, month, hour }: LocalHour): PricedPeriod {
  const { months, holidays } = tableOf(tariff);
  const found = holidays.get(date)?.[hour] ?? months[month - 1]?.[hour];
  if (found === undefined) violated(`no hour ${hour} in month ${month}`);
  return found;
}

function tableOf(tariff: TimeOfUseTariff): HourTable {
  const known = compiled.get(tariff);
  if (known !== undefined) return known;
  const table = compile(tariff);
  compiled.set(tariff, table);
  return table;
}

function compile(tariff: TimeOfUseTariff): HourTable {
  const findings = tariffFindings(tariff);
  assert(findings.length === 0, `tariff ${tariff.id}: ${findings[0]?.text}`);
  const priced = new Map<TariffPeriodKind, PricedPeriod>();
  for (const price of tariff.prices) {
    const priceNanoYuanPerKwh = periodPrice(price, tariff.formula);
    if (priceNanoYuanPerKwh !== null) priced.set(price.period, { period: price.period, priceNanoYuanPerKwh, tariffId: tariff.id });
  }
  const dayOf = (rows: readonly PeriodHours[]): (PricedPeriod | undefined)[] => {
    const day = Array.from<PricedPeriod | undefined>({ length: HOURS });
    for (const { period, ranges } of rows) for (const [from, to] of ranges) day.fill(priced.get(period), from, to);
    return day;
  };
  const months = MONTHS.map((month) =>
    dayOf(tariff.seasons.filter((season) => season.months.includes(month)).flatMap(({ hours }) => hours)).filter(
      (each) => each !== undefined,
    ),
  );
  const holidays = new Map((tariff.holidays ?? []).flatMap(({ dates, hours }) => dates.map((date) => [date, dayOf(hours)] as const)));
  return { months, holidays };
}

/** Period and price at an instant; null when no version is in force: the swap is refused, never priced at 0. */
export function pricedPeriodAt(tariffOf: TariffLookup, stationId: string, atMs: number): PricedPeriod | null {
  const local = localHourOf(atMs);
  const tariff = tariffOf(stationId, local.date);
  return tariff === undefined ? null : pricedPeriodOf(tariff, local);
}

/**
 * Instants strictly inside (fromMs, toMs) at which the period or its price changes, also by a new version, a holiday or a
 * new month at midnight: where charged energy is cut into lots.
 * @param toMs at most a year after fromMs
 */
export function tariffCutsMs(tariffOf: TariffLookup, stationId: string, fromMs: number, toMs: number): number[] {
  if (!(toMs - fromMs <= 366 * HOURS * HOUR_MS)) violated(`interval of ${toMs - fromMs} ms`);
  const cuts: number[] = [];
  let before = pricedPeriodAt(tariffOf, stationId, fromMs);
  for (let atMs = (Math.floor(fromMs / HOUR_MS) + 1) * HOUR_MS; atMs < toMs; atMs += HOUR_MS) {
    const after = pricedPeriodAt(tariffOf, stationId, atMs);
    if (!samePrice(before, after)) cuts.push(atMs);
    before = after;
  }
  return cuts;
}

const samePrice = (a: PricedPeriod | null, b: PricedPeriod | null) =>
  a?.period === b?.period && a?.priceNanoYuanPerKwh === b?.priceNanoYuanPerKwh;

/**
 * Minutes of the local day at which a period begins in any month or on any holiday, and midnight, where month and version
 * change: what a gateway is told, so that it reports its registers there. A cut too many costs one event, a missing one
 * costs the split by time.
 * @returns ascending, 0..1439
 */
export function boundaryMinutesOf(tariff: TimeOfUseTariff): number[] {
  const { months, holidays } = tableOf(tariff);
  const minutes = new Set([...months, ...holidays.values()].flatMap(boundariesOf));
  return [...minutes].sort((one, other) => one - other);
}

function boundariesOf(day: readonly (PricedPeriod | undefined)[]): number[] {
  const minutes = [0];
  for (let hour = 1; hour < HOURS; hour += 1) if (day[hour]?.period !== day[hour - 1]?.period) minutes.push(hour * 60);
  return minutes;
}
