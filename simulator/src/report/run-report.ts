import type { Result } from '../planner/result.ts';
import { name, type Words, words } from '../scenario/words.ts';
import { barChart } from './bar-chart.ts';
import { bottleneckOf, busyText } from './bottleneck.ts';
import { carbonChart } from './carbon-chart.ts';
import { corridorMap } from './corridor-map.ts';
import { FIGURE_GROUPS, figureOf, figuresOf, intervalText, inUnit, refusalsOf } from './figures.ts';
import { headingChart } from './heading-chart.ts';
import { loadChart } from './load-chart.ts';
import { loadsChart } from './loads-chart.ts';
import { page, section, warningLine } from './page.ts';
import { periodChart } from './period-chart.ts';
import { scenarioDetails } from './scenario-details.ts';
import { shown } from './shown-number.ts';
import { spansChart, worstSpan } from './spans-chart.ts';
import { staffChart, staffText } from './staff-chart.ts';
import { turnoverChart } from './turnover-chart.ts';
import { waitChart } from './wait-chart.ts';
import { escaped, said } from './words.ts';

const TILES = ['waitMsMean', 'waitMsP95', 'swapsPerDay', 'tripsPerDay', 'downtimeMsPer550Km', 'energyCostFenPerKwh'];

/** One scenario: the answer in a sentence, the pictures that carry it, then the figures and the inputs. */
export function runReport(result: Result): string {
  const { scenario, total } = result;
  return page({
    title: scenario.name,
    parts: [
      ...headOf(result),
      section(
        words('Where it gets tight', '瓶颈在哪里'),
        words(
          'Share of the time that bays, or packs and chargers, are taken. Grey has room, amber is near its limit, red grows without bound.',
          '换电位或电池、充电机被占用的时间比例。灰色有余量，琥珀色接近极限，红色将无限排队。',
        ),
        corridorMap(result),
      ),
      section(
        words('How long trucks wait', '车辆等待多久'),
        words('Share of all swaps that wait longer than so many minutes.', '等待超过给定分钟数的换电占比。'),
        result.shapes ? waitChart([{ label: name(scenario.name), shapes: result.shapes }]) : '',
      ),
      loadsSection(result),
      calendarSection(result),
      section(words('Where people have to come', '需要人工到场'), total['staffCallsPerDay'] ? staffText(result) : null, staffChart(result)),
      section(
        words('Out and back', '去程与回程'),
        words(
          'Mean wait by station and direction, with its 95 % interval: blue going out, grey coming back.',
          '按站点和方向的平均等待及 95 % 置信区间：蓝色为去程，灰色为回程。',
        ),
        headingChart(result),
      ),
      section(
        words('Load over the day', '一天的负荷'),
        words(
          'Mean power that charging takes by hour of the day, at the meter; hours behind the line are shaded where the tariff of the first day is dear. Beside each station the mean of its busiest hour, and the highest quarter of an hour that it takes from the grid.',
          '表计处按小时的平均充电功率；曲线后深色为首日的高价时段。右侧为各站最忙一小时的均值，以及网电最高一刻钟的峰值。',
        ),
        loadChart(result),
      ),
      section(
        words('Energy by tariff period', '分时电量'),
        words('A day, at the meter; beside it what a kWh in the pack costs.', '每日表计电量；右侧为电池内每千瓦时的成本。'),
        periodChart(result),
      ),
      section(
        words('Packs', '电池'),
        words(
          'What this use leaves of a new pack (published fade model of large LFP cells; one-hour charging weighs 1.2 times, an assumption).',
          '按公开的大容量磷酸铁锂衰减模型推算的健康度；一小时快充按 1.2 倍计（假设）。',
        ),
        turnoverChart(result),
      ),
      ...moneySections(result),
      section(
        words('Carbon in three views', '碳排放的三种口径'),
        words(
          `Saved a day against diesel, which would give off ${shown((total['dieselKgCo2PerDay']?.mean ?? 0) / 1000)} t. The views answer different questions; none of them stands alone.`,
          `与柴油车（每日 ${shown((total['dieselKgCo2PerDay']?.mean ?? 0) / 1000)} 吨）相比的每日减排。三种口径回答不同问题，不应单独引用。`,
        ),
        carbonChart(total),
      ),
      section(words('Stations', '换电站'), null, stationsTable(result)),
      section(
        words('All figures', '全部指标'),
        words('Mean over the runs and the 95 % interval of that mean.', '各次运行的均值及其 95 % 置信区间。'),
        figuresTable(result),
      ),
      scenarioDetails(result),
    ],
  });
}

