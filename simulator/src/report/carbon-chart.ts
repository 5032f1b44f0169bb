import type { KpiIntervals } from '../planner/result.ts';
import { type Words, words } from '../scenario/words.ts';
import { barChart } from './bar-chart.ts';
import { shown } from './shown-number.ts';

const VIEWS: readonly (readonly [kpi: string, label: Words])[] = [
  ['savedTailpipeKgCo2PerDay', words('only exhausts count', '只计尾气')],
  ['savedNetKgCo2PerDay', words('the grid counts too', '计入电网排放')],
  ['savedGreenKmKgCo2PerDay', words('only green kilometres count', '只计绿电里程')],
];

/** What is saved against diesel, in the three views that are never told alone. */
export function carbonChart(total: KpiIntervals): string {
  return barChart(
    words('CO2 saved a day in three views', '三种口径的每日减碳'),
    VIEWS.flatMap(([kpi, label]) => {
      const figure = total[kpi];
      if (!figure) return [];
      const { mean, low, high } = figure;
      const told = `${shown(mean / 1000)} t`;
      return [{ label, value: mean, low, high, told: words(told, told), fill: mean < 0 ? 'var(--wait)' : 'var(--energy)' }];
    }),
  );
}
