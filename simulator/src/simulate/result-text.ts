import type { Interval } from '../planner/interval.ts';
import type { Result } from '../planner/result.ts';
import { type Figure, figureOf, intervalText, inUnit, refusalsOf } from '../report/figures.ts';
import { shown } from '../report/shown-number.ts';
import { TOLD } from '../report/told-figures.ts';

/** For people: the figures of the whole, each with its interval. */
export function summary({ name, runs, total, complete, scenario }: Result): string {
  const lines = TOLD.flatMap((kpi) => {
    const interval = total[kpi];
    if (!interval) return [];
    const figure = figureOf(kpi);
    return [`  ${figure.label.en.padEnd(30)} ${inUnit(figure, interval.mean).padStart(14)}${spreadText(figure, interval)}`];
  });
  const refusals = refusalsOf(total).map(
    ({ label, interval }) => `    of them ${label.en.padEnd(22)} ${shown(interval.mean).padStart(14)}`,
  );
  const head = `${name}: ${runs.length}${complete ? '' : ` of ${scenario.seeds.count}`} runs of ${scenario.days} days, ${scenario.warmUpDays} of them warm-up`;
  return [head, ...lines, ...refusals].join('\n');
}

export const spreadText = (figure: Figure, interval: Interval): string =>
  interval.low === null ? '' : `  (95 %: ${intervalText(figure, interval)})`;
