import type { Result } from '../planner/result.ts';
import { type Words, words } from '../scenario/words.ts';
import { barChart } from './bar-chart.ts';
import { figureOf, inUnit, standsOf } from './figures.ts';
import { shown } from './shown-number.ts';

const MINUTE_MS = 60_000;

/** How long bays stood until people had come, by what had failed. */
export function staffChart({ total }: Pick<Result, 'total'>): string {
  const bars = standsOf(total).map(({ label, interval: { mean, low, high } }) => ({
    label,
    value: mean / MINUTE_MS,
    low: low === null ? null : Math.max(0, low / MINUTE_MS),
    high: high === null ? null : high / MINUTE_MS,
    told: words(`${shown(mean / MINUTE_MS)} min`, `${shown(mean / MINUTE_MS)} 分`),
    fill: 'var(--wait)',
  }));
  return barChart(words('minutes a day that bays stand until people have come', '换电位每日等待人工的分钟数'), bars);
}

/** What that came to: calls, trucks, money. */
export function staffText({ total }: Pick<Result, 'total'>): Words {
  const told = (kpi: string) => inUnit(figureOf(kpi), total[kpi]?.mean);
  return words(
    `A day, with the 95 % interval. People are called ${told('staffCallsPerDay')} times a day; ${told('freedTrucksPerDay')} trucks are let out on the pack that they came with, ` +
      `${told('clearedTrucksPerDay')} are given one by hand (${told('handedOutWhPerDay')} that no bill has), ${told('slotsOutMean')} slots are out of use in the mean. ` +
      `Orders that ended so were quoted at ${told('unbilledFenPerDay')}, and ${told('creditedFenPerDay')} were paid back for packs that came in when none was given.`,
    `每日值及 95 % 置信区间。每日呼叫人工 ${told('staffCallsPerDay')} 次；${told('freedTrucksPerDay')} 辆车带原电池放行，` +
      `${told('clearedTrucksPerDay')} 辆由人工装上电池（${told('handedOutWhPerDay')}，未计入账单），平均停用仓位 ${told('slotsOutMean')} 个。` +
      `此类订单报价合计 ${told('unbilledFenPerDay')}，未发电池而退回 ${told('creditedFenPerDay')}。`,
  );
}
