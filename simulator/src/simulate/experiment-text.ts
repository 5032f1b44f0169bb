import { type Comparison, pairsOf } from '../planner/comparison.ts';
import type { Interval } from '../planner/interval.ts';
import { type Goal, isUnfinished, type SearchEnd } from '../planner/search.ts';
import type { RankedVariant, Ranking } from '../planner/sweep.ts';
import { toldValues } from '../planner/told-values.ts';
import { sharedWarnings } from '../planner/warnings.ts';
import { differenceIntervalText, differenceText, type Figure, figureOf, inUnit } from '../report/figures.ts';
import { TOLD } from '../report/told-figures.ts';
import { warningWords } from '../scenario/warning.ts';
import { plural } from './plural.ts';
import { spreadText } from './result-text.ts';

const VERDICTS = { LESS: 'less', MORE: 'more', OPEN: 'not told apart', SAME: 'the same' } as const;

type Cells = Record<'label' | 'ofFirst' | 'by' | 'spread' | 'verdict', string>;

const row = ({ label, ofFirst, by, spread, verdict }: Cells): string =>
  `  ${label.padEnd(38)} ${ofFirst.padStart(10)} ${by.padStart(14)}  ${spread.padEnd(22)}  ${verdict}`;

/** How the second differs, figure by figure. */
export function comparisonText({ first, second, differences }: Comparison): string {
  const head = row({ label: 'figure', ofFirst: 'the first', by: 'difference', spread: '95 % interval of it', verdict: 'the second is' });
  const lines = TOLD.flatMap((kpi) => {
    const difference = differences[kpi];
    if (!difference) return [];
    const figure = figureOf(kpi);
    const ofFirst = inUnit({ ...figure, unit: '' }, difference.ofFirst);
    const by = differenceText(figure, difference.mean);
    const spread = difference.low === null ? '' : differenceIntervalText(figure, difference);
    return [row({ label: figure.label.en, ofFirst, by, spread, verdict: VERDICTS[difference.verdict] })];
  });
  return [`${second.name}, less ${first.name}: ${pairsOf(first, second).length} pairs of runs with the same seeds`, head, ...lines].join(
    '\n',
  );
}

const valuesText = (values: RankedVariant['values']): string =>
  toldValues(values)
    .map(([pointer, value]) => `${pointer}=${value}`)
    .join(' ');

export const figureText = (figure: Figure, interval: Interval): string => `${inUnit(figure, interval.mean)}${spreadText(figure, interval)}`;

const UNSTABLE_MARK = '  !';
const UNSTABLE_LINE = '! a queue grows without bound: the figure only tells how long the run was';

/** Lines of settings, those of them that grow without bound marked, with what is warned of; first what all are warned of alike. */
function settingLines(settings: readonly (Pick<RankedVariant, 'result'> & { line: string })[]): string[] {
  const results = settings.flatMap(({ result }) => result ?? []);
  const { common, ownOf } = sharedWarnings(results);
  const lines = settings.flatMap(({ line, result }) => [
    `${line}${result?.isStable === false ? UNSTABLE_MARK : ''}`,
    ...(result ? ownOf(result).map((warning) => `      warning: ${warningWords(warning).en}`) : []),
  ]);
  return [
    ...common.map((warning) => `warning, of all: ${warningWords(warning).en}`),
    ...lines,
    ...(results.every(({ isStable }) => isStable) ? [] : [UNSTABLE_LINE]),
  ];
}

/** Best first. */
export function rankingText(variants: readonly RankedVariant[], { kpi, order }: Ranking): string {
  const figure = figureOf(kpi);
  const settings = variants.map(({ values, figure: interval, refused, isLikeBest, result }) => {
    const notRun = refused === null ? 'not run' : `cannot be run: ${refused.split('\n')[0]}`;
    const told = interval === null ? (result === null ? notRun : 'no figure') : `${figureText(figure, interval)}${isLikeBest ? '  *' : ''}`;
    return { line: `  ${valuesText(values)}  ${told}`, result };
  });
  return [`by ${order} ${figure.label.en}; * cannot be told from the best`, ...settingLines(settings)].join('\n');
}

/** What was tried, and what was found. */
export function searchText({ tried, best, complete }: SearchEnd, { runs, goal }: { runs: number; goal: Goal }): string {
  const figure = figureOf(goal.kpi);
  const settings = tried.map(({ values, figure: interval, refused, holds, runs }) => {
    const found = holds ? 'holds' : isUnfinished({ runs }) ? 'not ended' : 'fails';
    const told = interval === null ? (refused?.split('\n')[0] ?? 'no figure') : figureText(figure, interval);
    return { line: `  ${found}  ${valuesText(values)}  ${told}`, result: runs?.result ?? null };
  });
  const none = 'the goal does not hold at the greatest, and so nowhere in this range if more never does harm';
  const found = best === null ? none : `least for which the goal holds: ${valuesText(best.values)}`;
  const end = `${found}${complete ? '' : ' (so far: the search was not ended)'}; ${plural(tried.length, 'scenario')}, ${plural(runs, 'run')}`;
  return [`goal: ${figure.label.en} ${goal.sense} ${inUnit(figure, goal.bound)}`, ...settingLines(settings), end].join('\n');
}
