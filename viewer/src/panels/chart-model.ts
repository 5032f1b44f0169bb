import type { MachineChart } from '../feed/api-client.ts';

/** What is drawn inside of one frame: states, and the arrows between them. */
export interface ChartRegion {
  states: ChartState[];
  arrows: ChartArrow[];
}

export interface ChartState {
  /** `HELD.waiting` */
  path: string;
  /** `waiting` */
  name: string;
  /** So many others lead to it, or it to so many, that their arrows would hide all else: not drawn. */
  isHub: boolean;
  /** What leads to it from whatever state, one event a line; empty: nothing does. */
  fromAny: string;
  /** Its regions run side by side: one state of each is current. */
  isParallel: boolean;
  /** null: nothing inside, or closed. */
  inside: ChartRegion | null;
}

export interface ChartArrow {
  from: string;
  to: string;
  /** What leads along it, one event a line. */
  event: string;
}

/** More arrows on one side than this make a hub, in a frame that has too many to be drawn. */
const HUB_ARROWS = 5;
const ARROWS_MAX = 16;
/** Stands for "from any state" in a list of transitions. */
const ANY_STATE = '*';

/**
 * Reads states and transitions as served; what cannot be read there is taken from the Mermaid text. An arrow between states of different
 * frames is drawn between those of their outermost common one.
 * @param isOpen whether one sees inside of a state
 */
export function chartTreeOf(chart: MachineChart, isOpen: (path: string) => boolean): ChartRegion {
  const fromText = chart.mermaid === undefined ? { states: [], arrows: [] } : parseMermaid(chart.mermaid);
  const served = readArrows(chart.transitions);
  const told = served.length > 0 ? served : fromText.arrows;
  const arrows = told.filter(({ from }) => from !== ANY_STATE);
  const fromAny = Map.groupBy(
    told.filter(({ from }) => from === ANY_STATE),
    ({ to }) => to,
  );
  const listed = readStates(chart.states);
  const paths = new Set(listed.length > 0 ? listed : fromText.states);
  for (const { from, to } of arrows) paths.add(from).add(to);
  for (const to of fromAny.keys()) paths.add(to);
  // What is added while one goes through a set is gone through as well.
  for (const path of paths) for (const outer of outerOf(path)) paths.add(outer);
  const parallel = new Set(readStates(chart.parallel));
  return regionOf('', { paths: [...paths], arrows: liftedBy(arrows, isOpen), fromAny, isOpen, parallel });
}

interface Read {
  paths: readonly string[];
  /** By the frame that they are drawn in. */
  arrows: ReadonlyMap<string, ChartArrow[]>;
  fromAny: ReadonlyMap<string, ChartArrow[]>;
  isOpen: (path: string) => boolean;
  parallel: ReadonlySet<string>;
}

function regionOf(frame: string, read: Read): ChartRegion {
  const own = read.paths.filter((path) => parentOf(path) === frame);
  const arrows = read.arrows.get(frame) ?? [];
  const hubs = new Set(
    arrows.length > ARROWS_MAX ? own.filter((path) => inDegree(path, arrows) > HUB_ARROWS || outDegree(path, arrows) > HUB_ARROWS) : [],
  );
  return {
    states: own.map((path) => ({
      path,
      name: path.slice(frame === '' ? 0 : frame.length + 1),
      isHub: hubs.has(path),
      fromAny: [...new Set(read.fromAny.get(path)?.map(({ event }) => event))].join('\n'),
      isParallel: read.parallel.has(path),
      inside: read.isOpen(path) && read.paths.some((inner) => parentOf(inner) === path) ? regionOf(path, read) : null,
    })),
    arrows: arrows.filter(
      ({ from, to }) => !(hubs.has(to) && inDegree(to, arrows) > HUB_ARROWS) && !(hubs.has(from) && outDegree(from, arrows) > HUB_ARROWS),
    ),
  };
}

