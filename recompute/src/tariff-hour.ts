import type { PeriodHours, Tariff } from './bundle.ts';
import { dividedBy, fractionOf, plus, rounded, times } from './fraction.ts';

const CHINA_MS = 8 * 3_600_000;
const BASIS_POINTS = fractionOf(10_000);

/** Period and price of a tariff at an instant; hours are those of China, which has one zone and no summer time. */
export function pricedHour(tariff: Tariff, at: string): { period: string; priceNanoYuan: bigint } | null {
  const { date, month, hour } = chinaTime(at);
  const ofDay = (tariff.holidays ?? []).filter(({ dates }) => dates.includes(date)).flatMap(({ hours }) => hours);
  const ofMonth = tariff.seasons.filter(({ months }) => months.includes(month)).flatMap(({ hours }) => hours);
  const period = periodAt(ofDay, hour) ?? periodAt(ofMonth, hour);
  const priceNanoYuan = period === null ? null : priceOf(tariff, period);
  return period === null || priceNanoYuan === null ? null : { period, priceNanoYuan };
}

export function chinaTime(at: string): { date: string; month: number; hour: number } {
  const local = new Date(Date.parse(at) + CHINA_MS);
  return { date: local.toISOString().slice(0, 10), month: local.getUTCMonth() + 1, hour: local.getUTCHours() };
}

const periodAt = (rows: readonly PeriodHours[], hour: number): string | null =>
  rows.find(({ ranges }) => ranges.some(([from, to]) => hour >= from && hour < to))?.period ?? null;

/** `(fixed + base x factor) / efficiency`, rounded once; or the figure itself. */
function priceOf({ prices, formula }: Tariff, period: string): bigint | null {
  const price = prices.find((one) => one.period === period);
  if (price?.priceNanoYuanPerKwh !== undefined) return BigInt(price.priceNanoYuanPerKwh);
  if (price?.factorBasisPoints === undefined || formula === undefined) return null;
  const floating = times(fractionOf(formula.baseNanoYuanPerKwh), dividedBy(fractionOf(price.factorBasisPoints), BASIS_POINTS));
  const efficiency = dividedBy(fractionOf(formula.efficiencyBasisPoints ?? 10_000), BASIS_POINTS);
  return rounded(dividedBy(plus(fractionOf(formula.fixedNanoYuanPerKwh), floating), efficiency));
}
