import dagre from '@dagrejs/dagre';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { useApp, useWords } from './app-context.ts';
import { type ChartModel, chartModelOf, isCurrent } from './chart-model.ts';
import { useFetched } from './fetched.ts';
import { NotFetched } from './not-fetched.tsx';

const NODE_HEIGHT = 30;
const MARGIN = 6;
/** Inside of the inspector, px. */
const PANEL_WIDTH = 330;
const LETTER_WIDTH = 6.9;
const HAN_WIDTH = 12.5;

interface Drawn {
  left: number;
  top: number;
  width: number;
  height: number;
  nodes: { name: string; word: string; x: number; y: number; width: number; hub: boolean }[];
  arrows: { path: string; title: string; from: string }[];
}

/** The chart of a machine, laid out in layers; the current state is lit, its ways out are stronger. */
export function MachineChart({ machine, state }: { machine: string; state: string }): VNode {
  const { api, language } = useApp();
  const words = useWords();
  const { value: chart, state: fetching, retry } = useFetched(machine, () => api.chart(machine));
  const wordsName = language.current.value;
  const drawn = useMemo(
    () => (chart === null ? null : layOut(chartModelOf(chart), (name) => language.codeWord(name), words.rule)),
    [chart, wordsName],
  );
  if (drawn === null) return <NotFetched state={fetching} retry={retry} tall />;
  if (drawn.nodes.length === 0) return <p class="nothing">{words.notAvailable}</p>;
  return (
    <div class="chart-scroll">
      <svg
        class="machine-chart"
        viewBox={`${drawn.left} ${drawn.top} ${drawn.width} ${drawn.height}`}
        style={{ aspectRatio: `${drawn.width} / ${drawn.height}`, maxWidth: `${drawn.width * 1.1}px` }}
        role="img"
        aria-label={`${machine}: ${language.codeWord(state)}`}
      >
        <defs>
          <marker id="arrow-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
            <path d="M0 0.5 L8 4 L0 7.5 z" />
          </marker>
        </defs>
        {drawn.arrows.map((arrow) => (
          <path key={arrow.title} d={arrow.path} class={isCurrent(arrow.from, state) ? 'arrow out' : 'arrow'} marker-end="url(#arrow-head)">
            <title>{arrow.title}</title>
          </path>
        ))}
        {drawn.nodes.map((node) => (
          <g
            key={node.name}
            class={`node${isCurrent(node.name, state) ? ' current' : ''}${node.hub ? ' hub' : ''}`}
            transform={`translate(${node.x - node.width / 2} ${node.y - NODE_HEIGHT / 2})`}
          >
            <title>{node.hub ? `${node.name}: ${words.hubState}` : node.name}</title>
            <rect width={node.width} height={NODE_HEIGHT} rx="6" />
            <text x={node.width / 2} y={NODE_HEIGHT / 2 + 4.2} text-anchor="middle">
              {node.word}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** Down or to the right, whichever needs less shrinking to fit into the panel. */
function layOut(model: ChartModel, wordOf: (name: string) => string, rule: (from: string, to: string, event: string) => string): Drawn {
  const down = layOutAlong('TB', model, wordOf, rule);
  if (down.width <= PANEL_WIDTH) return down;
  const right = layOutAlong('LR', model, wordOf, rule);
  return right.width < down.width ? right : down;
}

function layOutAlong(
  rankdir: 'TB' | 'LR',
  model: ChartModel,
  wordOf: (name: string) => string,
  rule: (from: string, to: string, event: string) => string,
): Drawn {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir, nodesep: rankdir === 'TB' ? 18 : 12, ranksep: rankdir === 'TB' ? 30 : 44, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const name of model.states) graph.setNode(name, { width: textWidth(wordOf(name)) + 24, height: NODE_HEIGHT });
  for (const { from, to } of model.arrows) graph.setEdge(from, to);
  dagre.layout(graph);
  const nodes = model.states.map((name) => {
    const { x = 0, y = 0, width = 0 } = graph.node(name);
    return { name, word: wordOf(name), x, y, width, hub: model.hubs.includes(name) };
  });
  const lines = model.arrows.map(({ from, to, event }) => {
    const { points = [] } = graph.edge(from, to) as { points?: { x: number; y: number }[] };
    return { from, points, title: rule(wordOf(from), wordOf(to), event) };
  });
  // Arrows that go back up may leave the box that holds the states.
  const xs = [
    ...nodes.flatMap(({ x, width }) => [x - width / 2, x + width / 2]),
    ...lines.flatMap(({ points }) => points.map(({ x }) => x)),
  ];
  const ys = nodes.flatMap(({ y }) => [y - NODE_HEIGHT / 2, y + NODE_HEIGHT / 2]);
  const left = Math.min(...xs) - MARGIN;
  const top = Math.min(...ys) - MARGIN;
  return {
    left,
    top,
    width: Math.max(...xs) + MARGIN - left,
    height: Math.max(...ys) + MARGIN - top,
    nodes,
    arrows: lines.map(({ from, points, title }) => ({ from, title, path: smoothPath(points) })),
  };
}

function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += (letter.codePointAt(0) ?? 0) > 0x2e7f ? HAN_WIDTH : LETTER_WIDTH;
  return width;
}

/** A line through the layout's points with rounded corners. */
function smoothPath(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let path = `M${round(first.x)} ${round(first.y)}`;
  for (let i = 0; i < rest.length - 1; i++) {
    const at = rest[i];
    const next = rest[i + 1];
    if (at === undefined || next === undefined) continue;
    const [x, y] = i === rest.length - 2 ? [next.x, next.y] : [(at.x + next.x) / 2, (at.y + next.y) / 2];
    path += ` Q${round(at.x)} ${round(at.y)} ${round(x)} ${round(y)}`;
  }
  const last = rest.at(-1);
  return rest.length === 1 && last !== undefined ? `${path} L${round(last.x)} ${round(last.y)}` : path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