const moneySections = (result: Result): string[] => [
  section(
    words('Income', '收入'),
    words('A day, by principal.', '各主体每日收入。'),
    principalChart(result, 'incomeFenPerDay.', words('income a day by principal', '各主体每日收入')),
  ),
  section(
    words('Owed at the end', '结束时欠款'),
    words(
      'What was earned and not paid out when the run ends: statements that are not payable yet, and the period that is open. Statements are in statements.csv.',
      '运行结束时已赚取而未支付的金额：尚未到付款日的结算单和未结束的账期。结算单见 statements.csv。',
    ),
    principalChart(result, 'owedFenAtEnd.', words('owed at the end by principal', '结束时欠各主体')),
  ),
];

const loadsSection = (result: Result): string =>
  section(
    words('Loads that wait for a truck', '等车的货物'),
    words(
      'Mean of the runs, by fleet; the warm-up is shaded. A line that rises to the end is a fleet that does not carry what is asked. By the hour and run in loads.csv.',
      '按车队，各次运行的均值；阴影部分为预热期。一直上升的曲线表示车队运力不足。各次运行的逐小时数据见 loads.csv。',
    ),
    loadsChart(result),
  );

const calendarSection = (result: Result): string =>
  section(
    words('Through the calendar', '按日历'),
    words('Every month that counts, also those of which only a part does.', '统计期内的各月份，含不完整的月份。'),
    spansChart(result),
  );

/** What is read first: the answer, its figures, and what to beware of. */
function headOf(result: Result): string[] {
  const { scenario, warnings, complete } = result;
  const worst = worstSpan(result);
  return [
    `<h1>${escaped(scenario.name)}</h1>`,
    scenario.about ? `<p class="note">${escaped(scenario.about)}</p>` : '',
    `<p class="lead">${said(answer(result))}${worst === null ? '' : said(worst)}</p>`,
    complete
      ? ''
      : `<p class="warning">${said(words('Not all runs were completed: these are the figures of those that were.', '并非全部运行都已完成，以下为已完成部分的结果。'))}</p>`,
    tiles(result),
    ...warnings.map((warning) => warningLine(warning)),
    refusedSection(result),
  ];
}

/** The station that is nearest to its limit. */
function tightest({ stations, scenario }: Result) {
  const all = stations.flatMap(({ id }, index) => {
    const plan = scenario.stations[index];
    return plan ? [{ id, ...bottleneckOf(plan, stations[index]) }] : [];
  });
  return (
    all.sort((one, other) => Number(one.isStable) - Number(other.isStable) || (other.busyRatio ?? 0) - (one.busyRatio ?? 0))[0] ?? null
  );
}

function answer(result: Result): Words {
  const { total, runs } = result;
  const wait = total['waitMsP95'];
  const first = tightest(result);
  if (runs.length === 0) return words('No run was complete: nothing is known.', '没有完成的运行，结果未知。');
  const [refusal] = refusalsOf(total);
  const refused = figureOf('refusedOrdersPerDay');
  if (total['swapsPerDay']?.mean === 0 && refusal)
    return words(
      `Nothing was swapped: ${inUnit(refused, total[refused.kpi]?.mean)} orders a day are refused (${refusal.label.en}).`,
      `没有换电：每日 ${inUnit(refused, total[refused.kpi]?.mean)} 单被拒（${refusal.label.zh}）。`,
    );
  const waiting = total['waitingAtEnd'];
  if (total['swapsPerDay']?.mean === 0 && waiting && waiting.mean > 0)
    return words(
      `Nothing was swapped in the time that counts, and ${shown(waiting.mean)} trucks wait at its end.`,
      `统计期内没有换电，结束时有 ${shown(waiting.mean)} 辆车在等待。`,
    );
  if (!wait || !first || total['swapsPerDay']?.mean === 0)
    return words('Nothing was swapped in the time that counts.', '统计期内没有换电。');
  const minutes = shown(wait.mean / 60_000);
  const busy = busyText(first);
  const short = shortFleets(result);
  if (!result.isStable && short.length > 0 && result.stations.every(({ isStable }) => isStable))
    return words(
      `Not all that is asked is carried: loads wait for a truck of ${short.join(', ')}, and more of them for as long as the run lasts. Of the trucks that drive, 95 of 100 swaps wait less than ${minutes} minutes (${runs.length} runs).`,
      `运力不足：货物在等待 ${short.join('、')} 的车辆，且持续积压。在途车辆每 100 次换电中有 95 次等待不到 ${minutes} 分钟（${runs.length} 次运行）。`,
    );
  if (!result.isStable)
    return words(
      `A queue grows for as long as the run lasts, so that waits tell little (95 of 100 less than ${minutes} minutes in this run): look at ${first.id}, whose ${first.what.en} are taken ${busy} of the time (${runs.length} runs).`,
      `有队列持续增长，等待时间仅供参考（本次运行中 95 % 不到 ${minutes} 分钟）：请看 ${first.id}，其${first.what.zh}占用率 ${busy}（${runs.length} 次运行）。`,
    );
  return words(
    `95 of 100 swaps wait less than ${minutes} minutes; ${first.id} is the first to fill up, its ${first.what.en} are taken ${busy} of the time (${runs.length} runs).`,
    `每 100 次换电中有 95 次等待不到 ${minutes} 分钟；${first.id} 最先饱和，其${first.what.zh}占用率 ${busy}（${runs.length} 次运行）。`,
  );
}

