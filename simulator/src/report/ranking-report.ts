import type { Interval } from '../planner/interval.ts';
import type { Result } from '../planner/result.ts';
import type { Goal } from '../planner/search.ts';
import type { RankedVariant, Ranking } from '../planner/sweep.ts';
import { toldValues } from '../planner/told-values.ts';
import { sharedWarnings } from '../planner/warnings.ts';
import { name, type Words, words } from '../scenario/words.ts';
import { barChart } from './bar-chart.ts';
import { FIGURES, type Figure, figureOf, intervalText, inUnit, inUnits } from './figures.ts';
import { page, section, warningLine } from './page.ts';
import { scenarioDetails } from './scenario-details.ts';
import { shown } from './shown-number.ts';
import { waitChart } from './wait-chart.ts';
import { escaped, said } from './words.ts';

type Question = { kind: 'sweep'; ranking: Ranking } | { kind: 'search'; goal: Goal; best: RankedVariant['values'] | null };

const BARS_MAX = 24;
const WARNINGS_MAX = 12;
const TABLE_KPIS = ['waitMsMean', 'waitMsP95', 'swapsPerDay', 'tripsPerDay', 'strandingsPerTrip', 'energyCostFenPerKwh'];

/** `packs` of all stations, `0/packs` of one. */
function shortPath(pointer: string): string {
  const [holder = '', field = ''] = pointer.split('/').slice(-2);
  if (field === '') return pointer;
  return /^\d+$/.test(holder) ? `${holder}/${field}` : field;
}

/** The end of a path says what is set, and a word says it alone: the whole would not fit beside a bar. */
const valuesText = (values: RankedVariant['values']): string =>
  toldValues(values)
    .map(([pointer, value]) => (typeof value === 'string' ? value : `${shortPath(pointer)} = ${value}`))
    .join(', ');

/** Many scenarios, each with its figure: the answer, a bar for each, and the table. */
export function rankingReport({
  question,
  variants,
  complete,
  runs,
}: {
  question: Question;
  variants: readonly RankedVariant[];
  complete: boolean;
  runs: number;
}): string {
  const kpi = question.kind === 'sweep' ? question.ranking.kpi : question.goal.kpi;
  const figure = figureOf(kpi);
  const base = variants.find(({ result }) => result !== null)?.result ?? null;
  const possible = variants.filter(({ result }) => result !== null);
  return page({
    title: base?.name ?? kpi,
    parts: [
      `<h1>${escaped(base?.name ?? kpi)}</h1>`,
      `<p class="lead">${said(answerOf(question, variants, figure))}</p>`,
      `<p class="note">${said(words(`${variants.length} scenarios, ${runs} runs in all, the same seeds for each.`, `${variants.length} 个方案，共 ${runs} 次运行，各方案使用相同随机种子。`))}</p>`,
      complete ? '' : `<p class="warning">${said(words('Not all runs were completed.', '并非全部运行都已完成。'))}</p>`,
      ...warningLines(variants),
      section(
        figure.label,
        question.kind === 'sweep'
          ? words(
              'Best first. Green cannot be told from the best by these runs; of red ones a queue grows without bound.',
              '由优到劣。绿色与最优方案无法区分；红色的队列持续增长。',
            )
          : words(
              `In the order in which they were tried. Green keeps the goal ${goalText(question.goal)} with its whole 95 % interval; of red ones a queue grows without bound.`,
              `按尝试顺序。绿色表示整个 95 % 区间满足目标 ${goalText(question.goal)}；红色的队列持续增长。`,
            ),
        barChart(
          figure.label,
          possible.slice(0, BARS_MAX).flatMap((variant) =>
            variant.figure === null
              ? []
              : [
                  {
                    label: name(valuesText(variant.values)),
                    ...barOf(figure, variant.figure),
                    fill: fillOf(variant),
                  },
                ],
          ),
        ),
      ),
      section(words('Waits of the first two', '前两者的等待'), null, waitChart(waitsOf(possible))),
      section(words('All scenarios', '全部方案'), null, table(variants, figure)),
      base === null ? '' : scenarioDetails(base),
    ],
  });
}

