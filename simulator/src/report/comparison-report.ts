import type { Comparison, Difference } from '../planner/comparison.ts';
import { name, type Words, words } from '../scenario/words.ts';
import { barChart } from './bar-chart.ts';
import { corridorMap } from './corridor-map.ts';
import { differenceIntervalText, differenceText, FIGURES, type Figure, figuresOf, inUnit } from './figures.ts';
import { loadChart } from './load-chart.ts';
import { page, section, warningLine } from './page.ts';
import { scenarioDetails } from './scenario-details.ts';
import { shown } from './shown-number.ts';
import { TOLD } from './told-figures.ts';
import { waitChart } from './wait-chart.ts';
import { escaped, said } from './words.ts';

/** Two scenarios with the same seeds: which differences the runs prove, and how great they are. */
export function comparisonReport(comparison: Comparison): string {
  const { first, second, complete } = comparison;
  const waits = [first, second].flatMap(({ scenario, shapes }) => (shapes ? [{ label: name(scenario.name), shapes }] : []));
  return page({
    title: `${second.name} – ${first.name}`,
    parts: [
      `<h1>${escaped(second.name)}<br><span style="color:var(--muted)">${said(words('against', '对比'))} ${escaped(first.name)}</span></h1>`,
      `<p class="lead">${said(answer(comparison))}</p>`,
      complete
        ? ''
        : `<p class="warning">${said(words('Not all runs were completed: only pairs that were are compared.', '并非全部运行都已完成：仅比较已完成的配对。'))}</p>`,
      ...comparison.warnings.map((warning) => warningLine(warning, second.name)),
      ...[first, second].flatMap((result) => result.warnings.map((warning) => warningLine(warning, result.name))),
      section(
        words('What changes', '变化'),
        words(
          'Difference run by run, as a share of the first scenario’s figure, with its 95 % interval. Where the whisker crosses the line, these runs prove nothing.',
          '逐次运行配对差值占基准的比例及 95 % 置信区间。区间跨过零线则不能证明有差异。',
        ),
        differenceChart(comparison),
      ),
      section(
        words('How long trucks wait', '车辆等待多久'),
        words('Share of all swaps that wait longer than so many minutes.', '等待超过给定分钟数的换电占比。'),
        waitChart(waits),
      ),
      section(words(`Where it gets tight: ${first.name}`, `瓶颈：${first.name}`), null, corridorMap(first)),
      section(words(`Where it gets tight: ${second.name}`, `瓶颈：${second.name}`), null, corridorMap(second)),
      section(words(`Load over the day: ${first.name}`, `一天的负荷：${first.name}`), null, loadChart(first)),
      section(words(`Load over the day: ${second.name}`, `一天的负荷：${second.name}`), null, loadChart(second)),
      section(
        words('All figures', '全部指标'),
        words('Second less first, paired by seed.', '第二个减第一个，按随机种子配对。'),
        table(comparison),
      ),
      scenarioDetails(first),
      scenarioDetails(second),
    ],
  });
}

function answer({ differences, first, second }: Comparison): Words {
  const wait = differences['waitMsP95'];
  const pairs = Math.min(first.runs.length, second.runs.length);
  if (!wait) return words('There is nothing to compare.', '没有可比较的结果。');
  const minutes = shown(Math.abs(wait.mean) / 60_000);
  if (wait.verdict === 'OPEN' || wait.verdict === 'SAME')
    return words(`${pairs} pairs of runs do not tell the 95 % wait of the two apart.`, `${pairs} 对运行不能区分两者的 95 % 等待时间。`);
  return wait.verdict === 'LESS'
    ? words(`The 95 % wait falls by ${minutes} minutes (${pairs} pairs of runs).`, `95 % 等待时间缩短 ${minutes} 分钟（${pairs} 对运行）。`)
    : words(
        `The 95 % wait grows by ${minutes} minutes (${pairs} pairs of runs).`,
        `95 % 等待时间增加 ${minutes} 分钟（${pairs} 对运行）。`,
      );
}

/** Amber is worse, green is better, grey is neither or not proved. */
function fillOf({ lessIsBetter }: Figure, { verdict }: Difference): string {
  if (lessIsBetter === null || (verdict !== 'LESS' && verdict !== 'MORE')) return 'var(--idle)';
  return (verdict === 'LESS') === lessIsBetter ? 'var(--energy)' : 'var(--wait)';
}

function differenceChart({ differences }: Comparison): string {
  return barChart(
    words('differences', '差异'),
    FIGURES.filter(({ kpi }) => TOLD.includes(kpi)).flatMap((figure) => {
      const difference = differences[figure.kpi];
      if (!difference || difference.ofFirst === 0) return [];
      const { mean, low, high, ofFirst } = difference;
      const share = (value: number) => (100 * value) / Math.abs(ofFirst);
      // A figure that was next to nothing before would push all others together.
      const clip = (value: number | null) => (value === null ? null : Math.max(-200, Math.min(200, share(value))));
      return [
        {
          label: figure.label,
          value: clip(mean) ?? 0,
          low: clip(low),
          high: clip(high),
          told: name(differenceText(figure, mean)),
          fill: fillOf(figure, difference),
        },
      ];
    }),
  );
}

const VERDICTS: Readonly<Record<Difference['verdict'], Words>> = {
  LESS: words('less', '减少'),
  MORE: words('more', '增加'),
  OPEN: words('not proved', '未证明'),
  SAME: words('the same', '相同'),
};

function table({ differences, first, second }: Comparison): string {
  const rows = figuresOf({ ...second.total, ...first.total }).flatMap((figure) => {
    const difference = differences[figure.kpi];
    if (!difference) return [];
    const cells = [
      said(figure.label),
      inUnit(figure, first.total[figure.kpi]?.mean),
      inUnit(figure, second.total[figure.kpi]?.mean),
      differenceText(figure, difference.mean),
      differenceIntervalText(figure, difference),
      `<span class="${difference.verdict.toLowerCase()}">${said(VERDICTS[difference.verdict])}</span>`,
    ];
    return [`<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`];
  });
  const head = ['', escaped(first.name), escaped(second.name), said(words('difference', '差值')), '95 %', ''];
  return `<div class="wide"><table><thead><tr>${head.map((cell) => `<th>${cell}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
