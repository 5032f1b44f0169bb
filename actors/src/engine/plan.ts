import type { Operation } from './action.ts';
import type { Configuration } from './configuration.ts';
import type { Expression, Seen } from './engine-event.ts';
import type { Deed, Microstep } from './microstep.ts';
import type { StateNode } from './state-tree.ts';
import type { Transition } from './transition.ts';

/** What one microstep does: a flat list, and where it leads. */
export interface Plan {
  readonly operations: readonly Operation[];
  readonly next: Configuration;
  /** Other states are active afterwards. */
  readonly moved: boolean;
  readonly done: boolean;
}

/** What entering, leaving and beginning a state does. */
export interface NodeOperations {
  readonly entry: readonly Operation[];
  readonly exit: readonly Operation[];
  readonly initial: readonly Operation[];
}

export function operationsOf(
  { deeds }: Microstep<Transition>,
  of: { root: StateNode; node: (node: StateNode) => NodeOperations },
): Operation[] {
  return deeds.flatMap((deed: Deed<Transition>): readonly Operation[] => {
    switch (deed.kind) {
      case 'exit':
        return of.node(deed.node).exit;
      case 'enter':
        return of.node(deed.node).entry;
      case 'begin':
        return of.node(deed.node).initial;
      case 'take':
        return deed.transition.operations;
      case 'stateDone':
        return [stateDone(deed.node, deed.final)];
      case 'machineDone':
        return [machineDone(of.root, deed.by)];
    }
  });
}

const outputOf = (mapper: unknown, seen: Seen): unknown => (typeof mapper === 'function' ? (mapper as Expression)(seen) : mapper);
const doneEvent = (node: StateNode, output: unknown) => ({ type: `xstate.done.state.${node.id}`, output });

function stateDone(node: StateNode, final: StateNode | null): Operation {
  return (running) => {
    const { context, event } = running;
    running.raise(doneEvent(node, final ? outputOf(final.output, { context, event }) : undefined));
  };
}

/** The output of a whole machine is computed as XState does it, and handed to nobody: an actor tells its end by what it emits. */
function machineDone(root: StateNode, by: StateNode): Operation {
  return ({ context, event }) => {
    if (root.output === undefined) return;
    const output = by.parent ? outputOf(by.output, { context, event }) : undefined;
    outputOf(root.output, { context, event: doneEvent(by, output) });
  };
}
