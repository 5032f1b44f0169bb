import type { Result } from '../planner/result.ts';
import { type Words, words } from '../scenario/words.ts';
import { type Bar, barChart } from './bar-chart.ts';
import { figureOf, inUnits } from './figures.ts';
import { shown } from './shown-number.ts';

/** More are not read; those where trucks wait longest are kept. */
const STATIONS_MAX = 12;
const HEADINGS: readonly { key: 'out' | 'back'; label: (id: string) => Words; fill: string }[] = [
  { key: 'out', label: (id) => words(`${id}, out`, `${id} 去程`), fill: 'var(--accent)' },
  { key: 'back', label: (id) => words(`${id}, back`, `${id} 回程`), fill: 'var(--idle)' },
];

/** Mean waits of trucks going out and of those coming back, station by station along the way. */
export function headingChart({ stations }: Pick<Result, 'stations'>): string {
  const rows = stations.map(({ kpis }, index) => ({
    index,
    mostMs: Math.max(...HEADINGS.map(({ key }) => kpis[`waitMsMean.${key}`]?.mean ?? 0)),
  }));
  const kept = new Set(
    rows
      .sort((one, other) => other.mostMs - one.mostMs)
      .slice(0, STATIONS_MAX)
      .map(({ index }) => index),
  );
  const bars = stations.flatMap(({ id, kpis }, index) => (kept.has(index) ? HEADINGS.flatMap((heading) => barOf(id, kpis, heading)) : []));
  return barChart(words('mean wait by station and direction', '按站点和方向的平均等待'), bars);
}

function barOf(id: string, kpis: Result['stations'][number]['kpis'], { key, label, fill }: (typeof HEADINGS)[number]): Bar[] {
  const interval = kpis[`waitMsMean.${key}`];
  if (!interval) return [];
  const { mean, low, high } = inUnits(figureOf(`waitMsMean.${key}`), interval);
  const told = shown(mean);
  return [{ label: label(id), value: mean, low, high, told: words(`${told} min`, `${told} 分`), fill }];
}