const goalText = ({ kpi, sense, bound }: Goal): string => {
  const figure = figureOf(kpi);
  return `${kpi} ${sense} ${bound}${figure.unit === '' ? '' : ` (${inUnit(figure, bound)})`}`;
};
const waitsOf = (variants: readonly RankedVariant[]) =>
  variants
    .slice(0, 2)
    .flatMap(({ values, result }) => (result?.shapes ? [{ label: name(valuesText(values)), shapes: result.shapes }] : []));
const barOf = (figure: Figure, interval: Interval) => {
  const { mean, low, high } = inUnits(figure, interval);
  return { value: mean, low, high, told: name(inUnit(figure, interval.mean)) };
};
/** Red where its queue grows without bound. */
const fillOf = ({ result, isLikeBest }: RankedVariant): string => {
  if (result?.isStable === false) return 'var(--alarm)';
  return isLikeBest ? 'var(--energy)' : 'var(--idle)';
};

/** What settings are warned of: once what all are alike, then those of which a queue grows. */
function warningLines(variants: readonly RankedVariant[]): string[] {
  const results = variants.flatMap(({ result }) => result ?? []);
  const { common, ownOf } = sharedWarnings(results);
  const own = variants.flatMap(({ values, result }) =>
    result ? ownOf(result).map((warning) => warningLine(warning, valuesText(values))) : [],
  );
  const more = own.length - WARNINGS_MAX;
  return [
    ...common.map((warning) => warningLine(warning)),
    ...own.slice(0, WARNINGS_MAX),
    ...(more > 0
      ? [`<p class="warning">${said(words(`${more} more warnings are in the JSON file.`, `另有 ${more} 条警告，见 JSON 文件。`))}</p>`]
      : []),
  ];
}

function answerOf(question: Question, variants: readonly RankedVariant[], figure: Figure): Words {
  if (question.kind === 'search') {
    const { best, goal } = question;
    return best === null
      ? words(`Nowhere in this range does ${goalText(goal)} hold.`, `在此范围内 ${goalText(goal)} 均不成立。`)
      : words(
          `${valuesText(best)} is the least for which ${goalText(goal)} holds.`,
          `${valuesText(best)} 是使 ${goalText(goal)} 成立的最小取值。`,
        );
  }
  const [best] = variants;
  if (!best?.figure) return words('None of these can be run.', '这些方案都不可行。');
  const alike = variants.filter(({ isLikeBest }) => isLikeBest).length - 1;
  const told = inUnit(figure, best.figure.mean);
  return words(
    `Best is ${valuesText(best.values)}: ${figure.label.en} ${told}${alike > 0 ? `; ${alike} more cannot be told from it` : ''}.`,
    `最优为 ${valuesText(best.values)}：${figure.label.zh} ${told}${alike > 0 ? `；另有 ${alike} 个与之无法区分` : ''}。`,
  );
}

function table(variants: readonly RankedVariant[], figure: Figure): string {
  const columns = FIGURES.filter(({ kpi }) => TABLE_KPIS.includes(kpi) && kpi !== figure.kpi);
  const head = [words('scenario', '方案'), figure.label, name('95 %'), ...columns.map(({ label }) => label)];
  const rows = variants.map(({ values, figure: interval, refused, result }) => {
    const cells =
      result === null
        ? [`<td colspan="${2 + columns.length}">${escaped(refused?.split('\n')[0] ?? '—')}</td>`]
        : [
            `<td>${inUnit(figure, interval?.mean)}</td>`,
            `<td>${interval ? intervalText(figure, interval) : '—'}</td>`,
            ...columns.map((column) => `<td>${cellOf(column, result)}</td>`),
          ];
    return `<tr><td>${escaped(valuesText(values))}</td>${cells.join('')}</tr>`;
  });
  return `<div class="wide"><table><thead><tr>${head.map((cell) => `<th>${said(cell)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

const cellOf = ({ kpi, scale, unit }: Figure, { total }: Result): string => {
  const value = total[kpi]?.mean;
  return value === undefined ? '—' : `${shown(value / scale)} <small>${unit}</small>`;
};
