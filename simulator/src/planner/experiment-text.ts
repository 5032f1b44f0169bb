import type { Comparison } from './comparison.ts';
import type { Interval } from './interval.ts';
import { TOLD } from './result.ts';
import { isUnfinished, type SearchEnd } from './search.ts';
import type { RankedVariant, Ranking } from './sweep.ts';

const number = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 2 });
const spread = ({ low, high }: Interval, scale: number): string =>
  low === null || high === null ? '' : `  (95 %: ${number(low / scale)} … ${number(high / scale)})`;
const VERDICTS = { LESS: 'less', MORE: 'more', OPEN: 'not told apart', SAME: 'the same' } as const;

/** How the second differs, figure by figure. */
export function comparisonText({ first, second, differences }: Comparison): string {
  const lines = TOLD.flatMap(([kpi, words, unit, scale]) => {
    const difference = differences[kpi];
    if (!difference) return [];
    const { mean, ofFirst, verdict } = difference;
    const sign = mean > 0 ? '+' : '';
    const told = `${number(ofFirst / scale)} ${sign}${number(mean / scale)} ${unit}`.trim();
    return [`  ${words.padEnd(28)} ${told.padStart(22)}${spread(difference, scale)}  ${VERDICTS[verdict]}`];
  });
  return [
    `${second.name}, less ${first.name}: ${Math.min(first.runs.length, second.runs.length)} pairs of runs with the same seeds`,
    ...lines,
  ].join('\n');
}

const valuesText = (values: RankedVariant['values']): string =>
  Object.entries(values)
    .map(([pointer, value]) => `${pointer}=${value}`)
    .join(' ');

/** How a figure is told; as it is where it is none of those that are told first. */
function toldBy(kpi: string): { unit: string; scale: number } {
  const [, , unit = '', scale = 1] = TOLD.find(([told]) => told === kpi) ?? [];
  return { unit: unit === '' ? '' : ` ${unit}`, scale };
}
const figureText = (figure: Interval, kpi: string): string => {
  const { unit, scale } = toldBy(kpi);
  return `${number(figure.mean / scale)}${unit}${spread(figure, scale)}`;
};

/** Best first. */
export function rankingText(variants: readonly RankedVariant[], { kpi, order }: Ranking): string {
  const lines = variants.map(({ values, figure, refused, isLikeBest }) => {
    const told =
      figure === null
        ? refused === null
          ? 'not run'
          : `cannot be run: ${refused.split('\n')[0]}`
        : `${figureText(figure, kpi)}${isLikeBest ? '  *' : ''}`;
    return `  ${valuesText(values)}  ${told}`;
  });
  return [`by ${order} ${kpi}; * cannot be told from the best`, ...lines].join('\n');
}

/** What was tried, and what was found. */
export function searchText({ tried, best, complete }: SearchEnd, { kpi, runs }: { kpi: string; runs: number }): string {
  const lines = tried.map(
    ({ values, figure, refused, holds, runs }) =>
      `  ${holds ? 'holds' : isUnfinished({ runs }) ? 'not ended' : 'fails'}  ${valuesText(values)}  ${figure === null ? (refused?.split('\n')[0] ?? 'no figure') : figureText(figure, kpi)}`,
  );
  const found = best === null ? 'the goal holds nowhere in this range' : `least for which the goal holds: ${valuesText(best.values)}`;
  return [...lines, `${found}${complete ? '' : ' (so far: the search was not ended)'}; ${tried.length} scenarios, ${runs} runs`].join('\n');
}
