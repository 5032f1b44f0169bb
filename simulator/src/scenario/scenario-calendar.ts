import { HOUR_MS } from '@corridor/actors/tariff/local-time';
import { type PricedPeriod, pricedPeriodOf } from '@corridor/actors/tariff/time-of-use';
import { versionInForce } from '@corridor/actors/tariff/version-in-force';
import { assert } from '@corridor/protocols/assert';
import type { GridRegion, TimeOfUseTariff } from '@corridor/protocols/network-file';
import type { Scenario } from './scenario.schema.ts';

const DAY_MS = 86_400_000;
/** Tariffs go by the clock of China, which has no summer time. */
const ZONE_OFFSET_MS = 8 * HOUR_MS;

/** The first instant of a scenario: local midnight. @returns ms since the epoch */
export function startMsOf({ startsOn }: Pick<Scenario, 'startsOn'>): number {
  assert(startsOn !== undefined, 'a scenario without a date');
  return Date.parse(`${startsOn}T00:00:00Z`) - ZONE_OFFSET_MS;
}

/** Local dates of the horizon, ascending. */
export function scenarioDates(scenario: Pick<Scenario, 'startsOn' | 'days'>): string[] {
  const firstMs = startMsOf(scenario) + ZONE_OFFSET_MS;
  return Array.from({ length: Math.ceil(scenario.days) }, (_, day) => new Date(firstMs + day * DAY_MS).toISOString().slice(0, 10));
}

/** The tariff of a region in force on a local date; tariffs of a single station are not meant. */
export const regionTariff = (tariffs: readonly TimeOfUseTariff[], region: GridRegion, date: string): TimeOfUseTariff | undefined =>
  versionInForce(
    tariffs.filter(({ gridRegion, stationId }) => gridRegion === region && stationId === undefined),
    date,
  );

/** Period and price by the hour from the first midnight on. */
export function hourlyPrices(scenario: Pick<Scenario, 'startsOn' | 'days' | 'tariffs'>, region: GridRegion): PricedPeriod[] {
  const { tariffs = [] } = scenario;
  return scenarioDates(scenario).flatMap((date) => {
    const tariff = regionTariff(tariffs, region, date);
    assert(tariff !== undefined, `no tariff of ${region} on ${date}`);
    const month = Number(date.slice(5, 7));
    return Array.from({ length: 24 }, (_, hour) => pricedPeriodOf(tariff, { date, month, hour }));
  });
}
