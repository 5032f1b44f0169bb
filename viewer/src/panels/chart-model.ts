import type { MachineChart } from '../feed/api-client.ts';

/** A machine's chart reduced to what is drawn. */
export interface ChartModel {
  states: string[];
  initial: string | null;
  arrows: { from: string; to: string; event: string }[];
  /** States that so many others lead to (or that lead to so many) that their arrows would hide all else: not drawn. */
  hubs: string[];
}

/** More arrows on one side than this make a hub, in a chart that has too many to be drawn. */
const HUB_ARROWS = 5;
const ARROWS_MAX = 16;
/** Stands for "from any state" in a list of transitions. */
const ANY_STATE = '*';

/** Reads states and transitions as served; what cannot be read there is taken from the Mermaid text. */
export function chartModelOf(chart: MachineChart): ChartModel {
  const fromText =
    chart.mermaid === undefined ? { states: [], initial: null, arrows: [] as ChartModel['arrows'] } : parseMermaid(chart.mermaid);
  const arrows = readArrows(chart.transitions);
  const states = readStates(chart.states);
  const usedArrows = arrows.length > 0 ? arrows : fromText.arrows;
  const names = new Set((states.length > 0 ? states : fromText.states).map(outermost));
  const merged = merge(usedArrows.map(({ from, to, event }) => ({ from: outermost(from), to: outermost(to), event })));
  for (const { from, to } of merged) names.add(from).add(to);
  names.delete(ANY_STATE);
  const drawn = merged.filter(({ from }) => from !== ANY_STATE);
  const hubs = new Set(drawn.length > ARROWS_MAX ? [...names].filter((name) => isHub(name, drawn)) : []);
  return {
    states: [...names],
    initial: fromText.initial === null ? null : outermost(fromText.initial),
    arrows: drawn.filter(
      ({ from, to }) => !(hubs.has(to) && inDegree(to, drawn) > HUB_ARROWS) && !(hubs.has(from) && outDegree(from, drawn) > HUB_ARROWS),
    ),
    hubs: [...hubs],
  };
}

/** `stateDiagram-v2` lines: `a --> b: event`, `[*] --> a`, `state "x" as y`. */
export function parseMermaid(text: string): Omit<ChartModel, 'hubs'> {
  const states = new Set<string>();
  const arrows: ChartModel['arrows'] = [];
  let initial: string | null = null;
  for (const line of text.split('\n')) {
    const arrow = /^\s*(\[\*\]|[\w.-]+)\s*-->\s*(\[\*\]|[\w.-]+)\s*(?::\s*(.*?)\s*)?$/.exec(line);
    if (arrow === null) {
      const named = /^\s*(?:state\s+)?([A-Za-z][\w.-]*)\s*$/.exec(line);
      if (named?.[1] !== undefined && !/^(stateDiagram|direction|end|note|classDef)/.test(named[1])) states.add(named[1]);
      continue;
    }
    const [, from = '', to = '', event = ''] = arrow;
    if (from === '[*]') {
      initial ??= to;
      states.add(to);
    } else if (to === '[*]') states.add(from);
    else {
      states.add(from);
      states.add(to);
      arrows.push({ from, to, event });
    }
  }
  return { states: [...states], initial, arrows };
}

function readStates(value: unknown): string[] {
  const entries: unknown[] = Array.isArray(value) ? value : isRecord(value) ? Object.keys(value) : [];
  return entries.flatMap((entry) => {
    if (typeof entry === 'string') return [entry];
    const name = isRecord(entry) ? (entry['id'] ?? entry['name'] ?? entry['key']) : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}

function readArrows(value: unknown): ChartModel['arrows'] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    if (!isRecord(entry)) return [];
    const from = entry['from'] ?? entry['source'];
    const to = entry['to'] ?? entry['target'];
    const event = entry['event'] ?? entry['on'] ?? entry['label'] ?? entry['type'] ?? '';
    return typeof from === 'string' && typeof to === 'string' ? [{ from, to, event: typeof event === 'string' ? event : '' }] : [];
  });
}

/** One arrow per pair of states; its events one below the other. Self-loops are left out: they change nothing one sees. */
function merge(arrows: ChartModel['arrows']): ChartModel['arrows'] {
  const merged = new Map<string, { from: string; to: string; events: Set<string> }>();
  for (const { from, to, event } of arrows) {
    if (from === to) continue;
    const key = `${from} ${to}`;
    const known = merged.get(key) ?? { from, to, events: new Set<string>() };
    if (event !== '') known.events.add(event);
    merged.set(key, known);
  }
  return [...merged.values()].map(({ from, to, events }) => ({ from, to, event: [...events].join('\n') }));
}

/** `HELD.waiting` is drawn as `HELD`: what goes on inside is told by the current state's own name. */
function outermost(state: string): string {
  return state.split('.')[0] ?? state;
}

const inDegree = (name: string, arrows: ChartModel['arrows']): number => arrows.filter(({ to }) => to === name).length;
const outDegree = (name: string, arrows: ChartModel['arrows']): number => arrows.filter(({ from }) => from === name).length;

function isHub(name: string, arrows: ChartModel['arrows']): boolean {
  return inDegree(name, arrows) > HUB_ARROWS || outDegree(name, arrows) > HUB_ARROWS;
}

/** Is `state` the current one or does it enclose it? The current value may be nested: `serving.swapping`. */
export function isCurrent(state: string, current: string): boolean {
  const [a, b] = [state.toLowerCase(), current.toLowerCase()];
  return a === b || b.startsWith(`${a}.`) || b.endsWith(`.${a}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
