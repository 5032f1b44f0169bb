import { readFileSync } from 'node:fs';
import { violated } from '@corridor/protocols/assert';
import type { GridRegion } from '@corridor/protocols/network-file';
import type { TariffPeriodKind } from '@corridor/protocols/tariff-period';
import { type ClearSky, parseClearSky, pvPowerW } from '../plant/sunshine.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { hourlyPrices, startMsOf } from '../scenario/scenario-calendar.ts';

const HOUR_MS = 3_600_000;
export const QUARTER_MS = 900_000;
const QUARTERS_PER_DAY = 96;
const CLEAR_SKY_FILE = new URL('../../../data/pv_shapes/clearsky_15min.csv', import.meta.url);

export interface HourPrice {
  period: TariffPeriodKind;
  nanoYuanPerKwh: number;
  /** Of the 24 hours of its day. */
  dayMeanNanoYuanPerKwh: number;
}

/** Prices and sun of a scenario's stations by the calendar; the same for all runs. */
export class EnergyCalendar {
  /** By station; null: energy has no price there. */
  readonly #prices: readonly (readonly HourPrice[] | null)[];
  readonly #sunW: readonly (Float64Array | null)[];

  constructor(scenario: Scenario) {
    const pricesOf = new Map<GridRegion, readonly HourPrice[]>();
    this.#prices = scenario.stations.map(({ gridRegion }) => {
      if (scenario.tariffs === undefined || gridRegion === undefined) return null;
      const prices = pricesOf.get(gridRegion) ?? withDayMeans(hourlyPrices(scenario, gridRegion));
      pricesOf.set(gridRegion, prices);
      return prices;
    });
    this.#sunW = sunOf(scenario);
  }

  /** @param atMs from the first midnight   @returns null where energy has no price */
  priceAt(stationIndex: number, atMs: number): HourPrice | null {
    const prices = this.#prices[stationIndex];
    if (prices === undefined) violated(`prices of station ${stationIndex}, of ${this.#prices.length}`);
    if (prices === null) return null;
    // The last instant of the horizon belongs to its last hour.
    return prices[Math.min(prices.length - 1, Math.floor(atMs / HOUR_MS))] ?? violated(`no price ${atMs} ms after the first midnight`);
  }

  /** PV in the quarter of an hour. @returns W, AC */
  pvW(stationIndex: number, atMs: number): number {
    const sunW = this.#sunW[stationIndex];
    if (sunW === undefined) violated(`sun of station ${stationIndex}, of ${this.#sunW.length}`);
    if (sunW === null) return 0;
    return sunW[Math.min(sunW.length - 1, Math.floor(atMs / QUARTER_MS))] ?? violated(`no sun ${atMs} ms after the first midnight`);
  }
}

function withDayMeans(hours: ReturnType<typeof hourlyPrices>): HourPrice[] {
  const prices = hours.map(({ priceNanoYuanPerKwh }) => Number(priceNanoYuanPerKwh));
  const means = Array.from({ length: prices.length / 24 }, (_, day) =>
    prices.slice(day * 24, day * 24 + 24).reduce((sum, price) => sum + price / 24, 0),
  );
  return hours.map(({ period }, hour) => ({
    period,
    nanoYuanPerKwh: prices[hour] ?? violated(`no price of hour ${hour}`),
    dayMeanNanoYuanPerKwh: means[Math.floor(hour / 24)] ?? violated(`no mean price of the day of hour ${hour}`),
  }));
}

/** PV by the quarter of an hour, at its middle; null where there is none. */
function sunOf(scenario: Scenario): (Float64Array | null)[] {
  const { stations, sites, days } = scenario;
  let sky: ClearSky | null = null;
  return stations.map(({ pv, siteId }) => {
    const site = sites.find(({ id }) => id === siteId);
    if (pv === undefined || site?.lat === undefined || site.lon === undefined) return null;
    const { lat, lon } = site;
    const clearSky = (sky ??= parseClearSky(readFileSync(CLEAR_SKY_FILE, 'utf8')));
    const fromMs = startMsOf(scenario);
    return Float64Array.from({ length: Math.ceil(days) * QUARTERS_PER_DAY }, (_, quarter) =>
      pvPowerW(clearSky, { atMs: fromMs + (quarter + 0.5) * QUARTER_MS, lat, lon, peakW: pv.peakW, cloudRatio: pv.clearSkyRatio }),
    );
  });
}

const known = new WeakMap<Scenario, EnergyCalendar>();

/** Made once a scenario. */
export function energyCalendarOf(scenario: Scenario): EnergyCalendar {
  const calendar = known.get(scenario) ?? new EnergyCalendar(scenario);
  known.set(scenario, calendar);
  return calendar;
}
