import dagre from '@dagrejs/dagre';
import type { ChartRegion } from './chart-model.ts';

export interface DrawnState {
  path: string;
  word: string;
  /** Upper left corner, px. */
  x: number;
  y: number;
  width: number;
  height: number;
  isHub: boolean;
  fromAny: string;
  isFrame: boolean;
}
export interface DrawnArrow {
  from: string;
  path: string;
  title: string;
}
/** A chart laid out; frames stand before what is in them. */
export interface DrawnChart {
  width: number;
  height: number;
  states: DrawnState[];
  arrows: DrawnArrow[];
}
export interface ChartWords {
  wordOf: (name: string) => string;
  rule: (from: string, to: string, event: string) => string;
}

export type Direction = 'TB' | 'LR';
const STATE_HEIGHT = 30;
const FRAME_HEAD = 24;
const FRAME_PADDING = 8;
const MARGIN = 6;
/** What the short arrow of "from any state" takes at the left of its state; between neighbours it has to be told from an arrow that joins them. */
const FROM_ANY_ROOM = 16;
const LETTER_WIDTH = 6.9;
const HAN_WIDTH = 12.5;

/** Down or to the right, whichever can be shown larger in a room of that size. @param heightPx infinite: one scrolls */
export function layOutFor(
  region: ChartRegion,
  words: ChartWords,
  { widthPx, heightPx }: { widthPx: number; heightPx: number },
): DrawnChart {
  const [down, right] = [layOut(region, words, 'TB'), layOut(region, words, 'LR')];
  const scaleOf = ({ width, height }: DrawnChart): number => Math.min(1, widthPx / width, heightPx / height);
  return scaleOf(right) > scaleOf(down) ? right : down;
}

/** In layers, frame by frame from the inside. */
export function layOut(region: ChartRegion, words: ChartWords, rankdir: Direction): DrawnChart {
  const graph = new dagre.graphlib.Graph();
  const beside = region.states.some(({ fromAny }) => fromAny !== '') ? 18 + FROM_ANY_ROOM : 18;
  graph.setGraph({ rankdir, nodesep: rankdir === 'TB' ? beside : 12, ranksep: rankdir === 'TB' ? 30 : 44, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  const insides = new Map<string, DrawnChart>();
  for (const { path, name, inside } of region.states) {
    const titleWidth = textWidth(words.wordOf(name)) + 24;
    if (inside === null) {
      graph.setNode(path, { width: titleWidth, height: STATE_HEIGHT });
      continue;
    }
    const drawn = layOut(inside, words, rankdir);
    insides.set(path, drawn);
    graph.setNode(path, {
      width: Math.max(titleWidth, drawn.width + 2 * FRAME_PADDING),
      height: drawn.height + FRAME_HEAD + FRAME_PADDING,
    });
  }
  const nameOf = new Map(region.states.map(({ path, name }) => [path, name]));
  const known = region.arrows.filter(({ from, to }) => nameOf.has(from) && nameOf.has(to));
  for (const { from, to } of known) graph.setEdge(from, to);
  dagre.layout(graph);
  const lines = known.map(({ from, to, event }) => {
    const { points = [] } = graph.edge(from, to) as { points?: { x: number; y: number }[] };
    return { from, points, title: words.rule(words.wordOf(nameOf.get(from) ?? from), words.wordOf(nameOf.get(to) ?? to), event) };
  });
  const boxes = region.states.map((state) => {
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(state.path);
    return { state, x: x - width / 2, y: y - height / 2, width, height };
  });
  return drawnFrom(boxes, lines, { insides, wordOf: words.wordOf });
}

type Box = { state: ChartRegion['states'][number]; x: number; y: number; width: number; height: number };
type Line = { from: string; points: readonly { x: number; y: number }[]; title: string };

/** Everything moved so that it begins in the corner: arrows that go back up may leave the boxes of the states. */
function drawnFrom(
  boxes: readonly Box[],
  lines: readonly Line[],
  { insides, wordOf }: { insides: ReadonlyMap<string, DrawnChart>; wordOf: (name: string) => string },
): DrawnChart {
  const leftOf = ({ x, state }: Box): number => (state.fromAny === '' ? x : x - FROM_ANY_ROOM);
  const xs = [...boxes.flatMap((box) => [leftOf(box), box.x + box.width]), ...lines.flatMap(({ points }) => points.map(({ x }) => x))];
  const ys = [...boxes.flatMap(({ y, height }) => [y, y + height]), ...lines.flatMap(({ points }) => points.map(({ y }) => y))];
  const left = Math.min(...xs) - MARGIN;
  const top = Math.min(...ys) - MARGIN;
  const states: DrawnState[] = [];
  const arrows: DrawnArrow[] = [];
  for (const { state, x, y, width, height } of boxes) {
    const inside = insides.get(state.path);
    const at = { x: x - left, y: y - top };
    states.push({
      path: state.path,
      word: wordOf(state.name),
      ...at,
      width,
      height,
      isHub: state.isHub,
      fromAny: state.fromAny,
      isFrame: inside !== undefined,
    });
    if (inside === undefined) continue;
    const shift = { x: at.x + (width - inside.width) / 2, y: at.y + FRAME_HEAD };
    states.push(...inside.states.map((inner) => ({ ...inner, x: inner.x + shift.x, y: inner.y + shift.y })));
    arrows.push(...inside.arrows.map((inner) => ({ ...inner, path: shifted(inner.path, shift) })));
  }
  arrows.push(
    ...lines.map(({ from, title, points }) => ({ from, title, path: smoothPath(points.map(({ x, y }) => ({ x: x - left, y: y - top }))) })),
  );
  return { width: Math.max(...xs) + MARGIN - left, height: Math.max(...ys) + MARGIN - top, states, arrows };
}

function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += (letter.codePointAt(0) ?? 0) > 0x2e7f ? HAN_WIDTH : LETTER_WIDTH;
  return width;
}

/** The numbers of a path are pairs of x and y. */
function shifted(path: string, by: { x: number; y: number }): string {
  let isX = false;
  return path.replaceAll(/-?\d+(?:\.\d+)?/g, (number) => {
    isX = !isX;
    return String(round(Number(number) + (isX ? by.x : by.y)));
  });
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