/** One arrow per pair of states and frame; its events one below the other. What stays inside of one state changes nothing one sees. */
function liftedBy(arrows: readonly ChartArrow[], isOpen: (path: string) => boolean): Map<string, ChartArrow[]> {
  const merged = new Map<string, { frame: string; from: string; to: string; events: Set<string> }>();
  for (const { from, to, event } of arrows) {
    const [a, b] = [from.split('.'), to.split('.')];
    let depth = 0;
    while (depth < a.length - 1 && depth < b.length - 1 && a[depth] === b[depth] && isOpen(a.slice(0, depth + 1).join('.'))) depth++;
    if (a[depth] === b[depth]) continue;
    const [ends, frame] = [[a, b].map((path) => path.slice(0, depth + 1).join('.')), a.slice(0, depth).join('.')];
    const [start = '', end = ''] = ends;
    const key = `${start} ${end}`;
    const known = merged.get(key) ?? { frame, from: start, to: end, events: new Set<string>() };
    if (event !== '') known.events.add(event);
    merged.set(key, known);
  }
  const byFrame = new Map<string, ChartArrow[]>();
  for (const { frame, from, to, events } of merged.values()) {
    byFrame.set(frame, [...(byFrame.get(frame) ?? []), { from, to, event: [...events].join('\n') }]);
  }
  return byFrame;
}

/** `stateDiagram-v2` lines: `a --> b: event`, `[*] --> a`. */
export function parseMermaid(text: string): { states: string[]; arrows: ChartArrow[] } {
  const states = new Set<string>();
  const arrows: ChartArrow[] = [];
  for (const line of text.split('\n')) {
    const arrow = /^\s*(\[\*\]|[\w.-]+)\s*-->\s*(\[\*\]|[\w.-]+)\s*(?::\s*(.*?)\s*)?$/.exec(line);
    if (arrow === null) {
      const named = /^\s*(?:state\s+)?([A-Za-z][\w.-]*)\s*$/.exec(line);
      if (named?.[1] !== undefined && !/^(stateDiagram|direction|end|note|classDef)/.test(named[1])) states.add(named[1]);
      continue;
    }
    const [, from = '', to = '', event = ''] = arrow;
    if (from === '[*]') states.add(to);
    else if (to === '[*]') states.add(from);
    else {
      states.add(from).add(to);
      arrows.push({ from, to, event });
    }
  }
  return { states: [...states], arrows };
}

/** The paths of the states that an actor is in: `a.x|b.y` has one for each region. */
export function currentPaths(current: string): string[] {
  const [first = '', ...others] = current.split('|');
  // Regions of an inner state are told from there on.
  const frames = outerOf(first);
  return [first, ...others.flatMap((other) => [other, ...frames.map((frame) => `${frame}.${other}`)])];
}

/** Is `state` a current one, or does it enclose one? Whatever the case: reports and machines write them differently. */
export function isCurrent(state: string, current: string): boolean {
  const wanted = state.toLowerCase();
  return currentPaths(current.toLowerCase()).some((path) => path === wanted || path.startsWith(`${wanted}.`));
}

function outerOf(path: string): string[] {
  const names = path.split('.');
  return names.slice(0, -1).map((_, index) => names.slice(0, index + 1).join('.'));
}

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('.'), 0));
const inDegree = (path: string, arrows: readonly ChartArrow[]): number => arrows.filter(({ to }) => to === path).length;
const outDegree = (path: string, arrows: readonly ChartArrow[]): number => arrows.filter(({ from }) => from === path).length;

function readStates(value: unknown): string[] {
  const entries: unknown[] = Array.isArray(value) ? value : isRecord(value) ? Object.keys(value) : [];
  return entries.flatMap((entry) => {
    if (typeof entry === 'string') return [entry];
    const name = isRecord(entry) ? (entry['id'] ?? entry['name'] ?? entry['key']) : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}

function readArrows(value: unknown): ChartArrow[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    if (!isRecord(entry)) return [];
    const from = entry['from'] ?? entry['source'];
    const to = entry['to'] ?? entry['target'];
    const event = entry['event'] ?? entry['on'] ?? entry['label'] ?? entry['type'] ?? '';
    return typeof from === 'string' && typeof to === 'string' ? [{ from, to, event: typeof event === 'string' ? event : '' }] : [];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
