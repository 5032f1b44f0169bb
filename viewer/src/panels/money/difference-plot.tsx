import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { yuan } from '../../format/money.ts';
import { useApp, useWords } from '../app-context.ts';

export interface DifferenceBar {
  name: string;
  /** Signed. */
  fen: string;
}

const ROW_PX = 26;
const AXIS_PX = 34;
const NAME_WIDTH_MAX_PX = 190;
const FEN_PER_YUAN = 100;
/** uPlot's turned directions: values to the right, rows downwards. */
const HORIZONTAL = 0;
const VERTICAL = 1;
const DOWN = -1;

/** Bars from zero: to the right what is gained, to the left what is lost; the table under it says the same to the fen. */
export function DifferencePlot({ bars }: { bars: readonly DifferenceBar[] }): VNode {
  const { theme } = useApp();
  const words = useWords();
  const box = useRef<HTMLDivElement>(null);
  const themeName = theme.theme.value;
  const key = JSON.stringify(bars);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const draw = (): uPlot => new uPlot(optionsOf(bars, element.clientWidth, getComputedStyle(element)), dataOf(bars), element);
    let plot = draw();
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === plot.width) return;
      plot.destroy();
      plot = draw();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [key, themeName]);
  return <div ref={box} class="difference-plot" role="img" aria-label={words.money.difference} />;
}

/** Rows by number; gains and losses are two series, so that each has its colour. Yuan: a plot needs no fen. */
function dataOf(bars: readonly DifferenceBar[]): uPlot.AlignedData {
  const yuanOf = bars.map(({ fen }) => Number(fen) / FEN_PER_YUAN);
  return [bars.map((_, i) => i), yuanOf.map((value) => Math.max(value, 0)), yuanOf.map((value) => Math.min(value, 0))];
}

function optionsOf(bars: readonly DifferenceBar[], width: number, style: CSSStyleDeclaration): uPlot.Options {
  const colour = (token: string): string => style.getPropertyValue(token).trim();
  const paths = uPlot.paths.bars?.({ size: [0.6, ROW_PX * 0.6] });
  const axis: uPlot.Axis = {
    stroke: colour('--muted'),
    font: '11px "Inter Variable", "Noto Sans SC", sans-serif',
    ticks: { show: false },
    grid: { stroke: colour('--line'), width: 1 },
  };
  const bar = (token: string): uPlot.Series => ({
    fill: colour(token),
    stroke: colour(token),
    width: 0,
    points: { show: false },
    ...(paths === undefined ? {} : { paths }),
  });
  return {
    width,
    height: bars.length * ROW_PX + AXIS_PX,
    legend: { show: false },
    cursor: { show: false },
    padding: [4, 24, 0, 0],
    scales: {
      x: { time: false, ori: VERTICAL, dir: DOWN, range: [-0.5, bars.length - 0.5] },
      y: { ori: HORIZONTAL, range: (_plot, low, high) => rangeOf(low, high) },
    },
    axes: [
      {
        ...axis,
        side: 3,
        size: Math.min(NAME_WIDTH_MAX_PX, width * 0.4),
        grid: { show: false },
        splits: () => bars.map((_, i) => i),
        values: (_plot, splits) => splits.map((i) => shortened(bars[i]?.name ?? '', width)),
      },
      {
        ...axis,
        side: 2,
        size: AXIS_PX - 8,
        space: 90,
        values: (_plot, splits) => splits.map((value) => yuan(String(Math.round(value * FEN_PER_YUAN)))),
      },
    ],
    series: [{}, bar('--energy-fill'), bar('--wait-fill')],
    hooks: { draw: [(plot) => drawZero(plot, colour('--text'))] },
  };
}

/** A name that would leave its axis ends in dots; the table has it whole. */
function shortened(name: string, width: number): string {
  const most = width < 500 ? 16 : 28;
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}

/** Zero is always shown, and nothing is not a range. */
function rangeOf(low: number | null, high: number | null): [number, number] {
  const [from, to] = [Math.min(low ?? 0, 0), Math.max(high ?? 0, 0)];
  return from === to ? [-1, 1] : [from * 1.05, to * 1.05];
}

function drawZero(plot: uPlot, colour: string): void {
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(0, 'y', true));
  ctx.save();
  ctx.fillStyle = colour;
  ctx.fillRect(x, bbox.top, Math.max(1, uPlot.pxRatio), bbox.height);
  ctx.restore();
}
