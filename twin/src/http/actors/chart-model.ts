import { mermaidOf } from '@corridor/actors/chart/mermaid';
import { emptySurroundings } from '@corridor/actors/network/empty-surroundings';
import type { EntityKind } from '@corridor/actors/network/entity-ref';
import { machinesOf } from '@corridor/actors/network/machine-catalogue';
import type { AnyStateNode } from 'xstate';

/** A machine as it runs: its diagram, its states by path, and what leads from one to another. */
export interface Chart {
  readonly machine: string;
  readonly mermaid: string;
  readonly states: string[];
  /** Of them, those whose regions run side by side. */
  readonly parallel: string[];
  readonly transitions: { from: string; to: string; event: string }[];
}

const machines = machinesOf(emptySurroundings);
const charts = new Map<EntityKind, Chart>();

export function chartOf(kind: EntityKind): Chart {
  const known = charts.get(kind);
  if (known) return known;
  const machine = machines[kind];
  const nodes = descendants(machine.root);
  const chart: Chart = {
    machine: kind,
    mermaid: mermaidOf(machine),
    states: nodes.map(pathOf),
    parallel: nodes.filter(({ type }) => type === 'parallel').map(pathOf),
    transitions: [machine.root, ...nodes].flatMap(arrowsOf),
  };
  charts.set(kind, chart);
  return chart;
}

const pathOf = (node: AnyStateNode): string => node.path.join('.');
const descendants = (node: AnyStateNode): AnyStateNode[] => Object.values(node.states).flatMap((child) => [child, ...descendants(child)]);

function arrowsOf(node: AnyStateNode): { from: string; to: string; event: string }[] {
  const from = node.path.length === 0 ? '*' : pathOf(node);
  return [...node.transitions.values()]
    .flat()
    .concat(node.always ?? [])
    .flatMap((transition) =>
      (transition.target ?? []).map((target: AnyStateNode) => ({ from, to: pathOf(target), event: eventName(transition.eventType) })),
    );
}

/** XState's own names of delays and of "always" say little to people. */
function eventName(eventType: string): string {
  if (eventType === '') return 'always';
  const delay = /^xstate\.after\.([^.]+)/.exec(eventType);
  return delay ? `after ${delay[1]}` : eventType;
}
