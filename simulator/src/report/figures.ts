import type { Interval } from '../planner/interval.ts';
import { shown, signed } from './shown-number.ts';
import { type Words, words } from './words.ts';

/** A figure as people read it. */
export interface Figure {
  kpi: string;
  label: Words;
  unit: string;
  /** So many of the figure's own unit make one. */
  scale: number;
  /** Whether less of it is better; null: neither. */
  lessIsBetter: boolean | null;
}

const figure = (kpi: string, label: Words, unit: string, scale: number, lessIsBetter: boolean | null = null): Figure => ({
  kpi,
  label,
  unit,
  scale,
  lessIsBetter,
});

export const FIGURES: readonly Figure[] = [
  figure('waitMsMean', words('mean wait', '平均等待'), 'min', 60_000, true),
  figure('waitMsP95', words('95 % wait less than', '95 % 等待不超过'), 'min', 60_000, true),
  figure('waitMsMean.out', words('mean wait, going out', '平均等待（去程）'), 'min', 60_000, true),
  figure('waitMsMean.back', words('mean wait, coming back', '平均等待（回程）'), 'min', 60_000, true),
  figure('waitMsP95.out', words('95 % wait less than, going out', '95 % 等待不超过（去程）'), 'min', 60_000, true),
  figure('waitMsP95.back', words('95 % wait less than, coming back', '95 % 等待不超过（回程）'), 'min', 60_000, true),
  figure('waitingAtEnd', words('wait still at the end', '结束时仍在等待'), '', 1, true),
  figure('waitedOver15MinRatio', words('wait over 15 min', '等待超过 15 分钟'), '%', 0.01, true),
  figure('lostRatio', words('turned away', '未能换电'), '%', 0.01, true),
  figure('swapsPerDay', words('swaps a day', '每日换电'), '', 1),
  figure('tripsPerDay', words('round trips a day', '每日往返'), '', 1, false),
  figure('strandingsPerTrip', words('strandings a trip', '每趟抛锚'), '%', 0.01, true),
  figure('downtimeMsPer550Km', words('waits, swaps and tows in 550 km', '每 550 km 停驶（含拖车）'), 'min', 60_000, true),
  figure('swapsPerPackPerDay', words('swaps a pack and day', '每块电池每日换电'), '', 1, false),
  figure('consumptionWhPerKm', words('consumption', '能耗'), 'kWh/km', 1_000, true),
  figure('gridWhPerDay', words('from the grid a day', '每日网电'), 'MWh', 1_000_000, true),
  figure('pvWhPerDay', words('from the sun a day', '每日光伏'), 'MWh', 1_000_000, false),
  figure('gridPowerWPeak', words('peaks of all stations', '各站峰值功率之和'), 'MW', 1_000_000, true),
  figure('energyCostFenPerDay', words('energy cost a day', '每日电费'), '¥', 100, true),
  figure('energyCostFenPerKwh', words('energy cost', '电费单价'), '¥/kWh', 100, true),
  figure('savedNetKgCo2PerDay', words('CO₂ saved a day, grid counted', '每日减碳（计入电网）'), 't', 1_000, false),
];

export const inUnit = ({ scale, unit }: Figure, value: number | null | undefined): string =>
  value === null || value === undefined ? '—' : `${shown(value / scale)}${unit === '' ? '' : ` ${unit}`}`;

export const intervalText = ({ scale }: Figure, { low, high }: Interval): string =>
  low === null || high === null ? '—' : `${shown(low / scale)} … ${shown(high / scale)}`;

export const differenceText = ({ scale, unit }: Figure, value: number): string =>
  `${signed(value / scale)}${unit === '' ? '' : ` ${unit}`}`;
