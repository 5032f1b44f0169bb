import { violated } from '@corridor/protocols/assert';
import { TARIFF_PERIODS, type TariffPeriodKind } from '@corridor/protocols/tariff-period';
import type { Kpis } from '../measures/kpis.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { GRID_WH_PER_CONTENT_WH } from '../scenario/station-physics.ts';
import { energyCalendarOf, QUARTER_MS } from './energy-calendar.ts';
import type { EnergyMeter } from './energy-meter.ts';

const DAY_MS = 86_400_000;
const QUARTERS_PER_HOUR = 4;

/** What a station, or all of them, took after the warm-up. Energy at the meter [Wh] unless it is said otherwise. */
export interface EnergySums {
  /** Of whole quarters of an hour, which is what a meter tells. */
  meteredMs: number;
  gridWh: number;
  pvWh: number;
  periodsWh: Record<TariffPeriodKind, number>;
  /** Price of what came from the grid into packs; null: energy has no price. */
  costFen: number | null;
  /** Highest mean of a quarter of an hour. */
  peakW: number;
  gridKgCo2: number | null;
  /** From the sun, or certified. */
  greenWh: number;
}

/** What the meters of one station show, by the calendar: the sun serves the chargers first. */
export function energySums(scenario: Scenario, stationIndex: number, { quartersWh, pvQuartersWh }: EnergyMeter): EnergySums {
  const calendar = energyCalendarOf(scenario);
  const station = scenario.stations[stationIndex] ?? violated(`no station ${stationIndex}`);
  const region = station.gridRegion;
  const { carbon } = scenario;
  const kgCo2PerKwh = carbon && region ? carbon.gridKgCo2PerKwh[region] : null;
  const periodsWh = Object.fromEntries(TARIFF_PERIODS.map((period) => [period, 0])) as Record<TariffPeriodKind, number>;
  const sums: EnergySums = { meteredMs: 0, gridWh: 0, pvWh: 0, periodsWh, costFen: null, peakW: 0, gridKgCo2: kgCo2PerKwh, greenWh: 0 };
  let costFen = 0;
  const first = Math.ceil((scenario.warmUpDays * DAY_MS) / QUARTER_MS);
  const end = Math.floor((scenario.days * DAY_MS) / QUARTER_MS);
  sums.meteredMs = Math.max(0, end - first) * QUARTER_MS;
  for (let quarter = first; quarter < end; quarter += 1) {
    const atMs = quarter * QUARTER_MS;
    const acWh = ofQuarter(quartersWh, quarter) * GRID_WH_PER_CONTENT_WH;
    const pvWh = pvQuartersWh
      ? ofQuarter(pvQuartersWh, quarter) * GRID_WH_PER_CONTENT_WH
      : Math.min(acWh, calendar.pvW(stationIndex, atMs) / QUARTERS_PER_HOUR);
    const gridWh = acWh - pvWh;
    sums.gridWh += gridWh;
    sums.pvWh += pvWh;
    sums.peakW = Math.max(sums.peakW, gridWh * QUARTERS_PER_HOUR);
    const price = calendar.priceAt(stationIndex, atMs);
    if (price === null) continue;
    sums.periodsWh[price.period] += gridWh;
    // Tariffs price the energy in the pack; a fen is 10^7 nano-yuan.
    costFen += ((gridWh / GRID_WH_PER_CONTENT_WH / 1000) * price.nanoYuanPerKwh) / 1e7;
    sums.costFen = costFen;
  }
  sums.gridKgCo2 = kgCo2PerKwh === null ? null : (sums.gridWh / 1000) * kgCo2PerKwh;
  sums.greenWh = sums.pvWh + sums.gridWh * (carbon?.certifiedGreenRatio ?? 0);
  return sums;
}

const ofQuarter = (metered: Float64Array, quarter: number): number =>
  metered[quarter] ?? violated(`quarter ${quarter} of ${metered.length}`);

const plus = (one: number | null, other: number | null): number | null => (one === null || other === null ? null : one + other);

