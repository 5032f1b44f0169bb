import { X } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { duration, energy, figure, power } from '../format/quantity.ts';
import { clockTime } from '../format/time.ts';
import type { KpiKey } from '../store/kpi-history.ts';
import { useApp, useWords } from './app-context.ts';
import { IconButton } from './icon-button.tsx';

const WIDTH_PX = 380;
const HEIGHT_PX = 170;

/** The curve of a key figure over scene time, since the page was opened. */
export function KpiCurve({ name, onClose }: { name: KpiKey; onClose: () => void }): VNode {
  const { kpiHistory, store, theme, past } = useApp();
  const words = useWords();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const themeName = theme.theme.value;
  const stamp = store.kpis.value?.scopeAt;
  useEffect(() => {
    if (box.current === null) return undefined;
    const width = Math.min(WIDTH_PX, window.innerWidth - 48);
    plot.current = new uPlot(optionsOf(name, width, getComputedStyle(box.current)), [[], []], box.current);
    return () => {
      plot.current?.destroy();
      plot.current = null;
    };
  }, [name, themeName]);
  useEffect(() => {
    const seconds = kpiHistory.atMs.map((atMs) => atMs / 1000);
    plot.current?.setData([seconds, kpiHistory.values[name]]);
  }, [name, themeName, stamp, kpiHistory]);
  return (
    <div class="kpi-curve panel" role="dialog" aria-label={words.kpi[name]}>
      <header>
        <b>{words.kpi[name]}</b>
        <small>{past.value === null ? words.kpi.sinceOpened : words.past.curve}</small>
        <IconButton icon={X} size={14} name={words.closeInspector} class="small" onClick={onClose} />
      </header>
      <div ref={box} class="plot" />
      {kpiHistory.atMs.length < 2 && <p class="nothing">{words.kpi.noCurve}</p>}
    </div>
  );
}

function axisText(name: KpiKey, value: number): string {
  if (name === 'billedTodayFen') return `¥${figure(value / 100)}`;
  const set = name === 'energyTodayWh' ? energy(value) : name === 'gridPowerW' || name === 'pvPowerW' ? power(value) : null;
  if (set !== null) return `${set.figure} ${set.unit}`;
  return name === 'meanWaitMs' ? duration(value).figure : figure(value, Number.isInteger(value) ? 0 : 1);
}

function optionsOf(name: KpiKey, width: number, style: CSSStyleDeclaration): uPlot.Options {
  const colour = (token: string): string => style.getPropertyValue(token).trim();
  const axis: uPlot.Axis = {
    stroke: colour('--muted'),
    font: '11px "Inter Variable", sans-serif',
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { y: false },
    padding: [8, 8, 0, 0],
    scales: { x: { time: true }, y: { range: (_plot, low, high) => paddedRange(low, high) } },
    axes: [
      { ...axis, size: 26, values: (_plot, ticks) => ticks.map((tick) => clockTime(tick * 1000).slice(0, 5)), space: 60 },
      { ...axis, size: 64, values: (_plot, ticks) => ticks.map((tick) => axisText(name, tick)) },
    ],
    series: [{}, { stroke: colour('--accent'), width: 1.5, fill: `${colour('--accent')}22`, spanGaps: false, points: { show: false } }],
  };
}

/** Shows zero when the values come near it, and never a range of nothing. */
function paddedRange(low: number | null, high: number | null): [number, number] {
  const from = low ?? 0;
  const to = high ?? 1;
  const span = Math.max(to - from, Math.abs(to) * 0.02, 1);
  const bottom = from - span * 0.1;
  return [from >= 0 && bottom < span ? Math.max(Math.min(bottom, 0), 0) : bottom, to + span * 0.1];
}