/** Fleets that do not carry what is asked of them. */
const shortFleets = ({ warnings, scenario }: Result): string[] =>
  scenario.fleets.flatMap(({ id }, index) =>
    warnings.some(({ code, path }) => code === 'LOADS_WAIT_AT_END' && path === `/fleets/${index}/trucks`) ? [id] : [],
  );

function tiles({ total }: Result): string {
  const shownTiles = TILES.flatMap((kpi) => {
    const figure = figureOf(kpi);
    const interval = total[kpi];
    if (!interval) return [];
    return [
      `<div class="tile"><b>${shown(interval.mean / figure.scale)} <small>${figure.unit}</small></b><span>${said(figure.label)}<br>${intervalText(figure, interval)}</span></div>`,
    ];
  });
  return shownTiles.length === 0 ? '' : `<div class="tiles">${shownTiles.join('')}</div>`;
}

function principalChart({ total }: Result, prefix: string, title: Words): string {
  return barChart(
    title,
    Object.entries(total).flatMap(([kpi, interval]) =>
      kpi.startsWith(prefix) && interval
        ? [
            {
              label: name(kpi.slice(prefix.length)),
              value: interval.mean / 100,
              low: interval.low === null ? null : interval.low / 100,
              high: interval.high === null ? null : interval.high / 100,
              told: name(`¥${(interval.mean / 100).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`),
              fill: 'var(--accent)',
            },
          ]
        : [],
    ),
  );
}

function stationsTable({ stations, scenario }: Result): string {
  const head = [
    words('station', '站'),
    words('bays', '换电位'),
    words('packs', '电池'),
    words('swaps a day', '每日换电'),
    words('mean wait, min', '平均等待 分'),
    words('95 %, min', '95 % 分'),
    words('bays taken, %', '换电位占用 %'),
    words('chargers taken, %', '充电机占用 %'),
    words('peak, kW', '峰值 kW'),
  ];
  const rows = stations.map(({ id, kpis }, index) => {
    const plan = scenario.stations[index];
    const cells = [
      escaped(id),
      String(plan?.bays ?? '—'),
      String(plan?.packs ?? '—'),
      shown(kpis['swapsPerDay']?.mean),
      shown((kpis['waitMsMean']?.mean ?? Number.NaN) / 60_000),
      shown((kpis['waitMsP95']?.mean ?? Number.NaN) / 60_000),
      shown((kpis['bayBusyRatio']?.mean ?? Number.NaN) * 100),
      shown((kpis['chargerBusyRatio']?.mean ?? Number.NaN) * 100),
      shown((kpis['gridPowerWPeak']?.mean ?? Number.NaN) / 1000),
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<div class="wide"><table><thead><tr>${head.map((cell) => `<th>${said(cell)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

/** Refusals are told before all else: an order that is refused is a truck that stands. */
function refusedSection({ total }: Result): string {
  const bars = refusalsOf(total).map(({ label, interval: { mean, low, high } }) => ({
    label,
    value: mean,
    low: low === null ? null : Math.max(0, low),
    high,
    told: name(shown(mean)),
    fill: 'var(--wait)',
  }));
  return section(
    words('Orders that are refused', '被拒订单'),
    words('A day, by the check that refuses them; a driver who is refused asks anew.', '每日，按拒绝原因；被拒司机会再次下单。'),
    barChart(words('refused orders a day by reason', '按原因的每日被拒订单'), bars),
  );
}

function figuresTable({ total }: Result): string {
  const figures = figuresOf(total);
  const rows = figures.flatMap((figure, index) => {
    const interval = total[figure.kpi];
    if (!interval) return [];
    const isFirst = figures[index - 1]?.group !== figure.group;
    return [
      isFirst ? `<tr><th colspan="3" scope="rowgroup">${said(FIGURE_GROUPS[figure.group])}</th></tr>` : '',
      `<tr><td>${said(figure.label)}</td><td>${inUnit(figure, interval.mean)}</td><td>${intervalText(figure, interval)}</td></tr>`,
    ];
  });
  return `<div class="wide"><table><thead><tr><th></th><th>${said(words('mean', '均值'))}</th><th>95 %</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
