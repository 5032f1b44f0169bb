import { assert } from '@corridor/protocols/assert';
import type { TimeOfUseTariff } from '@corridor/protocols/network-file';
import type { TariffPeriodKind } from '@corridor/protocols/tariff-period';
import { HOUR_MS, type LocalHour, localHourOf } from './local-time.ts';
import { tariffFindings } from './tariff-validation.ts';

/** Price of the energy in a pack at an instant, and where it comes from. */
export interface PricedPeriod {
  period: TariffPeriodKind;
  priceNanoYuanPerKwh: bigint;
  tariffId: string;
}

/** The version in force in a grid region on a local date; undefined: none. See `Reference.tariffOf`. */
export type TariffLookup = (gridRegion: string, onDate: string) => TimeOfUseTariff | undefined;

const HOURS = 24;
/** By tariff: 12 months x 24 hours. A tariff is immutable once registered, so the table is made once. */
const compiled = new WeakMap<TimeOfUseTariff, readonly PricedPeriod[]>();

/** @throws InvariantError when the tariff has a gap or an overlap: it is checked when it is registered */
export function pricedPeriodOf(tariff: TimeOfUseTariff, local: Pick<LocalHour, 'month' | 'hour'>): PricedPeriod {
  let table = compiled.get(tariff);
  if (table === undefined) {
    table = compile(tariff);
    compiled.set(tariff, table);
  }
  const found = table[(local.month - 1) * HOURS + local.hour];
  assert(found !== undefined, `no hour ${local.hour} in month ${local.month}`);
  return found;
}

function compile(tariff: TimeOfUseTariff): PricedPeriod[] {
  const findings = tariffFindings(tariff);
  assert(findings.length === 0, `tariff ${tariff.id}: ${findings[0]?.text}`);
  const prices = new Map(tariff.prices.map(({ period, priceNanoYuanPerKwh }) => [period, BigInt(priceNanoYuanPerKwh)]));
  const table: PricedPeriod[] = [];
  for (const { months, hours } of tariff.seasons) {
    for (const { period, ranges } of hours) {
      const priced = { period, priceNanoYuanPerKwh: prices.get(period) ?? 0n, tariffId: tariff.id };
      for (const month of months) {
        for (const [from, to] of ranges) for (let hour = from; hour < to; hour += 1) table[(month - 1) * HOURS + hour] = priced;
      }
    }
  }
  return table;
}

/** Period and price at an instant; null when no version is in force: the swap is refused, never priced at 0. */
export function pricedPeriodAt(tariffOf: TariffLookup, gridRegion: string, atMs: number): PricedPeriod | null {
  const local = localHourOf(atMs);
  const tariff = tariffOf(gridRegion, local.date);
  return tariff === undefined ? null : pricedPeriodOf(tariff, local);
}

/**
 * Instants strictly inside (fromMs, toMs) at which the period or its price changes, also by a new version at midnight or a
 * new month: where charged energy is cut into lots.
 * @param toMs at most a year after fromMs
 */
export function tariffCutsMs(tariffOf: TariffLookup, gridRegion: string, fromMs: number, toMs: number): number[] {
  assert(toMs - fromMs <= 366 * HOURS * HOUR_MS, `interval of ${toMs - fromMs} ms`);
  const cuts: number[] = [];
  let before = pricedPeriodAt(tariffOf, gridRegion, fromMs);
  for (let atMs = (Math.floor(fromMs / HOUR_MS) + 1) * HOUR_MS; atMs < toMs; atMs += HOUR_MS) {
    const after = pricedPeriodAt(tariffOf, gridRegion, atMs);
    if (!samePrice(before, after)) cuts.push(atMs);
    before = after;
  }
  return cuts;
}

const samePrice = (a: PricedPeriod | null, b: PricedPeriod | null) =>
  a?.period === b?.period && a?.priceNanoYuanPerKwh === b?.priceNanoYuanPerKwh;

/**
 * Minutes of the local day at which a period begins in a month, and midnight, where month and version change: what a
 * gateway is told, so that it reports its registers there.
 * @param month 1..12   @returns ascending, 0..1439
 */
export function boundaryMinutesOf(tariff: TimeOfUseTariff, month: number): number[] {
  const minutes = [0];
  for (let hour = 1; hour < HOURS; hour += 1) {
    if (pricedPeriodOf(tariff, { month, hour }).period !== pricedPeriodOf(tariff, { month, hour: hour - 1 }).period)
      minutes.push(hour * 60);
  }
  return minutes;
}
