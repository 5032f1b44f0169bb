import type { KpiIntervals, Result } from '../planner/result.ts';
import { type Words, words } from '../scenario/words.ts';
import { picture } from './page.ts';
import { shown } from './shown-number.ts';
import { drawn, escaped } from './words.ts';

const WIDTH = 912;
const LEFT = 64;
const RIGHT = 190;
const ROW = 24;

/** Dear hours are dark, the sun is green. */
const PARTS: readonly (readonly [kpi: string, label: Words, fill: string])[] = [
  ['gridWhSharpPerDay', words('sharp', '尖'), 'var(--wait)'],
  ['gridWhPeakPerDay', words('peak', '峰'), 'color-mix(in oklab,var(--wait) 60%,var(--panel))'],
  ['gridWhFlatPerDay', words('flat', '平'), 'var(--idle)'],
  ['gridWhValleyPerDay', words('valley', '谷'), 'color-mix(in oklab,var(--accent) 45%,var(--panel))'],
  ['gridWhDeepValleyPerDay', words('deep valley', '深谷'), 'color-mix(in oklab,var(--accent) 75%,var(--panel))'],
  ['pvWhPerDay', words('own sun', '光伏'), 'var(--energy)'],
];

const meanOf = (kpis: KpiIntervals, kpi: string): number => kpis[kpi]?.mean ?? 0;

/** Energy a day by tariff period and from the sun, by station; empty where energy has no price. */
export function periodChart({ total, stations }: Result): string {
  if (!total['energyCostFenPerKwh']) return '';
  const sumOf = (kpis: KpiIntervals) => PARTS.reduce((sum, [kpi]) => sum + meanOf(kpis, kpi), 0);
  const most = Math.max(1, ...stations.map(({ kpis }) => sumOf(kpis)));
  const width = WIDTH - LEFT - RIGHT;
  const used = PARTS.filter(([kpi]) => meanOf(total, kpi) > 0);
  const step = width / Math.max(1, used.length);
  const legend = used.map(
    ([, label, fill], index) =>
      `<rect x="${LEFT + index * step}" y="4" width="12" height="12" rx="2" style="fill:${fill}"/>${drawn(label, `x="${LEFT + index * step + 18}" y="14"`)}`,
  );
  const rows = stations.map(({ id, kpis }, index) => {
    const y = 30 + index * ROW;
    let x = LEFT;
    const bars = PARTS.map(([kpi, label, fill]) => {
      const value = meanOf(kpis, kpi);
      const length = (value / most) * width;
      const bar =
        length === 0
          ? ''
          : `<rect x="${x.toFixed(1)}" y="${y}" width="${length.toFixed(1)}" height="${ROW - 6}" style="fill:${fill}"><title>${escaped(id)} ${label.en} ${label.zh} ${shown(value / 1000)} kWh</title></rect>`;
      x += length;
      return bar;
    });
    const cost = kpis['energyCostFenPerKwh']?.mean;
    return `<text text-anchor="end" x="${LEFT - 8}" y="${y + 14}">${escaped(id)}</text>${bars.join('')}<text class="mute" x="${(x + 8).toFixed(1)}" y="${y + 14}">${shown(sumOf(kpis) / 1e6)} MWh${cost === undefined ? '' : `, ${(cost / 100).toFixed(3)} ¥/kWh`}</text>`;
  });
  return picture(
    { width: WIDTH, height: 34 + stations.length * ROW, title: words('energy a day by tariff period', '各时段每日电量') },
    [...legend, ...rows].join(''),
  );
}
