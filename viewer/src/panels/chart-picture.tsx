import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { MachineChart as ServedChart } from '../feed/api-client.ts';
import { useApp, useWords } from './app-context.ts';
import { type DrawnChart, type DrawnState, layOutFor } from './chart-layout.ts';
import { chartTreeOf, isCurrent } from './chart-model.ts';
import { useStateWord } from './state-word.ts';

/** @param key what else decides which states are open */
export function useDrawn(
  chart: ServedChart | null,
  isOpen: (path: string) => boolean,
  room: { widthPx: number; heightPx: number },
  key: string,
): DrawnChart | null {
  const { language } = useApp();
  const words = useWords();
  const wordOf = useStateWord();
  const wordsName = language.current.value;
  return useMemo(
    () => (chart === null ? null : layOutFor(chartTreeOf(chart, isOpen), { wordOf, rule: words.rule }, room)),
    [chart, wordsName, key, room.widthPx, room.heightPx],
  );
}

export function ChartPicture({
  drawn,
  machine,
  state,
  widthPx,
}: {
  drawn: DrawnChart;
  machine: string;
  state: string;
  widthPx: number;
}): VNode {
  const words = useWords();
  const wordOf = useStateWord();
  return (
    <svg
      class="machine-chart"
      viewBox={`0 0 ${drawn.width} ${drawn.height}`}
      style={{ maxWidth: `${widthPx}px`, minWidth: `${Math.min(widthPx, drawn.width * 0.55)}px` }}
      role="img"
      aria-label={`${words.chart.machine[machine] ?? machine}: ${wordOf(state)}`}
    >
      <defs>
        <marker id="arrow-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
          <path d="M0 0.5 L8 4 L0 7.5 z" />
        </marker>
      </defs>
      {drawn.states
        .filter(({ isFrame }) => isFrame)
        .map((frame) => (
          <g
            key={frame.path}
            class={`frame${isCurrent(frame.path, state) ? ' around' : ''}`}
            transform={`translate(${frame.x} ${frame.y})`}
          >
            <rect width={frame.width} height={frame.height} rx="8" />
            <text x={10} y={16}>
              {frame.word}
            </text>
          </g>
        ))}
      {drawn.arrows.map((arrow) => (
        <path
          key={`${arrow.title}${arrow.path}`}
          d={arrow.path}
          class={isCurrent(arrow.from, state) ? 'arrow out' : 'arrow'}
          marker-end="url(#arrow-head)"
        >
          <title>{arrow.title}</title>
        </path>
      ))}
      {drawn.states
        .filter(({ isFrame }) => !isFrame)
        .map((node) => (
          <StateBox key={node.path} node={node} state={state} />
        ))}
    </svg>
  );
}

/** One state: lit when it is the current one, with what leads to it from any other. */
function StateBox({ node, state }: { node: DrawnState; state: string }): VNode {
  const words = useWords();
  const titleOf = ({ path, isHub, fromAny }: DrawnState): string =>
    [path, isHub ? words.hubState : '', fromAny === '' ? '' : `${words.chart.fromAny}: ${fromAny}`]
      .filter((part) => part !== '')
      .join('\n');
  return (
    <g
      class={`node${isCurrent(node.path, state) ? ' current' : ''}${node.isHub ? ' hub' : ''}`}
      transform={`translate(${node.x} ${node.y})`}
      data-state={node.path}
    >
      <title>{titleOf(node)}</title>
      {node.fromAny !== '' && <path class="arrow" d={`M-13 ${node.height / 2} L-1 ${node.height / 2}`} marker-end="url(#arrow-head)" />}
      <rect width={node.width} height={node.height} rx="6" />
      <text x={node.width / 2} y={node.height / 2 + 4.2} text-anchor="middle">
        {node.word}
      </text>
    </g>
  );
}