const nothingTaken = (): EnergySums => ({
  meteredMs: 0,
  gridWh: 0,
  pvWh: 0,
  periodsWh: Object.fromEntries(TARIFF_PERIODS.map((period) => [period, 0])) as EnergySums['periodsWh'],
  costFen: 0,
  peakW: 0,
  gridKgCo2: 0,
  greenWh: 0,
});

/** Of several stations; the peak is the sum of theirs, as each has its own connection. */
export const allSums = (stations: readonly EnergySums[]): EnergySums =>
  stations.reduce<EnergySums>(
    (sum, each) => ({
      meteredMs: each.meteredMs,
      gridWh: sum.gridWh + each.gridWh,
      pvWh: sum.pvWh + each.pvWh,
      periodsWh: Object.fromEntries(
        TARIFF_PERIODS.map((period) => [period, sum.periodsWh[period] + each.periodsWh[period]]),
      ) as EnergySums['periodsWh'],
      costFen: plus(sum.costFen, each.costFen),
      peakW: sum.peakW + each.peakW,
      gridKgCo2: plus(sum.gridKgCo2, each.gridKgCo2),
      greenWh: sum.greenWh + each.greenWh,
    }),
    nothingTaken(),
  );

const PERIOD_KPIS: Readonly<Record<TariffPeriodKind, string>> = {
  SHARP: 'gridWhSharpPerDay',
  PEAK: 'gridWhPeakPerDay',
  FLAT: 'gridWhFlatPerDay',
  VALLEY: 'gridWhValleyPerDay',
  DEEP_VALLEY: 'gridWhDeepValleyPerDay',
};

/** Energy by source and period, its price and its greatest power; what has no price has no figure. */
export function energyKpis({ meteredMs, gridWh, pvWh, periodsWh, costFen, peakW }: EnergySums): Kpis {
  const perDay = (sum: number): number | null => (meteredMs === 0 ? null : sum / (meteredMs / DAY_MS));
  const contentKwh = (gridWh + pvWh) / GRID_WH_PER_CONTENT_WH / 1000;
  return {
    gridWhPerDay: perDay(gridWh),
    pvWhPerDay: perDay(pvWh),
    pvRatio: gridWh + pvWh === 0 ? null : pvWh / (gridWh + pvWh),
    gridPowerWPeak: meteredMs === 0 ? null : peakW,
    ...Object.fromEntries(TARIFF_PERIODS.map((period) => [PERIOD_KPIS[period], costFen === null ? null : perDay(periodsWh[period])])),
    energyCostFenPerDay: costFen === null ? null : perDay(costFen),
    energyCostFenPerKwh: costFen === null || contentKwh === 0 ? null : costFen / contentKwh,
  };
}

/**
 * CO2 in three views, none of which is told alone: only what leaves exhausts counts; what the grid gives off counts too, by its place;
 * only what was driven with green energy counts.
 */
export function carbonKpis(
  { carbon }: Scenario,
  { meteredMs, gridWh, pvWh, gridKgCo2, greenWh }: EnergySums,
  { distanceM, countedMs }: { distanceM: number; countedMs: number },
): Kpis {
  if (carbon === undefined) return {};
  const days = countedMs / DAY_MS;
  const dieselKg = ((distanceM / 1000 / 100) * carbon.dieselLPer100Km * carbon.dieselKgCo2PerL) / days;
  const gridKg = gridKgCo2 === null || meteredMs === 0 ? null : gridKgCo2 / (meteredMs / DAY_MS);
  const acWh = gridWh + pvWh;
  return {
    dieselKgCo2PerDay: dieselKg,
    gridKgCo2PerDay: gridKg,
    savedTailpipeKgCo2PerDay: dieselKg,
    savedNetKgCo2PerDay: gridKg === null ? null : dieselKg - gridKg,
    savedGreenKmKgCo2PerDay: acWh === 0 ? null : (dieselKg * greenWh) / acWh,
  };
}
