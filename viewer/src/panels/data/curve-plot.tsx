import type { Curves } from '@corridor/protocols/http/equipment';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Quantity } from '../../format/quantity.ts';
import { clockTime, day } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { Figure } from '../figures.tsx';
import { extentOf, plotColumns } from './curve-columns.ts';

const HEIGHT_PX = 112;
const FLAG_PX = 4;

export interface CurvePlotProps {
  curves: Curves;
  field: string;
  label: string;
  set: (value: number | null) => Quantity;
  fromMs: number;
  untilMs: number;
}

/** One field over time: mean as a line, least and greatest as a band, gaps hatched, flagged times marked at the foot. */
export function CurvePlot({ curves, field, label, set, fromMs, untilMs }: CurvePlotProps): VNode | null {
  const { theme } = useApp();
  const words = useWords();
  const box = useRef<HTMLDivElement>(null);
  const themeName = theme.theme.value;
  const columns = plotColumns(curves, field);
  const extent = extentOf(columns);
  useEffect(() => {
    const element = box.current;
    if (element === null || extent === null) return undefined;
    const look = lookOf(getComputedStyle(element));
    const plot = new uPlot(optionsOf({ curves, set, fromMs, untilMs, look, widthPx: element.clientWidth }), columns, element);
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [curves, field, themeName]);
  if (extent === null) return null;
  const text = (value: number): string => `${set(value).figure} ${set(value).unit}`;
  return (
    <figure class="curve" data-curve={field}>
      <figcaption>
        <b>{label}</b>
        <small>{words.data.range(text(extent.low), text(extent.high))}</small>
        <Figure of={set(extent.last)} />
      </figcaption>
      <div ref={box} class="plot" role="img" aria-label={`${label}: ${words.data.range(text(extent.low), text(extent.high))}`} />
    </figure>
  );
}

interface Look {
  readonly line: string;
  readonly grid: string;
  readonly muted: string;
  readonly flag: string;
}
function lookOf(style: CSSStyleDeclaration): Look {
  const colour = (token: string): string => style.getPropertyValue(token).trim();
  return { line: colour('--accent'), grid: colour('--line'), muted: colour('--muted'), flag: colour('--wait-fill') };
}

function optionsOf(of: {
  curves: Curves;
  set: CurvePlotProps['set'];
  fromMs: number;
  untilMs: number;
  look: Look;
  widthPx: number;
}): uPlot.Options {
  const { curves, set, fromMs, untilMs, look, widthPx } = of;
  const axis: uPlot.Axis = {
    stroke: look.muted,
    font: '11px "Inter Variable", sans-serif',
    grid: { stroke: look.grid, width: 1 },
    ticks: { show: false },
  };
  const isLong = untilMs - fromMs > 30 * 3_600_000;
  const edge: uPlot.Series = { stroke: 'transparent', points: { show: false }, spanGaps: false };
  return {
    width: widthPx,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { y: false, sync: { key: 'data-console' } },
    padding: [6, 6, 0, 0],
    scales: { x: { time: true, range: [fromMs / 1_000, untilMs / 1_000] }, y: { range: (_plot, low, high) => padded(low, high) } },
    axes: [
      {
        ...axis,
        size: 24,
        space: 64,
        values: (_plot, ticks) => ticks.map((tick) => (isLong ? day(tick * 1_000).slice(5) : clockTime(tick * 1_000).slice(0, 5))),
      },
      { ...axis, size: 62, space: 26, values: (_plot, ticks) => ticks.map((tick) => `${set(tick).figure} ${set(tick).unit}`.trim()) },
    ],
    series: [{}, { stroke: look.line, width: 1.5, points: { show: false }, spanGaps: false }, edge, edge],
    bands: [{ series: [3, 2], fill: `${look.line}2a` }],
    hooks: { drawClear: [(plot) => drawGaps(plot, curves, look)], draw: [(plot) => drawFlags(plot, curves, look)] },
  };
}

/** Never a range of nothing. */
function padded(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const span = Math.max(high - low, Math.abs(high) * 0.02, 0.5);
  return [low - span * 0.08, high + span * 0.08];
}

/** Part of the plot between two times, device pixels; null: it lies outside. */
function partOf(plot: uPlot, { from, until }: { from: string; until: string }): { leftPx: number; widthPx: number } | null {
  const { left, width } = plot.bbox;
  const clamped = (at: string) => Math.min(Math.max(plot.valToPos(Date.parse(at) / 1_000, 'x', true), left), left + width);
  const [leftPx, rightPx] = [clamped(from), clamped(until)];
  return rightPx <= leftPx ? null : { leftPx, widthPx: rightPx - leftPx };
}

function drawGaps(plot: uPlot, { gaps }: Curves, { grid }: Look): void {
  const { ctx } = plot;
  const { top, height } = plot.bbox;
  ctx.save();
  ctx.strokeStyle = grid;
  ctx.lineWidth = 2;
  for (const gap of gaps) {
    const part = partOf(plot, gap);
    if (part === null) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(part.leftPx, top, part.widthPx, height);
    ctx.clip();
    for (let x = part.leftPx - height; x < part.leftPx + part.widthPx; x += 10) {
      ctx.beginPath();
      ctx.moveTo(x, top + height);
      ctx.lineTo(x + height, top);
      ctx.stroke();
    }
    ctx.restore();
  }
  ctx.restore();
}

function drawFlags(plot: uPlot, { flags }: Curves, { flag: colour }: Look): void {
  const { ctx } = plot;
  const { top, height } = plot.bbox;
  const markPx = FLAG_PX * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = colour;
  for (const flag of flags) {
    const part = partOf(plot, flag);
    if (part !== null) ctx.fillRect(part.leftPx, top + height - markPx, Math.max(part.widthPx, markPx), markPx);
  }
  ctx.restore();
}
